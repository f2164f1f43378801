"""Follow-up: what comes by itself, what is done by hand, talks she is told of, and thanks."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from partnerships.models import Notice, Reply
from partnerships.models.notice import Answer
from partnerships.services.reply import reply_give
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.registries import Viewer
from samskaping.core.services.reference import reference_load
from samskaping.core.working_days import OSLO
from tests.factories import partnerships as made
from tests.factories.partnerships import OrganisationFactory, PersonFactory
from tests.factories.volunteers import CareStepFactory, VolunteerFactory
from tests.partnerships.noticing import THURSDAY, Clock, at, deliver, round_of
from volunteers.models import CareNote, CareStep, Volunteer
from volunteers.models.care import CareKind
from volunteers.models.volunteer import CameBy, HowMuch, VolunteerState
from volunteers.parts.care import notes_on_record
from volunteers.selectors.care import due_for, leaving_reasons, owners_for
from volunteers.services.care import (
    PLAN_CLOSE,
    PLAN_LIGHT,
    care_note_add,
    care_step_add,
    care_step_done,
    care_step_let_go,
    care_step_move,
    care_talk_answer,
    care_talk_set,
)
from volunteers.services.thanks import thanks_give
from volunteers.services.volunteer import (
    volunteer_activate,
    volunteer_add,
    volunteer_answered,
    volunteer_end,
    volunteer_pause,
    volunteer_return,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(db: None) -> None:
    reference_load()


def kinds(volunteer: Volunteer) -> list[str]:
    """Of what is open, the first to come first."""
    steps = CareStep.objects.filter(volunteer=volunteer, done_at=None, let_go_at=None)
    return [step.kind for step in steps]


def added(town: Any, **about: Any) -> Volunteer:
    person = PersonFactory.create(
        municipality=town.municipality, name="Kari Prøve", email="kari@prove.example"
    )
    about = {"followed_by": town.coordinator.user, **about}
    return volunteer_add(person=person, by=town.coordinator.user, **about)


# --- What comes by itself ---------------------------------------------------------------------------------
def test_a_regular_one_is_followed_from_beginning_to_end(town: Any, texts: None) -> None:
    by, today = town.coordinator.user, timezone.localdate()
    volunteer = added(
        town, state=VolunteerState.INTERESTED, reply_by=today + timedelta(days=2), how_much=HowMuch.REGULAR
    )
    first = CareStep.objects.get(volunteer=volunteer)
    assert (first.kind, first.due_on, first.owner) == (CareKind.FIRST_CONTACT, volunteer.reply_by, by)
    volunteer_answered(volunteer=volunteer, by=by)
    first.refresh_from_db()
    assert first.done_by == by
    assert kinds(volunteer) == ["start_talk", "first_task", "intro_course"]
    volunteer_activate(volunteer=volunteer, by=by)
    # She has begun without the talk: it is not nagged about. The course still is worth while.
    assert kinds(volunteer) == ["how_it_went", "intro_course"]
    step = CareStep.objects.get(volunteer=volunteer, kind=CareKind.HOW_IT_WENT)
    care_step_done(step=step, by=by)
    care_step_done(step=step, by=by)
    assert sorted(kinds(volunteer)) == ["follow_up_talk", "intro_course"]
    back = today + timedelta(days=40)
    volunteer_pause(volunteer=volunteer, until=back, by=by)
    assert kinds(volunteer) == ["return"]
    assert CareStep.objects.get(volunteer=volunteer, kind=CareKind.RETURN).due_on == back
    volunteer_pause(volunteer=volunteer, until=back + timedelta(days=5), by=by)
    assert CareStep.objects.get(volunteer=volunteer, kind=CareKind.RETURN).due_on == back + timedelta(days=5)
    volunteer_return(volunteer=volunteer, by=by)
    assert kinds(volunteer) == ["how_it_went"]
    volunteer_end(volunteer=volunteer, on=today, reason=None, by=by)
    assert kinds(volunteer) == ["goodbye"]


def test_little_is_asked_of_the_low_key_and_more_of_one_to_one(town: Any, texts: None) -> None:
    low_key = added(town, how_much=HowMuch.ONCE)
    assert kinds(low_key) == ["first_task"]
    assert CareStep.objects.get(volunteer=low_key).plan == PLAN_LIGHT
    person = PersonFactory.create(municipality=town.municipality)
    close = volunteer_add(person=person, by=town.coordinator.user, one_to_one=True, how_much=HowMuch.ONCE)
    assert len(kinds(close)) == 3
    assert {step.plan for step in CareStep.objects.filter(volunteer=close)} == {PLAN_CLOSE}


def test_those_of_a_spreadsheet_are_not_begun_with_anew(town: Any, texts: None) -> None:
    assert kinds(added(town, state=VolunteerState.ACTIVE, came_by=CameBy.IMPORT)) == []


def test_without_texts_nobody_is_stopped(town: Any) -> None:
    assert kinds(added(town)) == []


def test_what_somebody_added_stays(town: Any, texts: None) -> None:
    by = town.coordinator.user
    volunteer = added(town)
    care_step_add(
        volunteer=volunteer,
        kind=CareKind.OTHER,
        words="Nøkkelkort",
        due_on=timezone.localdate(),
        owner=by,
        by=by,
    )
    volunteer_activate(volunteer=volunteer, by=by)
    assert CareKind.OTHER in kinds(volunteer)


# --- By hand ----------------------------------------------------------------------------------------------
def test_steps_are_moved_and_let_go(town: Any) -> None:
    by, today = town.coordinator.user, timezone.localdate()
    step = CareStepFactory.create(volunteer__person__municipality=town.municipality)
    care_step_move(step=step, due_on=today + timedelta(days=9), owner=by, by=by)
    step.refresh_from_db()
    assert (step.due_on, step.owner) == (today + timedelta(days=9), by)
    with pytest.raises(DomainError):
        care_step_move(step=step, due_on=today - timedelta(days=1), owner=by, by=by)
    care_step_let_go(step=step, by=by)
    care_step_let_go(step=step, by=by)
    with pytest.raises(StateChanged):
        care_step_done(step=step, by=by)


def test_notes_go_by_themselves(town: Any) -> None:
    volunteer = VolunteerFactory.create(person__municipality=town.municipality)
    note = care_note_add(volunteer=volunteer, line="Liker å synge", days=30, by=town.coordinator.user)
    today = timezone.localdate()
    assert note.gone_on == today + timedelta(days=30)
    assert _notes(town, volunteer, today) == [note]
    # Not shown after its day, also when the night's tidying has not been.
    assert _notes(town, volunteer, today + timedelta(days=31)) == []
    assert CareNote.objects.exists()


def _notes(town: Any, volunteer: Volunteer, today: date) -> Any:
    shown = notes_on_record(volunteer, Viewer(town.coordinator.user, town.coordinator, today))
    return shown and shown["notes"]


# --- What is due ------------------------------------------------------------------------------------------
def test_what_is_due_is_the_owners_and_the_deputys(town: Any) -> None:
    from partnerships.models import Absence

    today = timezone.localdate()
    by = town.coordinator.user
    other = made.member(town.municipality, Role.COORDINATOR)
    person = PersonFactory.create(municipality=town.municipality)
    step = CareStepFactory.create(volunteer__person=person, owner=by)
    CareStepFactory.create(volunteer=step.volunteer, owner=by, due_on=today + timedelta(days=1))

    def due(user: User) -> list[CareStep]:
        return list(due_for(User.objects.get(pk=user.pk), town.municipality.pk, today))

    assert due(by) == [step]
    assert due(other.user) == []
    Absence.objects.create(
        municipality=town.municipality, membership=town.coordinator, deputy=other.person,
        away_from=today, away_to=today,
    )  # fmt: skip
    assert due(other.user) == [step]
    Absence.objects.all().delete()
    step.owner = None
    step.save()
    assert due(by) == due(other.user) == [step]


def test_another_controllers_are_nobody_elses(town: Any) -> None:
    club = OrganisationFactory.create(municipality=town.municipality)
    person = PersonFactory.create(municipality=town.municipality, controller_organisation=club)
    step = CareStepFactory.create(volunteer__person=person)
    leads = made.member(town.municipality, Role.ORGANISATION_REP, organisation=club)
    today = timezone.localdate()
    assert list(due_for(town.coordinator.user, town.municipality.pk, today)) == []
    assert list(due_for(leads.user, town.municipality.pk, today)) == [step]
    assert [user for user, _name in owners_for(step.volunteer)] == [leads.user_id]


# --- A talk -----------------------------------------------------------------------------------------------
def in_days(days: int, hour: int = 10) -> datetime:
    return datetime.combine(THURSDAY + timedelta(days=days), time(hour), tzinfo=OSLO)


@pytest.fixture
def talk(town: Any, monkeypatch: pytest.MonkeyPatch) -> CareStep:
    Clock(monkeypatch).set(at(THURSDAY))
    volunteer = VolunteerFactory.create(
        person=PersonFactory.create(
            municipality=town.municipality, name="Kari Prøve", email="kari@prove.example"
        )
    )
    step = CareStepFactory.create(volunteer=volunteer, kind=CareKind.START_TALK, owner=town.coordinator.user)
    return care_talk_set(step=step, at=in_days(7), place="Biblioteket", by=town.coordinator.user)


def test_she_is_told_and_says_whether_it_suits(talk: CareStep, town: Any) -> None:
    round_of(at(THURSDAY))
    assert deliver() == ["sent"]
    (post,) = mail.outbox
    assert post.to == ["kari@prove.example"]
    assert "Kari" not in post.subject
    assert "Biblioteket" in post.body
    assert ".ics" in post.body
    notice = Notice.objects.get(kind="care_talk")
    reply_give(notice=notice, answer=Answer.NO)
    talk.refresh_from_db()
    assert talk.suits is False
    reply_give(notice=notice, answer=Answer.YES, by=town.coordinator.user)
    talk.refresh_from_db()
    assert talk.suits is True
    assert Reply.objects.get().noted_by == town.coordinator.user


def test_a_new_hour_is_asked_anew(talk: CareStep, town: Any) -> None:
    round_of(at(THURSDAY))
    care_talk_answer(step=talk, suits=False, by=None)
    again = care_talk_set(step=talk, at=in_days(7, 14), place="Biblioteket", by=town.coordinator.user)
    talk.refresh_from_db()
    assert talk.let_go_at is not None
    assert (again.suits, again.uid, again.sequence) == (None, talk.uid, 1)
    assert (
        care_talk_set(step=again, at=in_days(7, 14), place="Biblioteket", by=town.coordinator.user) == again
    )
    round_of(at(THURSDAY, 10))
    assert Notice.objects.filter(kind="care_talk").count() == 2
    assert not Notice.objects.filter(kind="care_talk_off").exists()


def test_one_that_is_off_is_told_only_to_whom_it_was_told(talk: CareStep, town: Any) -> None:
    care_step_let_go(step=talk, by=town.coordinator.user)
    round_of(at(THURSDAY))
    assert not Notice.objects.exclude(kind="care_step").exists()
    other = CareStepFactory.create(volunteer=talk.volunteer, kind=CareKind.FOLLOW_UP_TALK)
    set_again = care_talk_set(step=other, at=in_days(8), place="", by=town.coordinator.user)
    round_of(at(THURSDAY, 10))
    care_step_let_go(step=set_again, by=town.coordinator.user)
    round_of(at(THURSDAY, 11))
    assert Notice.objects.filter(kind="care_talk_off", person=talk.volunteer.person).count() == 1


def test_the_calendar_file_names_nobody(client: Any, talk: CareStep) -> None:
    from samskaping.core.link_token import link_token
    from volunteers.selectors.care import TALK_FILE

    answer = client.get(f"/frivillige/samtale/{link_token(TALK_FILE, talk)}.ics")
    assert answer.status_code == 200
    assert "Kari" not in answer.content.decode()
    assert "Biblioteket" in answer.content.decode()
    assert client.get(f"/frivillige/samtale/{talk.pk}-0000.ics").status_code == 404


def test_what_is_no_talk_has_no_hour(town: Any) -> None:
    step = CareStepFactory.create(volunteer__person__municipality=town.municipality, kind=CareKind.THANK)
    with pytest.raises(DomainError):
        care_talk_set(step=step, at=timezone.now() + timedelta(days=1), place="", by=town.coordinator.user)


# --- Thanks -----------------------------------------------------------------------------------------------
def test_thanks_reach_her_by_letter_too(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch).set(at(THURSDAY))
    person = PersonFactory.create(
        municipality=town.municipality, street="Strandgata 8", postal_code="9901", post_town="Fjordvik",
        channel="letter",
    )  # fmt: skip
    volunteer = VolunteerFactory.create(person=person)
    thanks_give(volunteer=volunteer, words="Alle sang med på siste vers", by=town.coordinator.user)
    round_of(at(THURSDAY))
    notice = Notice.objects.get(kind="volunteer_thanks")
    assert (notice.channel, notice.state) == ("letter", "listed")


def test_nobody_thanks_herself(town: Any) -> None:
    volunteer = VolunteerFactory.create(person=town.coordinator.person)
    with pytest.raises(DomainError):
        thanks_give(volunteer=volunteer, words="Bra jobba", by=town.coordinator.user)


# --- Why people leave -------------------------------------------------------------------------------------
def test_reasons_few_gave_are_not_told(town: Any) -> None:
    today = timezone.localdate()
    for reason, number in (("time", 5), ("moved", 4), ("", 6)):
        for _one in range(number):
            VolunteerFactory.create(
                person__municipality=town.municipality, state="ended", ended_on=today, leaving_reason=reason
            )
    rows = leaving_reasons(town.coordinator.user, town.municipality.pk, today - timedelta(days=30))
    assert [row["number"] for row in rows] == [6, 5]
