"""Meetings: a day is found, everybody is told once, and a move keeps the clock on the wall."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import formats, timezone

from partnerships.due import source_of
from partnerships.models import Adaptation, Meeting, MeetingCall, MeetingSlot, Notice, SlotAnswer
from partnerships.models.codesign import ProcessState
from partnerships.models.meeting import CallKind, MeetingState, SlotChoice
from partnerships.parts.meeting import RULE
from partnerships.services.calendar_feed import calendar_feed_make
from partnerships.services.editing import ChangedMeanwhile
from partnerships.services.letter import letter_of
from partnerships.services.meeting import (
    Time,
    meeting_cancel,
    meeting_change,
    meeting_plan,
    meeting_set,
)
from partnerships.services.meeting_poll import meeting_answer, meeting_ask
from partnerships.services.notice import notices_derive
from partnerships.services.participant import participant_leave
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import AuditEvent, OneTimeCode
from samskaping.core.services.one_time_code import one_time_code_digits
from tests.factories.codesign import MeetingFactory, ParticipantFactory
from tests.partnerships.meetings import (
    Group,
    by_account,
    by_link,
    coming,
    make_group,
    url,
    wall,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(town: Any) -> Group:
    return make_group(town)


def planned(group: Group, time: Time | None = None, **fields: Any) -> Meeting:
    by = group.coordinator.user
    return meeting_plan(process=group.process, title="Maten", time=time, by=by, **fields)


def polled(group: Group, *times: Time) -> Meeting:
    made = planned(group)
    return meeting_ask(
        meeting=made, version=made.version, times=times or (coming(9), coming(10)), by=group.coordinator.user
    )


def told(kind: str) -> set[Any]:
    notices_derive(timezone.localdate())
    return {notice.person for notice in Notice.objects.filter(kind=kind).select_related("person")}


def words(kind: str, person: Any) -> Any:
    source = source_of(kind)
    assert source is not None
    notice = Notice.objects.filter(kind=kind, person=person).latest("pk")
    about = source.about(notice)
    return source.words(notice, about) if about is not None else None


# --- Which day suits ------------------------------------------------------------------------------------
def test_everybody_is_asked_in_her_own_channel_until_she_has_answered(group: Group) -> None:
    meeting = polled(group)
    assert told("meeting_poll") == {one.person for one in (group.asta, group.birk, group.carl, group.dina)}
    assert set(Notice.objects.filter(kind="meeting_poll").values_list("channel", flat=True)) == {
        "email",
        "letter",
    }
    asked = words("meeting_poll", group.carl.person)
    assert len([line for line in asked.lines if line.startswith("– ")]) == 2
    choices = dict.fromkeys(meeting.slots.values_list("pk", flat=True), SlotChoice.YES)
    meeting_answer(meeting=meeting, participant=group.carl, choices=choices, by=group.coordinator.user)
    assert words("meeting_poll", group.carl.person) is None
    assert words("meeting_poll", group.asta.person) is not None


def test_link_in_the_message_is_hers_and_the_account_has_none(group: Group) -> None:
    polled(group)
    told("meeting_poll")
    assert words("meeting_poll", group.asta.person).url.startswith("/prosess/")
    assert words("meeting_poll", group.birk.person).url.startswith(f"/prosesser/{group.process.pk}/moter/")


def test_answer_for_somebody_is_traced_so(group: Group) -> None:
    meeting = polled(group)
    slot = meeting.slots.get(starts_at=meeting.slots.earliest("starts_at").starts_at)
    page = url("meeting_answer_for", meeting, group.carl.pk)
    client = by_account(group.coordinator)
    assert b"Carl Lid" in client.get(page).content
    assert client.post(page, {f"slot{slot.pk}": "if_needed"}).status_code == 302
    assert SlotAnswer.objects.get().choice == SlotChoice.IF_NEEDED
    event = AuditEvent.objects.get(verb="meeting_answered")
    assert event.on_behalf_of == f"partnerships.person:{group.carl.person_id}"


def test_participant_answers_without_an_account_and_may_change_her_mind(group: Group) -> None:
    meeting = polled(group)
    slot = meeting.slots.order_by("starts_at")[0]
    client = by_link(group.asta)
    page = url("meeting_own_answer", meeting)
    for choice in ("no", "yes"):
        assert client.post(page, {f"slot{slot.pk}": choice}).status_code == 302
    assert SlotAnswer.objects.get().choice == SlotChoice.YES
    assert client.post(page, {}).status_code == 200, "nothing answered is said, not saved"
    assert not AuditEvent.objects.filter(verb="meeting_answered").exclude(on_behalf_of="").exists()


def test_asking_again_keeps_the_answers_to_what_stands(group: Group) -> None:
    first, second, third = coming(9), coming(10), coming(11)
    meeting = polled(group, first, second)
    choices = dict.fromkeys(meeting.slots.values_list("pk", flat=True), SlotChoice.YES)
    meeting_answer(meeting=meeting, participant=group.asta, choices=choices, by=None)
    meeting_ask(meeting=meeting, version=meeting.version, times=(second, third), by=None)
    assert [slot.starts_at for slot in meeting.slots.order_by("starts_at")] == [
        second.starts_at,
        third.starts_at,
    ]
    assert SlotAnswer.objects.count() == 1
    assert words_waiting(group.asta), "one of the times is new to her"


def test_other_days_asked_about_on_the_same_day_are_told_of(group: Group) -> None:
    """The answers to the first ones are gone: who has been asked already must hear of the new ones, once."""
    meeting = polled(group, coming(9))
    told("meeting_poll")
    first = Notice.objects.get(kind="meeting_poll", person=group.asta.person)
    meeting_ask(meeting=meeting, version=meeting.version, times=(coming(12), coming(13)), by=None)
    assert len(told("meeting_poll")) == 4
    told("meeting_poll")
    hers = Notice.objects.filter(kind="meeting_poll", person=group.asta.person)
    assert hers.count() == 2
    source: Any = source_of("meeting_poll")
    assert source.about(first) is None, "the old question is not sent any more"
    assert len([line for line in words("meeting_poll", group.asta.person).lines if line[0] == "–"]) == 2


def test_days_that_have_been_are_in_nobodys_way(group: Group) -> None:
    """One has passed unchosen: its answers stand, and another day can be added beside the rest."""
    # At six: from now on, late in the evening, they would go past midnight, which the page cannot write.
    today = timezone.localdate()
    meeting = polled(group, at_six(today + timedelta(days=9)), at_six(today + timedelta(days=10)))
    past = meeting.slots.earliest("starts_at")
    MeetingSlot.objects.filter(pk=past.pk).update(
        starts_at=timezone.now() - timedelta(days=1), ends_at=timezone.now() - timedelta(hours=22)
    )
    client = by_account(group.coordinator)
    page = url("meeting_days", meeting)
    rows = client.get(page).context["rows"]
    data = {
        field.html_name: "" if field.value() is None else str(field.value()) for row in rows for field in row
    }
    new = timezone.localdate() + timedelta(days=12)
    more = {"tid1-day": f"{new}", "tid1-from_time": "18:00", "tid1-to_time": "20:00"}
    assert client.post(page, {**data, **more, "version": str(meeting.version)}).status_code == 302
    assert meeting.slots.count() == 3


def words_waiting(participant: Any) -> bool:
    return participant.person in told("meeting_poll")


@pytest.mark.parametrize(
    "times",
    [
        (),
        (coming(-1),),
        tuple(coming(day) for day in range(1, 13)),
        (Time(coming().ends_at, coming().starts_at),),
    ],
)
def test_times_that_will_not_do_are_refused(group: Group, times: tuple[Time, ...]) -> None:
    meeting = planned(group)
    with pytest.raises(DomainError):
        meeting_ask(meeting=meeting, version=meeting.version, times=times, by=None)


def test_only_one_day_is_chosen(group: Group) -> None:
    meeting = polled(group)
    first, second = meeting.slots.order_by("starts_at")
    meeting_set(meeting=meeting, slot=first, by=group.coordinator.user)
    with pytest.raises(StateChanged):
        meeting_set(meeting=meeting, slot=second, by=group.coordinator.user)
    with pytest.raises(StateChanged):
        meeting_answer(meeting=meeting, participant=group.asta, choices={second.pk: SlotChoice.YES}, by=None)
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.state, meeting.sequence) == (first.starts_at, MeetingState.SET, 0)
    with pytest.raises(DomainError):
        meeting_set(meeting=polled(group), slot=first, by=None)


# --- Called in, moved, called off -----------------------------------------------------------------------
def test_everybody_is_called_in_once_and_told_of_each_move(group: Group) -> None:
    meeting = planned(group, coming(10), place="Samfunnshuset")
    assert len(told("meeting_set")) == 4
    assert "Hvor: Samfunnshuset" in words("meeting_set", group.asta.person).lines
    later = coming(12)
    changes = {"starts_at": later.starts_at, "ends_at": later.ends_at}
    moved = meeting_change(meeting=meeting, version=meeting.version, changes=changes, by=None)
    assert moved.sequence == 1
    assert words("meeting_set", group.asta.person) is None, "the old call is not sent any more"
    assert len(told("meeting_changed")) == 4
    place = {"place": "Biblioteket"}
    meeting_change(meeting=moved, version=moved.version, changes=place, by=None)
    told("meeting_changed")
    assert Notice.objects.filter(kind="meeting_changed", person=group.asta.person).count() == 2
    assert "Hvor: Biblioteket" in words("meeting_changed", group.asta.person).lines


def test_sms_says_when_and_where_by_itself(group: Group) -> None:
    day, _summer = around_summer_time()
    meeting = planned(group, at_six(day), place="Kafeen www.evil.example")
    told("meeting_set")
    sms = words("meeting_set", group.birk.person).sms
    when = f"{formats.date_format(day, 'l j. F Y')} kl. 18.00"
    assert sms.startswith(f"Velkommen til møte: {when}–20.00, Kafeen www. evil. example.")
    assert sms.endswith(url("meeting", meeting))
    meeting_cancel(meeting=meeting, by=None)
    told("meeting_changed")
    sms = words("meeting_changed", group.birk.person).sms
    assert sms.startswith(f"Møtet er avlyst: {when}.")


def test_other_words_call_nobody_in_again(group: Group) -> None:
    meeting = planned(group, coming())
    changed = meeting_change(meeting=meeting, version=meeting.version, changes={"food": "Suppe"}, by=None)
    assert (changed.food, changed.sequence, meeting.calls.count()) == ("Suppe", 0, 1)


def test_called_off_is_told_to_those_who_were_called(group: Group) -> None:
    meeting = planned(group, coming(3))
    meeting_cancel(meeting=meeting, by=group.coordinator.user)
    assert len(told("meeting_changed")) == 4
    assert words("meeting_changed", group.carl.person).title == "Møtet er avlyst"
    assert source_of("meeting_changed").urgent  # type: ignore[union-attr]
    with pytest.raises(StateChanged):
        meeting_cancel(meeting=meeting, by=None)
    with pytest.raises(StateChanged):
        meeting_change(meeting=meeting, version=1, changes={"food": "x"}, by=None)
    quiet = planned(group)
    meeting_cancel(meeting=quiet, by=None)
    assert not quiet.calls.exists(), "nobody had heard of it"
    assert MeetingCall.objects.filter(kind=CallKind.CANCELLED).count() == 1


def test_who_leaves_hears_no_more_and_who_comes_hears_of_what_is_to_come(group: Group) -> None:
    planned(group, coming(3))
    assert len(told("meeting_set")) == 4
    participant_leave(participant=group.asta, by=None)
    assert words("meeting_set", group.asta.person) is None
    new = ParticipantFactory.create(process=group.process)
    assert new.person in told("meeting_set")


def test_nothing_is_told_of_what_has_been_or_of_what_is_over(group: Group) -> None:
    MeetingFactory.create(process=group.process)
    planned(group, coming(3))
    group.process.state, group.process.ended_on = ProcessState.ENDED, timezone.localdate()
    group.process.save()
    assert not any(told(kind) for kind in ("meeting_set", "meeting_poll", "meeting_soon", "minutes"))
    with pytest.raises(DomainError):
        planned(group)


def test_reminder_comes_two_days_before_and_not_right_after_the_call(group: Group) -> None:
    meeting = planned(group, coming(4))
    assert not told("meeting_soon")
    MeetingCall.objects.update(at=timezone.now() - timedelta(days=5))
    assert len(told("meeting_soon")) == 4
    notice = Notice.objects.filter(kind="meeting_soon").earliest("pk")
    assert notice.due_on == timezone.localdate(meeting.starts_at)


def test_two_who_change_it_at_once_are_told_of_each_other(group: Group) -> None:
    meeting = planned(group, coming())
    meeting_change(meeting=meeting, version=meeting.version, changes={"food": "Suppe"}, by=None)
    with pytest.raises(ChangedMeanwhile):
        meeting_change(meeting=meeting, version=meeting.version, changes={"place": "Salen"}, by=None)


# --- The clock on the wall ------------------------------------------------------------------------------
def edit(client: Client, meeting: Meeting, **fields: str) -> Any:
    page = url("meeting_edit", meeting)
    form = client.get(page).context["form"]
    values = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else str(value) for name, value in values.items()}
    return client.post(page, {**data, **fields})


def around_summer_time() -> tuple[date, date]:
    """The Thursdays before and after the clocks go forward next, on the last Sunday of March."""
    today = timezone.localdate()

    def before(year: int) -> date:
        end_of_march = date(year, 3, 31)
        return end_of_march - timedelta(days=end_of_march.isoweekday() % 7 + 3)

    found = before(today.year)
    found = found if found > today + timedelta(days=7) else before(today.year + 1)
    return found, found + timedelta(days=7)


def at_six(day: date) -> Time:
    return Time(wall(day.year, day.month, day.day, 18), wall(day.year, day.month, day.day, 20))


def test_moved_across_summer_time_it_keeps_the_clock_on_the_wall(group: Group) -> None:
    """18.00 is another moment in UTC when the clocks have gone forward, and the same for people."""
    winter, summer = around_summer_time()
    meeting = planned(group, at_six(winter), place="Kafeen")
    client = by_account(group.coordinator)
    assert group.coordinator.person is not None
    _feed, secret = calendar_feed_make(
        person=group.coordinator.person, membership=group.coordinator, only_own=False,
        by=group.coordinator.user,
    )  # fmt: skip
    files = [url("meeting_calendar", meeting), reverse("calendar_feed", args=[secret])]

    def in_files(begins: str, sequence: int, status: str) -> None:
        for address in files:
            lines = Client().get(address) if "/kalender/" in address else client.get(address)
            rows = lines.content.decode().split("\r\n")
            wanted = (f"UID:{meeting.uid}", f"DTSTART:{begins}", f"SEQUENCE:{sequence}", f"STATUS:{status}")
            assert set(wanted) <= set(rows), address
            assert sum(line.startswith("UID:") for line in rows) == 1, "moved, and not one more"

    in_files(f"{winter:%Y%m%d}T170000Z", 0, "CONFIRMED")
    assert edit(client, meeting, day=f"{summer}").status_code == 302
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.ends_at) == at_six(summer)
    in_files(f"{summer:%Y%m%d}T160000Z", 1, "CONFIRMED")
    page = client.get(url("meeting", meeting)).content.decode()
    day_of = {day: formats.date_format(day, "l j. F Y") for day in (winter, summer)}
    assert f"{day_of[summer]} kl. 18.00–20.00" in page
    told("meeting_changed")
    letter = letter_of(Notice.objects.get(kind="meeting_changed", person=group.carl.person))
    assert letter is not None
    assert f"Møtet skulle vært {day_of[winter]} kl. 18.00." in letter["lines"]
    assert f"Når: {day_of[summer]} kl. 18.00–20.00" in letter["lines"]
    meeting_cancel(meeting=meeting, by=None)
    in_files(f"{summer:%Y%m%d}T160000Z", 2, "CANCELLED")


def test_hour_that_is_not_on_the_clock_is_refused_and_nothing_typed_is_lost(group: Group) -> None:
    client = by_account(group.coordinator)
    page = reverse("meeting_new", args=[group.process.pk])
    typed = {
        "kind": "joint",
        "title": "Nattevakt",
        "day": f"{around_summer_time()[0] + timedelta(days=3)}",
        "from_time": "02:30",
        "to_time": "04:00",
    }
    answer = client.post(page, typed)
    assert answer.status_code == 200
    assert b"Nattevakt" in answer.content
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"day": "2047-04-01"}, "from_time"),
        ({"day": "2047-04-01", "from_time": "20:00", "to_time": "18:00"}, "to_time"),
        ({"from_time": "18:00"}, "day"),
    ],
)
def test_half_a_time_is_said_at_its_field(group: Group, fields: dict[str, str], field: str) -> None:
    page = reverse("meeting_new", args=[group.process.pk])
    answer = by_account(group.coordinator).post(page, {"kind": "joint", "title": "Mat", **fields})
    assert field in answer.context["form"].errors


def test_trace_is_for_those_who_may_read_traces(group: Group) -> None:
    meeting = planned(group, coming())
    for client, sees in ((by_account(group.coordinator), True), (by_account(group.dina.person), False)):
        answer = client.get(url("meeting", meeting))
        assert answer.status_code == 200
        assert ("Hvem har endret hva" in answer.content.decode()) is sees


# --- From the page --------------------------------------------------------------------------------------
def test_from_a_plan_to_a_day_through_the_pages(group: Group) -> None:
    client = by_account(group.coordinator)
    answer = client.post(
        reverse("meeting_new", args=[group.process.pk]),
        {"kind": "joint", "title": "Hva trenger vi?", "agenda": "- Lokale\n- Mat\n", "place": "Kafeen"},
    )
    meeting = Meeting.objects.get()
    assert answer.headers["Location"] == url("meeting_days", meeting)
    assert [item.text for item in meeting.agenda.all()] == ["Lokale", "Mat"]
    day = timezone.localdate() + timedelta(days=8)
    rows = {
        "version": str(meeting.version),
        "tid0-day": f"{day}",
        "tid0-from_time": "18:00",
        "tid0-to_time": "20:00",
    }
    half = {**rows, "tid1-day": f"{day}"}
    assert client.post(url("meeting_days", meeting), half).status_code == 200
    assert not meeting.slots.exists()
    assert client.post(url("meeting_days", meeting), rows).status_code == 302
    slot = meeting.slots.get()
    assert "kl. 18.00–20.00" in client.get(url("meeting", meeting)).content.decode()
    assert client.post(url("meeting_choose", meeting), {"slot": slot.pk}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.SET


def test_pressed_twice_it_is_one_meeting(group: Group) -> None:
    """The same page sent twice calls nobody in twice; and somebody else's mark opens nothing of hers."""
    client, page = by_account(group.coordinator), reverse("meeting_new", args=[group.process.pk])
    mark = client.get(page).context["form"]["uid"].value()
    time = {"day": "2047-04-01", "from_time": "18:00", "to_time": "20:00"}
    data = {"kind": "joint", "title": "Mat", "uid": f"{mark}", **time}
    answers = [client.post(page, data) for _twice in range(2)]
    made = Meeting.objects.get()
    assert {answer.headers["Location"] for answer in answers} == {url("meeting", made)}
    assert made.calls.count() == 1
    own = by_link(group.asta).post(page, {**data, "kind": "citizens", "title": "Bare vi"})
    assert own.headers["Location"] != url("meeting", made)
    assert Meeting.objects.exclude(pk=made.pk).get().uid != made.uid
    client.post(page, {**data, "uid": "x"})
    assert client.get(page).context["form"]["uid"].value() != mark


