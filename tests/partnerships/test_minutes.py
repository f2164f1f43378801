"""The minutes: written by several at once, sent in each one's channel, approved by those who were there."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.due import source_of
from partnerships.models import AgendaItem, Attendance, Meeting, Minutes, MinutesCopy, Notice, Reply
from partnerships.models.meeting import MinutesState
from partnerships.models.notice import Answer
from partnerships.selectors.lists import words_of
from partnerships.selectors.meeting import agreed_lines
from partnerships.services.editing import ChangedMeanwhile
from partnerships.services.minutes import (
    agenda_add,
    agenda_move,
    agenda_remove,
    agenda_write,
    attendance_note,
    minutes_answer,
    minutes_send,
)
from partnerships.services.notice import notices_derive
from partnerships.services.participant import participant_leave
from partnerships.services.reply import reply_give
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import AuditEvent
from tests.factories.codesign import AgendaItemFactory, MeetingFactory, ParticipantFactory
from tests.factories.partnerships import member
from tests.partnerships.meetings import Group, by_account, by_link, coming, make_group, own_meeting, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(town: Any) -> Group:
    return make_group(town)


@pytest.fixture
def held(group: Group) -> Meeting:
    return MeetingFactory.create(process=group.process, title="Første møte")


def note(meeting: Meeting, *came: Any) -> None:
    attendance_note(meeting=meeting, came=came, of=came, by=None)


def sent(group: Group, meeting: Meeting, *came: Any) -> Minutes:
    if not meeting.agenda.exists():
        AgendaItemFactory.create(meeting=meeting, agreed="Laget tar med nøkkel.")
    note(meeting, *(came or (group.asta, group.carl)))
    return minutes_send(meeting=meeting, by=group.coordinator.user)


def copy_of(minutes: Minutes, participant: Any) -> MinutesCopy:
    return MinutesCopy.objects.get(minutes=minutes, participant=participant, number=minutes.number)


# --- Two who write at once ------------------------------------------------------------------------------
def written(forms: Any) -> dict[str, str]:
    values = {field.html_name: field.value() for form in forms for field in form}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def page_data(client: Any, meeting: Meeting) -> dict[str, str]:
    """What the browser would send back untouched."""
    page = client.get(url("minutes_write", meeting))
    forms = [*page.context["item_forms"], page.context["new_form"]]
    data = written(forms)
    # Browsers send their own line ends.
    return {name: value.replace("\n", "\r\n") for name, value in data.items()}


def test_two_who_write_on_one_page_lose_nothing(group: Group, held: Meeting) -> None:
    one, two = (AgendaItemFactory.create(meeting=held, text=text) for text in ("Lokale", "Mat"))
    coordinator, asta = by_account(group.coordinator), by_link(group.asta)
    hers, mine = page_data(asta, held), page_data(coordinator, held)
    write = url("minutes_write", held)
    assert (
        asta.post(write, {**hers, f"sak{one.pk}-agreed": "Samfunnshuset.\r\nHver torsdag."}).status_code
        == 302
    )
    # Another item: both are saved, and what she did not touch is not in anybody's way.
    assert coordinator.post(write, {**mine, f"sak{two.pk}-agreed": "Vi koker suppe."}).status_code == 302
    assert [item.agreed for item in held.agenda.order_by("order")] == [
        "Samfunnshuset.\nHver torsdag.",
        "Vi koker suppe.",
    ]


def test_two_who_write_under_one_item_see_both(group: Group, held: Meeting) -> None:
    one, two = (AgendaItemFactory.create(meeting=held, text=text) for text in ("Lokale", "Mat"))
    coordinator, asta = by_account(group.coordinator), by_link(group.asta)
    hers, mine = page_data(asta, held), page_data(coordinator, held)
    write = url("minutes_write", held)
    asta.post(write, {**hers, f"sak{one.pk}-agreed": "Samfunnshuset"})
    both = {f"sak{one.pk}-agreed": "Biblioteket", f"sak{two.pk}-agreed": "Suppe", "ny-text": "Nøkkel"}
    answer = coordinator.post(write, {**mine, **both})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Samfunnshuset" in page
    assert "Biblioteket" in page
    assert "Ingenting er overskrevet" in page
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.agreed, two.agreed) == ("Samfunnshuset", "Suppe"), "what nobody else wrote on is saved"
    assert held.agenda.filter(text="Nøkkel").count() == 1
    forms = [*answer.context["item_forms"], answer.context["new_form"]]
    assert coordinator.post(write, written(forms)).status_code == 302
    one.refresh_from_db()
    assert one.agreed == "Biblioteket", "the next press is made knowing both"
    assert held.agenda.filter(text="Nøkkel").count() == 1


def test_words_under_an_item_somebody_took_away_are_kept(group: Group, held: Meeting) -> None:
    item = AgendaItemFactory.create(meeting=held, text="Lokale")
    client = by_account(group.coordinator)
    data = page_data(client, held)
    agenda_remove(item=item, by=None)
    assert (
        client.post(url("minutes_write", held), {**data, f"sak{item.pk}-agreed": "Salen"}).status_code == 302
    )
    kept = held.agenda.get()
    assert (kept.text, kept.agreed) == ("Lokale", "Salen")


def test_too_long_comes_back_with_every_word(group: Group, held: Meeting) -> None:
    item = AgendaItemFactory.create(meeting=held)
    client = by_account(group.coordinator)
    long = "ø" * 3001
    answer = client.post(
        url("minutes_write", held),
        {**page_data(client, held), f"sak{item.pk}-agreed": long, "ny-agreed": "Uten sak"},
    )
    assert answer.status_code == 200
    assert long in answer.content.decode()
    assert "Uten sak" in answer.content.decode()


def test_somebody_elses_item_is_not_written_on(group: Group, held: Meeting) -> None:
    """An item of another meeting, sent along by hand, becomes words in this one, and nothing there."""
    other = AgendaItemFactory.create(text="Andres", agreed="Andres")
    data = {
        f"sak{other.pk}-text": "Stjålet",
        f"sak{other.pk}-agreed": "x",
        f"sak{other.pk}-was": "x",
        f"sak{other.pk}-version": "0",
    }
    by_account(group.coordinator).post(url("minutes_write", held), data)
    other.refresh_from_db()
    assert (other.text, other.agreed) == ("Andres", "Andres")


def test_service_tells_the_second_of_the_first(held: Meeting) -> None:
    item = AgendaItemFactory.create(meeting=held)
    agenda_write(item=item, version=0, changes={"agreed": "Først"}, by=None)
    with pytest.raises(ChangedMeanwhile):
        agenda_write(item=item, version=0, changes={"agreed": "Sist"}, by=None)


# --- The agenda -----------------------------------------------------------------------------------------
def test_anybody_in_the_group_adds_to_the_agenda(group: Group, held: Meeting) -> None:
    by_link(group.asta).post(url("meeting_item_add", held), {"text": "Hvem låser?"})
    assert held.agenda.get().text == "Hvem låser?"
    refused = by_link(group.asta).post(url("meeting_item_add", held), {"text": ""})
    assert refused.status_code == 200


def test_items_move_and_go_unless_something_was_agreed(held: Meeting) -> None:
    one, two = (agenda_add(meeting=held, text=text, by=None) for text in ("Lokale", "Mat"))
    agenda_move(item=two, up=True, by=None)
    agenda_move(item=two, up=True, by=None)
    assert [item.text for item in held.agenda.order_by("order")] == ["Mat", "Lokale"]
    agenda_write(item=one, version=0, changes={"agreed": "Salen"}, by=None)
    with pytest.raises(StateChanged):
        agenda_remove(item=one, by=None)
    agenda_remove(item=two, by=None)
    assert AgendaItem.objects.get() == one


# --- Who came -------------------------------------------------------------------------------------------
def test_convener_ticks_those_who_came_and_each_may_say_so_herself(group: Group, held: Meeting) -> None:
    client = by_account(group.coordinator)
    client.post(url("meeting_attendance", held), {"there": [group.birk.pk, group.dina.pk]})
    by_link(group.asta).post(url("meeting_was_there", held), {"came": "1"})
    assert set(Attendance.objects.values_list("participant", flat=True)) == {
        group.birk.pk,
        group.dina.pk,
        group.asta.pk,
    }
    by_link(group.asta).post(url("meeting_was_there", held))
    assert Attendance.objects.count() == 2
    page = by_link(group.asta).get(url("meeting", held)).content.decode()
    assert "1 mottaker eller pårørende, 1 ansatt" in page


def test_names_are_for_those_who_may_know_them(group: Group, held: Meeting, town: Any) -> None:
    note(held, group.asta, group.birk, group.carl)
    page = by_link(group.asta).get(url("meeting", held)).content.decode()
    assert "Birk" in page
    assert "Birk Vik" not in page, "first names only"
    assert "Carl" not in page, "he has not said yes to be named"
    assert "Carl Lid" in by_account(group.coordinator).get(url("meeting", held)).content.decode()
    chief = by_account(member(town.municipality, Role.CHIEF)).get(url("meeting", held)).content.decode()
    assert not any(name in chief for name in ("Asta", "Birk", "Carl"))
    assert "3 var der" in chief


def test_nobody_was_at_what_has_not_been(group: Group) -> None:
    meeting = MeetingFactory.create(
        process=group.process, **dict(zip(("starts_at", "ends_at"), coming(), strict=True))
    )
    with pytest.raises(DomainError):
        note(meeting, group.asta)
    with pytest.raises(DomainError):
        note(MeetingFactory.create(process=group.process), ParticipantFactory.create())


# --- Sent and approved ----------------------------------------------------------------------------------
def test_minutes_go_to_everybody_and_are_asked_of_those_who_came(group: Group, held: Meeting) -> None:
    minutes = sent(group, held)
    notices_derive(timezone.localdate())
    notices = {notice.person_id: notice for notice in Notice.objects.filter(kind="minutes")}
    assert len(notices) == 4
    source = source_of("minutes")
    assert source is not None
    letter = words_of(notices[group.carl.person_id])
    assert letter is not None
    assert any("Laget tar med nøkkel" in line for line in letter.lines)
    assert letter.question == "Stemmer referatet?"
    absent = notices[group.dina.person_id]
    assert not source.words(absent, source.about(absent)).question
    assert minutes.state == MinutesState.SENT


def test_last_yes_approves_them_by_link_by_reply_and_on_behalf(group: Group, held: Meeting) -> None:
    minutes = sent(group, held, group.asta, group.birk, group.carl)
    by_link(group.asta).post(url("minutes_own_answer", held), {"answer": "yes"})
    notices_derive(timezone.localdate())
    notice = Notice.objects.get(kind="minutes", person=group.birk.person)
    Notice.objects.filter(pk=notice.pk).update(state="sent", done_at=timezone.now())
    notice.refresh_from_db()
    reply_give(notice=notice, answer=Answer.YES)
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.SENT
    page = url("minutes_answer_for", held, group.carl.pk)
    assert by_account(group.coordinator).post(page, {"answer": "yes"}).status_code == 302
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.APPROVED
    event = AuditEvent.objects.filter(verb="minutes_answered").exclude(on_behalf_of="").get()
    assert event.on_behalf_of == f"partnerships.person:{group.carl.person_id}"
    assert copy_of(minutes, group.carl).entered_by == group.coordinator.user


def test_objection_holds_them_back_and_names_nobody(group: Group, held: Meeting) -> None:
    minutes = sent(group, held)
    client = by_link(group.asta)
    assert client.post(url("minutes_own_answer", held), {"answer": "no"}).status_code == 200, "what, then?"
    client.post(url("minutes_own_answer", held), {"answer": "no", "objection": "Det var fredag <b>"})
    minutes_answer(copy=copy_of(minutes, group.carl), answer=Answer.YES, by=None)
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.SENT
    page = by_account(group.coordinator).get(url("minutes", held)).content.decode()
    assert "Det var fredag &lt;b&gt;" in page
    assert "Asta" not in page.partition("Noen vil ha det annerledes")[2].partition("</section>")[0]


def test_other_words_ask_again(group: Group, held: Meeting) -> None:
    minutes = sent(group, held)
    first = copy_of(minutes, group.asta)
    minutes_answer(copy=first, answer=Answer.YES, by=None)
    item = held.agenda.get()
    agenda_write(item=item, version=item.version, changes={"agreed": "Noe annet"}, by=None)
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.DRAFT
    with pytest.raises(StateChanged):
        minutes_answer(copy=copy_of(minutes, group.carl), answer=Answer.YES, by=None)
    again = minutes_send(meeting=held, by=None)
    assert again.number == 2
    with pytest.raises(StateChanged):
        minutes_answer(copy=first, answer=Answer.YES, by=None)
    notices_derive(timezone.localdate())
    assert Notice.objects.filter(kind="minutes", person=group.asta.person).count() == 1, (
        "the first never left"
    )


def test_who_has_left_is_waited_for_no_more(group: Group, held: Meeting) -> None:
    minutes = sent(group, held)
    participant_leave(participant=group.carl, by=None)
    minutes_answer(copy=copy_of(minutes, group.asta), answer=Answer.YES, by=None)
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.APPROVED


def test_last_one_awaited_leaves_and_the_others_yes_stands(group: Group, held: Meeting) -> None:
    minutes = sent(group, held)
    minutes_answer(copy=copy_of(minutes, group.asta), answer=Answer.YES, by=None)
    participant_leave(participant=group.carl, by=None)
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.APPROVED


def test_nobody_left_approves_nothing(group: Group, held: Meeting) -> None:
    minutes = sent(group, held)
    for hers in (group.asta, group.carl):
        participant_leave(participant=hers, by=None)
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.SENT


def test_approved_minutes_are_opened_again_by_who_arranges_only(group: Group, held: Meeting) -> None:
    """A yes of five is not undone by whoever comes by a month later."""
    minutes = sent(group, held, group.asta)
    write = url("minutes_write", held)
    assert by_link(group.asta).get(write).status_code == 200
    minutes_answer(copy=copy_of(minutes, group.asta), answer=Answer.YES, by=None)
    assert by_link(group.asta).get(write).status_code == 403
    assert write not in by_link(group.asta).get(url("minutes", held)).content.decode()
    assert by_account(group.coordinator).get(write).status_code == 200


def test_words_come_back_when_the_minutes_are_approved_while_they_are_written(
    group: Group, held: Meeting
) -> None:
    minutes = sent(group, held, group.asta)
    client, item = by_link(group.birk), held.agenda.get()
    data = {**page_data(client, held), f"sak{item.pk}-agreed": "Skrevet imens.", "ny-text": "Også dette"}
    minutes_answer(copy=copy_of(minutes, group.asta), answer=Answer.YES, by=None)
    answer = client.post(url("minutes_write", held), data)
    assert answer.status_code == 200
    for words in ("Skrevet imens.", "Også dette", "Referatet er godkjent."):
        assert words in answer.content.decode()
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.APPROVED
    assert [one.agreed for one in held.agenda.all()] == ["Laget tar med nøkkel."]


def test_words_that_were_said_yes_to_stand_while_others_are_written(group: Group, held: Meeting) -> None:
    minutes = sent(group, held, group.asta)
    minutes_answer(copy=copy_of(minutes, group.asta), answer=Answer.YES, by=None)
    item = held.agenda.get()
    agenda_write(item=item, version=item.version, changes={"agreed": "Noe annet."}, by=None)
    page = by_link(group.asta).get(url("minutes", held)).content.decode()
    assert "Slik ble det godkjent" in page
    assert "Laget tar med nøkkel." in page
    assert "Noe annet." in page
    minutes_send(meeting=held, by=None)
    minutes.refresh_from_db()
    minutes_answer(copy=copy_of(minutes, group.asta), answer=Answer.YES, by=None)
    page = by_link(group.asta).get(url("minutes", held)).content.decode()
    assert "Laget tar med nøkkel." not in page


def test_nothing_is_sent_before_there_is_something_to_say_and_somebody_to_ask(
    group: Group, held: Meeting
) -> None:
    with pytest.raises(DomainError):
        minutes_send(meeting=held, by=None)
    AgendaItemFactory.create(meeting=held, agreed="Ja")
    with pytest.raises(DomainError):
        minutes_send(meeting=held, by=None)
    note(held, group.asta)
    minutes_send(meeting=held, by=None)
    with pytest.raises(StateChanged):
        minutes_send(meeting=held, by=None)


def test_only_who_was_there_is_asked(group: Group, held: Meeting) -> None:
    minutes = sent(group, held)
    assert (
        by_account(group.birk.person).post(url("minutes_own_answer", held), {"answer": "yes"}).status_code
        == 403
    )
    with pytest.raises(StateChanged):
        minutes_answer(copy=copy_of(minutes, group.birk), answer=Answer.YES, by=None)


# --- As they are read -----------------------------------------------------------------------------------
def test_hints_are_for_those_who_write_and_leave_nothing_out(group: Group, held: Meeting) -> None:
    AgendaItemFactory.create(meeting=held, agreed="Brukerne skal ha nøkkel.")
    page = by_account(group.coordinator).get(url("minutes", held)).content.decode()
    assert "Språkråd" in page
    assert "Brukerne skal ha nøkkel." in page
    sent(group, held)
    assert "Språkråd" not in by_account(group.coordinator).get(url("minutes", held)).content.decode()


def test_large_print_and_reading_aloud_are_offered(group: Group, held: Meeting) -> None:
    page = by_link(group.asta).get(url("minutes", held) + "?stor=1").content.decode()
    assert 'data-size="lg"' in page
    assert "read_aloud.js" in page
    assert 'hidden data-read-aloud="minutes-text"' in page, "without script there is no dead button"


def test_held_is_counted_without_what_the_citizens_keep(group: Group, held: Meeting) -> None:
    own = own_meeting(group)
    MeetingFactory.create(process=group.process, state="cancelled")
    assert Meeting.objects.for_everybody().held().get() == held
    Meeting.objects.filter(pk=own.pk).update(shared_at=timezone.now())
    assert Meeting.objects.for_everybody().held().count() == 2


def test_list_shows_what_comes_and_what_has_been(group: Group, held: Meeting) -> None:
    page = by_account(group.coordinator).get(reverse("meetings", args=[group.process.pk])).content.decode()
    assert "Har vært" in page
    assert "Holdt, uten referat" in page
    assert not Reply.objects.exists()


def test_trace_says_a_participant_and_never_the_portal(group: Group, held: Meeting) -> None:
    by_link(group.asta).post(url("meeting_item_add", held), {"text": "Hvem låser?"})
    page = by_account(group.coordinator).get(url("meeting", held)).content.decode()
    assert "En deltaker la til en sak" in page
    assert "ortalen la til" not in page


def test_trace_names_nobody_for_being_in_the_group(group: Group, held: Meeting, town: Any) -> None:
    """Who answers by her account, and whom somebody answers for: a chief reads that it was done."""
    sent(group, held, group.birk, group.carl)
    assert (
        by_account(group.birk.person).post(url("minutes_own_answer", held), {"answer": "yes"}).status_code
        == 302
    )
    page = url("minutes_answer_for", held, group.carl.pk)
    assert by_account(group.coordinator).post(page, {"answer": "yes"}).status_code == 302
    chief = by_account(member(town.municipality, Role.CHIEF))
    for client in (chief, by_account(group.coordinator)):
        for trace in (reverse("object_history", args=["mote", held.pk]), reverse("history")):
            told = client.get(trace).content.decode()
            assert "En deltaker svarte på om referatet stemmer" in told
            assert "Birk" not in told
            assert "på vegne av" not in told
        # Nor by asking for what somebody did.
        found = client.get(reverse("history"), {"who": group.birk.person_id}).content.decode()
        assert "Birk" not in found


def test_question_for_an_item_stands_without_a_colon(held: Meeting) -> None:
    for text in ("Hvem tar imot?", "Nøkkel"):
        AgendaItemFactory.create(meeting=held, text=text, agreed="Laget.")
    assert agreed_lines(held) == ["Hvem tar imot? Laget.", "Nøkkel: Laget."]
