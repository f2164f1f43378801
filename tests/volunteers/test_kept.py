"""What is kept of a volunteer: who is shown a copy of it, and what the clock takes and leaves."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Initiative
from partnerships.services.initiative import Giver, initiative_give
from samskaping.core.models import RetentionReport
from samskaping.core.privacy import erasure_plan, export_of
from samskaping.core.services.reference import reference_load
from samskaping.core.services.retention import retention_run
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.partnerships import PersonFactory
from tests.factories.volunteers import ErrandFactory, ShiftFactory, VolunteerFactory
from tests.factories.work import PartnershipFactory
from tests.partnerships.noticing import Clock, at
from volunteers.models import CareNote, Errand, Expense, Guardian, HourEntry, PoliceFact, Shift, Volunteer
from volunteers.models.requirement import PoliceBasis, PoliceOutcome
from volunteers.models.shift import HoursFrom

RULES = {"volunteer_notes", "guardians", "hour_names", "shifts", "errands", "expenses"}


@pytest.fixture
def long_ago(town: Any) -> Any:
    """Gives somebody all that goes by the clock, three years old."""
    reference_load()
    partnership = PartnershipFactory.create(municipality=town.municipality)
    offer = OfferFactory.create(partnership=partnership, unit=town.unit)
    then = timezone.now() - timedelta(days=1100)
    time = OccurrenceFactory.create(offer=offer, starts_at=then, ends_at=then + timedelta(hours=1))

    def make(**person: Any) -> Volunteer:
        hers = VolunteerFactory.create(
            person=PersonFactory.create(municipality=town.municipality, **person), adult_from=then.date()
        )
        of_her: dict[str, Any] = {"municipality": town.municipality, "volunteer": hers}
        Guardian.objects.create(name="Foresatt Prøve", phone="+4790000001", **of_her)
        CareNote.objects.create(line="Ring på onsdag", gone_on=then.date(), **of_her)
        HourEntry.objects.create(offer=offer, day=then.date(), minutes=60, source=HoursFrom.TOLD, **of_her)
        Expense.objects.create(day=then.date(), km=5, paid_on=then.date(), **of_her)
        ShiftFactory.create(occurrence=time, volunteer=hers)
        ErrandFactory.create(unit=town.unit, taken_by=hers, taken_at=then, starts_at=then)
        return hers

    return make


def left_of(volunteer: Volunteer) -> set[type[Model]]:
    hers = (CareNote, Guardian, HourEntry, Shift, Expense)
    left: set[type[Model]] = {model for model in hers if model.objects.filter(volunteer=volunteer).exists()}
    return left | ({Errand} if Errand.objects.filter(taken_by=volunteer).exists() else set())


def test_nothing_goes_of_whoever_is_held_back(town: Any, long_ago: Any) -> None:
    held, other = long_ago(held_since=timezone.localdate()), long_ago()
    ErrandFactory.create(unit=town.unit, starts_at=timezone.now() - timedelta(days=1100))
    retention_run(town.municipality)
    assert left_of(held) == {CareNote, Guardian, HourEntry, Shift, Expense, Errand}
    assert left_of(other) == set()
    assert Errand.objects.get().taken_by == held
    for volunteer in (held, other):
        volunteer.refresh_from_db()
    assert (held.adult_from is None, other.adult_from) == (False, None)
    reports = RetentionReport.objects.filter(key__in=RULES)
    assert {report.key: report.held for report in reports} == dict.fromkeys(RULES, 1)


@pytest.mark.parametrize("hour", [0, 12])
def test_the_day_she_came_of_age_goes_without_a_guardian_too(
    town: Any, hour: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the calendar here, also in the hours when it is still yesterday in Greenwich."""
    reference_load()
    today = timezone.localdate()
    Clock(monkeypatch).set(at(today, hour=hour, minute=20))
    grown, young = (
        VolunteerFactory.create(
            person__municipality=town.municipality, adult_from=today + timedelta(days=days)
        )
        for days in (-31, 1)
    )
    shown = {
        row for section in export_of(young.person, herself=True) for rows in section.rows for row in rows
    }
    assert "Fyller 18" in shown
    retention_run(town.municipality)
    assert set(Volunteer.objects.filter(adult_from=None)) == {grown}


def test_whoever_gave_an_idea_is_forgotten_also_without_an_answer(town: Any) -> None:
    reference_load()
    old, new = (
        initiative_give(
            municipality=town.municipality, title=title, text="", where="",
            giver=Giver(name="Gro Prøve", email="gro@prove.example"),
        )
        for title in ("Hagelag", "Turlag")
    )  # fmt: skip
    Initiative.objects.filter(pk=old.pk).update(given_at=timezone.now() - timedelta(days=366))
    retention_run(town.municipality)
    assert set(Initiative.objects.filter(name="", email="")) == {old}
    assert set(Initiative.objects.exclude(name="")) == {new}


def test_the_police_certificate_is_only_in_her_own_copy(town: Any) -> None:
    volunteer = VolunteerFactory.create(person__municipality=town.municipality)
    PoliceFact.objects.create(
        municipality=town.municipality, volunteer=volunteer, outcome=PoliceOutcome.ASKED,
        basis=PoliceBasis.SCHOOL, asked_on=timezone.localdate(),
    )  # fmt: skip
    person = volunteer.person
    assert "volunteer_police" in {section.key for section in export_of(person, herself=True)}
    assert "volunteer_police" not in {section.key for section in export_of(person, herself=False)}
    assert not [fate for fate in erasure_plan(person) if "politi" in fate.label.lower()]
    boss = Client()
    boss.force_login(town.coordinator.user)
    other = VolunteerFactory.create(person__municipality=town.municipality)
    page = boss.get(reverse("volunteer_merge_with", args=[other.pk, volunteer.pk])).content.decode()
    assert "politi" not in page.lower()