def test_what_must_be_in_place_is_seen_before_the_meeting_by_who_convenes(group: Group) -> None:
    meeting = planned(group, coming())
    hers = {"municipality": group.process.municipality, "participant": group.asta}
    Adaptation.objects.create(**hers, text="Plass til rullestol", consent_at=timezone.now())
    assert (
        "Plass til rullestol" in by_account(group.coordinator).get(url("meeting", meeting)).content.decode()
    )
    for client in (by_link(group.birk), by_link(group.asta), by_account(group.dina.person)):
        assert "Plass til rullestol" not in client.get(url("meeting", meeting)).content.decode()
    held = MeetingFactory.create(process=group.process)
    assert (
        "Plass til rullestol" not in by_account(group.coordinator).get(url("meeting", held)).content.decode()
    )


def test_somebody_elses_slot_and_no_number_choose_nothing(group: Group) -> None:
    meeting, other = polled(group), polled(group)
    client = by_account(group.coordinator)
    for typed in (other.slots.earliest("pk").pk, "", "x", "٣", "9" * 40):
        client.post(url("meeting_choose", meeting), {"slot": typed})
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.POLLING


def test_what_people_write_is_text_everywhere(group: Group) -> None:
    odd = "🎈 مرحبا <script>alert(1)</script>\u202eevil"
    meeting = planned(group, coming(), place=odd, host=odd, food=odd, agenda=[odd])
    Meeting.objects.update(title=odd)
    client = by_account(group.coordinator)
    for name in ("meeting", "minutes", "meeting_edit", "minutes_write"):
        page = client.get(url(name, meeting)).content.decode()
        assert "<script>alert" not in page
        assert "🎈 مرحبا" in page
    calendar = client.get(url("meeting_calendar", meeting)).content.decode()
    assert "\nBEGIN:VALARM" not in calendar


