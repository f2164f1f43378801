"""Hours come of who came, are corrected, and their sums never drift."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Occurrence
from samskaping.core.errors import DomainError, StateChanged
from tests.factories.accounts import UserFactory
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.volunteers import AssignmentFactory, CrewFactory, VolunteerFactory
from tests.factories.work import PartnershipFactory
from volunteers.models import HourEntry, HoursMonth, Shift, Volunteer
from volunteers.models.shift import HoursFrom, ShiftState
from volunteers.services.hours import attendance_mark, hours_correct, hours_note, hours_tell


@pytest.fixture
def been(town: Any) -> Occurrence:
    """Yesterday, for two hours; five people participated."""
    offer = OfferFactory.create(
        partnership=PartnershipFactory.create(municipality=town.municipality), unit=town.unit
    )
    return OccurrenceFactory.create(offer=offer, starts_at=timezone.now() - timedelta(days=1), attendance=5)


def counted_anew() -> dict[tuple[int | None, date], tuple[int, int]]:
    entries = HourEntry.objects.annotate(month=TruncMonth("day")).values("offer", "month").order_by()
    return {
        (row["offer"], row["month"]): (row["total"], row["number"])
        for row in entries.annotate(total=Sum("minutes"), number=Count("pk"))
    }


def kept() -> dict[tuple[int | None, date], tuple[int, int]]:
    return {
        (row.offer_id, row.month): (row.minutes, row.entries)
        for row in HoursMonth.objects.exclude(entries=0, minutes=0)
    }


def test_hours_come_of_who_came(town: Any, been: Occurrence) -> None:
    by = town.coordinator.user
    one, two, three = (AssignmentFactory.create(offer=been.offer).volunteer for _ in range(3))
    attendance_mark(occurrence=been, came=[one, two], absent=[three], by=by)
    assert list(HourEntry.objects.order_by("volunteer").values_list("volunteer", "minutes", "source")) == [
        (one.pk, 120, HoursFrom.ATTENDANCE),
        (two.pk, 120, HoursFrom.ATTENDANCE),
    ]
    assert Shift.objects.get(volunteer=three).state == ShiftState.ABSENT
    # How many participated is another number.
    been.refresh_from_db()
    assert been.attendance == 5
    # Once more is the same; corrected is less; absent is none.
    attendance_mark(occurrence=been, came=[one, two], by=by)
    attendance_mark(occurrence=been, came=[one], minutes={one.pk: 45}, by=by)
    assert HourEntry.objects.get(volunteer=one).source == HoursFrom.CORRECTED
    attendance_mark(occurrence=been, came=[], absent=[two], by=by)
    assert (
        kept()
        == counted_anew()
        == {(been.offer_id, timezone.localdate(been.starts_at).replace(day=1)): (45, 1)}
    )


def test_not_before_it_has_begun_and_never_more_than_a_day(town: Any, been: Occurrence) -> None:
    by, one = town.coordinator.user, AssignmentFactory.create(offer=been.offer).volunteer
    soon = OccurrenceFactory.create(offer=been.offer)
    with pytest.raises(StateChanged):
        attendance_mark(occurrence=soon, came=[one], by=by)
    with pytest.raises(DomainError):
        attendance_mark(occurrence=been, came=[one], minutes={one.pk: 1441}, by=by)
    with pytest.raises(DomainError):
        hours_note(
            offer=been.offer,
            day=timezone.localdate() + timedelta(days=1),
            minutes={one: 60},
            source=HoursFrom.TOLD,
            by=None,
        )


def test_an_offer_that_counts_no_hours_has_none(town: Any, been: Occurrence) -> None:
    CrewFactory.create(offer=been.offer, counts_hours=False)
    one = AssignmentFactory.create(offer=been.offer).volunteer
    attendance_mark(occurrence=been, came=[one], by=town.coordinator.user)
    assert not HourEntry.objects.exists()
    assert Shift.objects.get().state == ShiftState.CAME


def test_a_sum_never_drifts(town: Any, been: Occurrence) -> None:
    """Whatever is done, in whatever order: the sums are what a recount gives."""
    by, chance = town.coordinator.user, Random("hours")  # noqa: S311 - which steps, not a secret
    times = [
        OccurrenceFactory.create(offer=been.offer, starts_at=timezone.now() - timedelta(days=days))
        for days in (3, 33, 34, 65)
    ]
    people = [VolunteerFactory.create(person__municipality=town.municipality) for _ in range(4)]
    for _turn in range(60):
        some = chance.sample(people, chance.randrange(1, 5))
        match chance.randrange(4):
            case 0:
                attendance_mark(occurrence=chance.choice(times), came=some, by=by)
            case 1:
                attendance_mark(occurrence=chance.choice(times), came=[], absent=some, by=by)
            case 2:
                minutes = {one.pk: chance.randrange(0, 300) for one in some}
                attendance_mark(occurrence=chance.choice(times), came=some, minutes=minutes, by=by)
            case _:
                day = timezone.localdate() - timedelta(days=chance.randrange(60))
                noted = {one: chance.choice((0, 30, 90)) for one in some}
                hours_note(offer=been.offer, day=day, minutes=noted, source=HoursFrom.TOLD, by=by)
    assert kept() == counted_anew() != {}


def test_who_it_was_may_be_forgotten_and_the_sum_stays(town: Any, been: Occurrence) -> None:
    one = AssignmentFactory.create(offer=been.offer).volunteer
    attendance_mark(occurrence=been, came=[one], by=town.coordinator.user)
    before = kept()
    one.delete()
    assert HourEntry.objects.get().volunteer_id is None
    assert kept() == counted_anew() == before


# --- Her own page -----------------------------------------------------------------------------------------
def herself(volunteer: Volunteer) -> Client:
    volunteer.person.user = UserFactory.create()
    volunteer.person.save()
    client = Client()
    client.force_login(volunteer.person.user)
    return client


def test_she_corrects_what_came_of_itself_and_tells_only_the_rest(town: Any, been: Occurrence) -> None:
    """And when the attendance is marked afterwards, no hour is there twice and hers stay as she said."""
    town.settings.modules = {"shifts": True}
    town.settings.save()
    liv = AssignmentFactory.create(offer=been.offer).volunteer
    client, url, by = herself(liv), reverse("my_hours"), town.coordinator.user
    attendance_mark(occurrence=been, came=[liv], by=by)
    entry = HourEntry.objects.get()
    assert 'value="2"' in client.get(url).content.decode()
    client.post(reverse("my_hours_correct", args=[entry.pk]), {"hours": "1,5"})
    assert 'value="1,5"' in client.get(url).content.decode()
    attendance_mark(occurrence=been, came=[liv], by=by)
    entry.refresh_from_db()
    assert (entry.minutes, entry.source) == (90, HoursFrom.CORRECTED)

    same_day = {"offer": been.offer_id, "day": str(timezone.localdate(been.starts_at)), "hours": "3"}
    assert "Rett dem der" in client.post(url, same_day).content.decode()
    week_before = been.starts_at - timedelta(days=7)
    client.post(url, {**same_day, "day": str(timezone.localdate(week_before))})
    told = HourEntry.objects.get(source=HoursFrom.TOLD)
    later = OccurrenceFactory.create(offer=been.offer, starts_at=week_before)
    attendance_mark(occurrence=later, came=[liv], by=by)
    told.refresh_from_db()
    assert (told.minutes, told.occurrence) == (180, later)
    assert HourEntry.objects.count() == 2
    assert kept() == counted_anew()

    # A number somebody types afterwards goes before hers; an empty field in the form is the whole time.
    attendance_mark(occurrence=later, came=[liv], minutes={liv.pk: 30}, by=by)
    attendance_mark(occurrence=been, came=[liv], minutes={}, by=by)
    assert sorted(HourEntry.objects.values_list("minutes", flat=True)) == [30, 120]
    assert kept() == counted_anew()

    # Nobody else's, and not what is long past.
    correct = reverse("my_hours_correct", args=[entry.pk])
    other = herself(AssignmentFactory.create(offer=been.offer).volunteer)
    assert other.post(correct, {"hours": "9"}).status_code == 404
    HourEntry.objects.filter(pk=entry.pk).update(day=timezone.localdate() - timedelta(days=91))
    assert client.post(correct, {"hours": "9"}).status_code == 404


def test_what_she_told_she_can_take_back(town: Any, been: Occurrence) -> None:
    liv = AssignmentFactory.create(offer=been.offer).volunteer
    hours_tell(volunteer=liv, offer=been.offer, day=timezone.localdate(), minutes=30)
    hours_correct(entry=HourEntry.objects.get(), minutes=0, by=None)
    assert not HourEntry.objects.exists()
    assert kept() == {}
    # What is derived says that she was there, with nought.
    attendance_mark(occurrence=been, came=[liv], by=town.coordinator.user)
    hours_correct(entry=HourEntry.objects.get(), minutes=0, by=None)
    assert HourEntry.objects.get().minutes == 0
    assert kept() == counted_anew()
    CrewFactory.create(offer=been.offer, counts_hours=False)
    with pytest.raises(DomainError):
        hours_tell(volunteer=liv, offer=been.offer, day=timezone.localdate(), minutes=30)
