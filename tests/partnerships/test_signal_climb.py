"""What happens by itself: reminders, climbing, deputies, and the messages of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from partnerships.due import source_of
from partnerships.models import Absence, Notice, Signal
from partnerships.models.areas import Level
from partnerships.models.notice import NoticeState
from partnerships.models.signal import SignalState
from partnerships.selectors.signal_people import climbs_on, next_above
from partnerships.services.membership import membership_end
from partnerships.services.notice import notices_check, notices_derive
from partnerships.services.signal import To, signal_answer, signal_see
from partnerships.services.signal_climb import signals_pass_on
from samskaping.accounts.permissions import Role
from samskaping.core.models import AuditEvent
from samskaping.core.working_days import next_working_day, working_days_later
from tests.factories.partnerships import PersonFactory, member
from tests.factories.work import ContactFactory
from tests.partnerships.conftest import Town
from tests.partnerships.signals import Cafe, make_cafe

pytestmark = pytest.mark.django_db


@pytest.fixture
def cafe(town: Town) -> Cafe:
    return make_cafe(town)


def working_day() -> date:
    return next_working_day(timezone.localdate())


def late(cafe: Cafe, signal: Signal) -> Signal:
    """Due so long ago that it goes on on this working day."""
    return cafe.late(signal, working_day() - timedelta(days=30))


def kinds(person: Any) -> set[str]:
    notices_derive(timezone.localdate())
    return set(Notice.objects.filter(person=person).values_list("kind", flat=True))


def words(signal: Signal, kind: str, person: Any) -> str:
    notice = Notice.objects.get(kind=kind, person=person, object_id=str(signal.pk))
    source = source_of(kind)
    assert source is not None
    said = source.words(notice, source.about(notice))
    return "\n".join((said.title, *said.lines, said.url))


def test_working_days_are_counted_over_a_weekend() -> None:
    friday = date(2026, 11, 20)
    assert working_days_later(friday, 1) == date(2026, 11, 23)
    assert working_days_later(friday, 5) == date(2026, 11, 27)


def test_climbs_to_who_was_said_beforehand_and_once(cafe: Cafe) -> None:
    signal = late(cafe, cafe.ask(cafe.staff, To(Level.DEVELOPMENT), from_level=Level.OPERATION))
    said = next_above(signal, working_day())
    assert said is not None
    assert (said.person, said.level) == (cafe.sector_chief.person, Level.ANCHORING)
    assert [signals_pass_on(working_day()) for _beat in range(2)] == [1, 0]
    signal.refresh_from_db()
    assert (signal.receiver, signal.to_level, signal.climbed, signal.state) == (
        cafe.sector_chief.person,
        Level.ANCHORING,
        1,
        SignalState.NEW,
    )
    assert AuditEvent.objects.filter(verb="signal_climbed").count() == 1


def test_climbs_to_the_top_and_no_further(cafe: Cafe) -> None:
    signal = cafe.ask(cafe.leader, To(Level.ANCHORING))
    assert signals_pass_on(working_day()) == 0
    late(cafe, signal)
    assert signals_pass_on(working_day()) == 1
    late(cafe, signal)
    assert signals_pass_on(working_day()) == 0
    signal.refresh_from_db()
    assert (signal.receiver, signal.climbed) == (cafe.chief.person, 1)


def test_waits_five_working_days_after_the_day(cafe: Cafe) -> None:
    signal = cafe.ask(cafe.leader, To(Level.ANCHORING))
    cafe.late(signal, date(2026, 11, 20))
    assert climbs_on(signal) == date(2026, 11, 27)
    assert signals_pass_on(date(2026, 11, 26)) == 0
    assert signals_pass_on(date(2026, 11, 28)) == 0, "nobody answers on a Saturday"
    assert signals_pass_on(date(2026, 11, 27)) == 1


def test_an_organisations_next_is_its_own_before_the_coordinator(cafe: Cafe) -> None:
    organisation = cafe.town.organisation
    second = member(cafe.town.municipality, Role.ORGANISATION_REP, organisation=organisation, name="Ola To")
    signal = late(cafe, cafe.ask(cafe.leader, To(Level.DEVELOPMENT, organisation)))
    for expected in (second.person, cafe.town.coordinator.person):
        assert signals_pass_on(working_day()) == 1
        signal.refresh_from_db()
        assert (signal.receiver, signal.organisation) == (expected, organisation)
        late(cafe, signal)
    assert signals_pass_on(working_day()) == 0


def test_answered_ones_stay(cafe: Cafe) -> None:
    signal = late(cafe, cafe.ask(cafe.leader, To(Level.ANCHORING)))
    signal_answer(signal=signal, text="Ja.", answered_by=cafe.chief.person, by=cafe.chief.user)
    assert signals_pass_on(working_day()) == 0


def test_goes_to_the_deputy_when_she_goes_away_and_on_when_she_leaves(cafe: Cafe) -> None:
    place, today = cafe.town.municipality, working_day()
    signal = cafe.ask(cafe.staff, To(Level.DEVELOPMENT), from_level=Level.OPERATION)
    second = member(place, Role.COORDINATOR, name="Amund To")
    Absence.objects.create(
        municipality=place,
        membership=cafe.town.coordinator,
        deputy=second.person,
        away_from=today,
        away_to=today,
    )
    assert [signals_pass_on(today) for _beat in range(2)] == [1, 0]
    signal.refresh_from_db()
    assert (signal.receiver, signal.climbed) == (second.person, 0)
    Absence.objects.all().delete()
    membership_end(membership=second, by=cafe.chief.user)
    assert signals_pass_on(today) == 1
    signal.refresh_from_db()
    assert signal.receiver == cafe.town.coordinator.person


def test_at_the_top_what_nobody_has_goes_to_who_answers_there_now(cafe: Cafe) -> None:
    """Overdue and with nobody above: handed over, with days to answer in."""
    signal = late(cafe, cafe.ask(cafe.leader, To(Level.ANCHORING)))
    Signal.objects.filter(pk=signal.pk).update(receiver=None)
    assert [signals_pass_on(working_day()) for _beat in range(2)] == [1, 0]
    signal.refresh_from_db()
    assert (signal.receiver, signal.climbed) == (cafe.sector_chief.person, 0)
    assert signal.due_on == working_days_later(working_day(), 5)


def test_a_deputy_who_is_on_the_ladder_herself_gets_it_once(cafe: Cafe) -> None:
    today = working_day()
    coordinator = cafe.town.coordinator
    Absence.objects.create(
        municipality=cafe.town.municipality,
        membership=cafe.leader,
        deputy=coordinator.person,
        away_from=min(today, timezone.localdate()),
        away_to=today,
    )
    signal = late(cafe, cafe.ask(cafe.rep, To(Level.OPERATION)))
    assert signal.receiver == coordinator.person
    assert signals_pass_on(today) == 1
    signal.refresh_from_db()
    assert (signal.receiver, signal.to_level) == (cafe.sector_chief.person, Level.ANCHORING)


# --- Messages ------------------------------------------------------------------------------------------
def test_the_receiver_is_told_until_she_has_seen_it_and_again_when_it_is_late(cafe: Cafe) -> None:
    soon = timezone.localdate() + timedelta(days=7)
    signal = cafe.ask(cafe.rep, To(Level.ANCHORING), due_on=soon)
    assert kinds(cafe.sector_chief.person) == {"signal_asked", "signal_late"}
    said = words(signal, "signal_asked", cafe.sector_chief.person)
    assert "Hvem kan låse opp" in said
    assert f"/sporsmal/{signal.pk}/" in said
    signal_see(signal=signal, by=cafe.sector_chief.user)
    notice = Notice.objects.get(kind="signal_asked")
    source = source_of("signal_asked")
    assert source is not None
    assert source.about(notice) is None
    late_one = Notice.objects.get(kind="signal_late")
    assert late_one.tell_on > late_one.due_on
    notices_check()
    assert set(Notice.objects.filter(state=NoticeState.COMING).values_list("kind", flat=True)) == {
        "signal_late"
    }, "kept until its day"


def test_who_has_no_account_gets_the_words_and_no_link(cafe: Cafe) -> None:
    contact = PersonFactory.create(municipality=cafe.town.municipality, phone="+4755500101", channel="phone")
    ContactFactory.create(person=contact, party=cafe.partnership.parties.get(unit=cafe.town.unit))
    signal = cafe.ask(cafe.rep, To(Level.DEVELOPMENT, cafe.town.unit))
    assert "signal_asked" in kinds(contact)
    said = words(signal, "signal_asked", contact)
    assert "Hvem kan låse opp" in said
    assert "/sporsmal/" not in said


def test_the_asker_hears_of_the_answer_and_the_parties_of_a_decision(cafe: Cafe) -> None:
    contact = PersonFactory.create(municipality=cafe.town.municipality, email="olga@prove.example")
    ContactFactory.create(person=contact, party=cafe.partnership.parties.get(unit=cafe.town.unit))
    signal = cafe.ask(cafe.rep, To(Level.ANCHORING))
    signal_answer(
        signal=signal,
        text="Vi dekker leia.",
        answered_by=cafe.chief.person,
        by=cafe.chief.user,
        decision=True,
    )
    assert kinds(cafe.rep.person) == {"signal_answered"}
    assert "Vi dekker leia." in words(signal, "signal_answered", cafe.rep.person)
    assert kinds(contact) == {"signal_decided"}


def test_the_asker_hears_that_it_climbed(cafe: Cafe) -> None:
    signal = late(cafe, cafe.ask(cafe.rep, To(Level.ANCHORING)))
    signals_pass_on(working_day())
    assert "signal_climbed" in kinds(cafe.rep.person)
    assert "Torunn Sjef" in words(signal, "signal_climbed", cafe.rep.person)