def test_answers_about_days_go_when_the_days_have_been(group: Group, town: Any) -> None:
    meeting = polled(group)
    choices = dict.fromkeys(meeting.slots.values_list("pk", flat=True), SlotChoice.YES)
    meeting_answer(meeting=meeting, participant=group.asta, choices=choices, by=None)
    assert not RULE.find(town.municipality, timezone.now()).exists()
    old = RULE.find(town.municipality, timezone.now() + timedelta(days=30))
    assert RULE.erase(old) == 2
    assert not SlotAnswer.objects.exists()


def test_link_in_a_message_leads_to_what_it_is_about(group: Group) -> None:
    """Through the button and the code, and never out of her own process."""
    meeting = polled(group)
    told("meeting_poll")
    client = Client()
    link = words("meeting_poll", group.asta.person).url
    code_page = client.post(link).headers["Location"]
    state = client.session["one_time_code"]["participant"]
    digits = one_time_code_digits(OneTimeCode.objects.get(pk=state["id"]))
    there = client.post(code_page, {"code": digits}).headers["Location"]
    assert there == url("meeting", meeting)
    assert client.get(there).status_code == 200
    outside = link.partition("?")[0] + "?next=//evil.example/"
    again = Client()
    code_page = again.post(outside).headers["Location"]
    state = again.session["one_time_code"]["participant"]
    digits = one_time_code_digits(OneTimeCode.objects.get(pk=state["id"]))
    assert again.post(code_page, {"code": digits}).headers["Location"].endswith("/min-plass/")
