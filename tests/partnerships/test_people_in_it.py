"""Who is kept because of what is done together, and what of it goes by itself."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from partnerships.models import LogEntry, Person, Signal
from samskaping.core.models import RetentionReport
from samskaping.core.services.reference import reference_load
from samskaping.core.services.retention import retention_run
from tests.factories import work
from tests.factories.partnerships import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _periods(db: None) -> None:
    reference_load()


def run_in(days: int, town: Any) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        retention_run(town.municipality)


def person(town: Any, **fields: Any) -> Person:
    made: Person = PersonFactory.create(municipality=town.municipality, **fields)
    return made


def kept(*people: Person) -> list[bool]:
    return [Person.objects.filter(pk=one.pk, erased_at=None).exists() for one in people]


def test_contacts_holders_and_those_who_wait_are_kept(town: Any) -> None:
    of_unit, of_party, holds, is_asked, waits, loose = (person(town) for _n in range(6))
    work.ContactFactory.create(person=of_unit, unit=town.unit)
    party = work.PartyFactory.create(partnership__municipality=town.municipality)
    work.ContactFactory.create(person=of_party, party=party)
    duty = work.DutyFactory.create(map__municipality=town.municipality)
    work.hold(duty, holds)
    work.hold(duty, is_asked, accepted_at=None)
    work.SignalFactory.create(municipality=town.municipality, raised_by=waits)
    run_in(200, town)
    assert kept(of_unit, of_party, holds, is_asked, waits, loose) == [True, True, True, True, True, False]


def test_they_are_let_go_when_it_is_over(town: Any) -> None:
    left, ended, held, refused, answered = (person(town) for _n in range(5))
    today, now = timezone.localdate(), timezone.now()
    gone = work.PartyFactory.create(partnership__municipality=town.municipality, left_on=today)
    work.ContactFactory.create(person=left, party=gone)
    over = work.PartnershipFactory.create(municipality=town.municipality, phase="ended", ended_on=today)
    work.ContactFactory.create(person=ended, party=work.PartyFactory.create(partnership=over))
    duty = work.DutyFactory.create(map__municipality=town.municipality)
    work.hold(duty, held, until=now)
    work.hold(duty, refused, accepted_at=None, declined_at=now)
    work.SignalFactory.create(
        municipality=town.municipality, raised_by=answered, state="answered",
        answer="Ja", answered_at=now,
    )  # fmt: skip
    run_in(200, town)
    assert kept(left, ended, held, refused, answered) == [False] * 5


def test_a_log_goes_some_time_after_its_partnership_ended(town: Any) -> None:
    runs = work.PartnershipFactory.create(municipality=town.municipality)
    over = work.PartnershipFactory.create(
        municipality=town.municipality, phase="ended", ended_on=timezone.localdate()
    )
    stays, goes = work.LogEntryFactory.create(partnership=runs), work.LogEntryFactory.create(partnership=over)
    held = work.LogEntryFactory.create(partnership=over, person=person(town, held_since=timezone.localdate()))
    run_in(700, town)
    assert LogEntry.objects.count() == 3
    run_in(740, town)
    assert set(LogEntry.objects.values_list("pk", flat=True)) == {stays.pk, held.pk}
    assert not LogEntry.objects.filter(pk=goes.pk).exists()
    assert RetentionReport.objects.filter(key="partnership_log", held=1).exists()


def test_answered_questions_go_and_open_ones_stay(town: Any) -> None:
    now = timezone.now()
    answered = {"state": "answered", "answer": "Ja", "answered_at": now}
    waits = work.SignalFactory.create(municipality=town.municipality)
    held_back = work.SignalFactory.create(
        municipality=town.municipality, raised_by=person(town, held_since=timezone.localdate()), **answered
    )
    work.SignalFactory.create(municipality=town.municipality, **answered)
    work.SignalFactory.create(municipality=town.municipality, state="closed", closed_at=now)
    run_in(1800, town)
    assert Signal.objects.count() == 4
    run_in(1830, town)
    assert set(Signal.objects.values_list("pk", flat=True)) == {waits.pk, held_back.pk}
