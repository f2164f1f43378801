"""The people to ring: what each outcome does, whose it is, and that two who ring do not both count."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import CallNote, Notice, Person, Reply
from partnerships.models.notice import CallOutcome, NoticeState
from partnerships.models.person import Channel
from partnerships.services.call import call_note
from samskaping.core.errors import StateChanged
from samskaping.core.models import AuditEvent
from tests.factories import notices
from tests.factories.partnerships import PersonFactory
from tests.partnerships.conftest import Town

pytestmark = pytest.mark.django_db


def listener(town: Town, **fields: Any) -> Person:
    given = {"channel": Channel.PHONE, "phone": "+4755212345", "name": "Olav Prøve", **fields}
    return PersonFactory.create(municipality=town.municipality, **given)


def call(person: Person, **fields: Any) -> Notice:
    return notices.notice(person, **{"channel": Channel.PHONE, "state": NoticeState.LISTED, **fields})


@pytest.fixture
def notice(town: Town) -> Notice:
    return call(listener(town))


def test_list_and_page_say_who_why_where_and_what(client: Client, town: Town, notice: Notice) -> None:
    client.force_login(town.coordinator.user)
    page = client.get(reverse("calls")).content.decode()
    for shown in ("Olav Prøve", "Prøve", 'href="tel:+4755212345"', "Ring i dag"):
        assert shown in page
    page = client.get(reverse("call", args=[notice.pk])).content.decode()
    for shown in ("prøvemøtet på torsdag", "Kommer du på torsdag?", "Ikke skriv om helse"):
        assert shown in page


def test_reached_with_an_answer(client: Client, town: Town, notice: Notice) -> None:
    client.force_login(town.coordinator.user)
    form = {"outcome": "reached", "answer": "no", "line": "Kommer neste gang", "again_on": ""}
    assert client.post(reverse("call", args=[notice.pk]), form).status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.done_by) == (NoticeState.SENT, town.coordinator.user)
    assert (Reply.objects.get().answer, Reply.objects.get().noted_by) == ("no", town.coordinator.user)
    event = AuditEvent.objects.get(verb="call_noted")
    assert event.on_behalf_of == f"partnerships.person:{notice.person_id}"
    assert event.data == {"outcome": "reached"}, "the line is personal, and stays with the note"
    assert client.get(reverse("call", args=[notice.pk])).status_code == 404


def test_no_answer_stays_on_the_list_for_another_day(client: Client, town: Town, notice: Notice) -> None:
    client.force_login(town.coordinator.user)
    day = timezone.localdate() + timedelta(days=3)
    client.post(reverse("call", args=[notice.pk]), {"outcome": "no_answer", "again_on": str(day)})
    notice.refresh_from_db()
    assert (notice.state, notice.tell_on) == (NoticeState.LISTED, day)
    page = client.get(reverse("calls")).content.decode()
    assert "Ring senere" in page
    assert "Ringt 1 gang" in page
    assert "Ikke svar" in client.get(reverse("call", args=[notice.pk])).content.decode()


def test_no_answer_without_a_day_is_the_next_working_day(town: Town, notice: Notice) -> None:
    note = call_note(notice=notice, outcome=CallOutcome.NO_ANSWER, by=town.coordinator.user)
    assert note.again_on is not None
    assert note.again_on > timezone.localdate()
    assert note.again_on.weekday() < 5


def test_wrong_number_goes_the_next_way(town: Town) -> None:
    person = listener(town, email="olav@prove.example")
    notice, other = call(person), call(person, due_on=timezone.localdate())
    call_note(notice=notice, outcome=CallOutcome.WRONG_NUMBER, by=town.coordinator.user)
    person.refresh_from_db()
    assert person.phone_failed_at is not None
    notice.refresh_from_db()
    other.refresh_from_db()
    assert (notice.state, notice.problem) == (NoticeState.FAILED, "wrong_number")
    assert other.state == NoticeState.COMING, "the engine finds another way for it"
    assert Notice.objects.get(channel=Channel.EMAIL).state == NoticeState.COMING


def test_wrong_number_of_somebody_nothing_else_reaches(town: Town, notice: Notice) -> None:
    call_note(notice=notice, outcome=CallOutcome.WRONG_NUMBER, by=town.coordinator.user)
    assert Notice.objects.get().state == NoticeState.FAILED


def test_two_who_ring_do_not_both_count(town: Town, notice: Notice) -> None:
    call_note(notice=notice, outcome=CallOutcome.REACHED, by=town.coordinator.user)
    with pytest.raises(StateChanged):
        call_note(notice=notice, outcome=CallOutcome.WRONG_NUMBER, by=town.coordinator.user)
    assert CallNote.objects.count() == 1
    assert Person.objects.get(pk=notice.person_id).phone_failed_at is None


@pytest.mark.parametrize(
    "form",
    [
        {"outcome": ""},
        {"outcome": "no_answer", "answer": "yes"},
        {"outcome": "no_answer", "again_on": "2020-01-01"},
        {"outcome": "reached", "line": "x" * 201},
    ],
)
def test_odd_forms_note_nothing_and_keep_what_was_typed(
    client: Client, town: Town, notice: Notice, form: dict[str, str]
) -> None:
    client.force_login(town.coordinator.user)
    page = client.post(reverse("call", args=[notice.pk]), {"line": "En linje", **form})
    assert page.status_code == 200
    assert "En linje" in page.content.decode() or "line" in form
    assert not CallNote.objects.exists()


def test_an_answer_too_late_undoes_the_whole_note(town: Town, notice: Notice) -> None:
    from partnerships.models.notice import Answer

    Person.objects.filter(pk=notice.person_id).update(name=notices.GONE)
    with pytest.raises(StateChanged):
        call_note(notice=notice, outcome=CallOutcome.REACHED, answer=Answer.YES, by=town.coordinator.user)
    assert not CallNote.objects.exists()
    assert Notice.objects.get().state == NoticeState.LISTED


def test_never_the_neighbours(client: Client, town: Town, neighbour: Town) -> None:
    theirs = call(listener(neighbour, name="Naboens Egen"))
    client.force_login(town.coordinator.user)
    assert "Naboens" not in client.get(reverse("calls")).content.decode()
    assert client.get(reverse("call", args=[theirs.pk])).status_code == 404


def test_demo_post_shows_both_lists(client: Client, town: Town, notice: Notice) -> None:
    notices.notice(listener(town, name="Vil Ha Brev"), channel=Channel.LETTER, state=NoticeState.LISTED)
    assert "Olav Prøve" not in client.get(reverse("dev_post")).content.decode(), "only invented people"
    type(town.municipality).objects.filter(pk=town.municipality.pk).update(is_demo=True)
    page = client.get(reverse("dev_post")).content.decode()
    assert "Olav Prøve, 552 12 345" in page
    assert "Vil Ha Brev" in page


def test_week_tells_of_letters_and_calls(client: Client, town: Town, notice: Notice) -> None:
    notices.notice(listener(town), channel=Channel.LETTER, state=NoticeState.LISTED)
    client.force_login(town.coordinator.user)
    page = client.get(reverse("this_week")).content.decode()
    assert "1 brev venter på å bli postlagt" in page
    assert "1 person å ringe" in page
