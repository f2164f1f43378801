"""An offer that pauses, ends or gets other times: nobody's yes is lost, and who was coming hears of it."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from partnerships.models import Notice, Occurrence, Offer, OfferNews
from partnerships.models.offer import NewsKind
from partnerships.recurrence import Every, Repeats, Times
from partnerships.services.notice import notices_derive
from partnerships.services.offer import offer_end, offer_pause, offer_resume, offer_start, offer_times
from samskaping.core.working_days import OSLO
from tests.factories.volunteers import AssignmentFactory
from volunteers.models import Shift
from volunteers.models.shift import ShiftState
from volunteers.services.shift import shift_answer, shift_offer

NOW = datetime(2026, 9, 3, 12, tzinfo=OSLO)
TUESDAY, THURSDAY = date(2026, 9, 8), date(2026, 9, 10)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def weekly(first: date, hour: int = 10) -> Times:
    return Times(first, time(hour), time(hour + 2), Repeats(Every.WEEK).rule(first))


@pytest.fixture
def tur(town: Any) -> Offer:
    """Every Tuesday from ten to twelve."""
    town.settings.modules = {"shifts": True}
    town.settings.save()
    return offer_start(
        municipality=town.municipality, title="Tur", own=town.organisation, by=town.coordinator.user,
        times=weekly(TUESDAY),
    )  # fmt: skip


@pytest.fixture
def hers(tur: Offer) -> Shift:
    """She comes to the first, and asks somebody to take over."""
    volunteer = AssignmentFactory.create(offer=tur).volunteer
    made = shift_answer(occurrence=tur.occurrences.get(day=TUESDAY), volunteer=volunteer, comes=True, by=None)
    return shift_offer(shift=made, by=None)


@pytest.mark.parametrize("step", ["pause", "end"])
def test_her_yes_comes_back_with_the_offer(tur: Offer, hers: Shift, town: Any, step: str) -> None:
    by = town.coordinator.user
    if step == "pause":
        offer_pause(offer=tur, until=None, because="Stien er stengt", by=by)
    else:
        offer_end(offer=tur, ended_on=timezone.localdate(), because="Stien er stengt", by=by)
    off = tur.occurrences.get()
    assert (off.cancelled_because, off.off_with_offer) == ("Stien er stengt", True)
    offer_resume(offer=tur, by=by)
    hers.refresh_from_db()
    assert (hers.state, hers.occurrence.cancelled_at) == (ShiftState.COMING, None)
    assert hers.offered_at is not None
    assert tur.occurrences.taking_place().filter(day=TUESDAY).count() == 1
    # The pause was no change of this one time: it still follows the rule.
    offer_times(offer=Offer.objects.get(pk=tur.pk), version=2, times=weekly(TUESDAY, 13), by=by)
    assert timezone.localtime(Occurrence.objects.get(pk=off.pk).starts_at).hour == 13


def test_a_day_no_longer_wanted_is_called_off_and_told_and_comes_back(
    tur: Offer, hers: Shift, town: Any
) -> None:
    by = town.coordinator.user
    offer_times(offer=tur, version=0, times=weekly(THURSDAY), by=by)
    hers.occurrence.refresh_from_db()
    assert hers.occurrence.cancelled_at is not None
    assert {one.day.weekday() for one in tur.occurrences.taking_place() if one.day} == {3}
    assert not tur.occurrences.filter(day=TUESDAY + timedelta(days=7)).exists()
    told = OfferNews.objects.get(occurrence=hers.occurrence_id)
    assert told.kind == NewsKind.CANCELLED
    notices_derive(timezone.localdate())
    hears = Notice.objects.get(kind="shift_news")
    assert (hears.person, hears.object_id) == (hers.volunteer.person, str(told.pk))
    # It was a mistake.
    offer_times(offer=tur, version=1, times=weekly(TUESDAY), by=by)
    back = Shift.objects.get()
    assert (back.state, back.occurrence.cancelled_at) == (ShiftState.COMING, None)
    kinds = OfferNews.objects.filter(occurrence=hers.occurrence_id).order_by("pk")
    assert [one.kind for one in kinds] == [NewsKind.CANCELLED, NewsKind.RESTORED]


def test_what_is_far_off_is_called_off_without_a_message_for_each(tur: Offer, town: Any) -> None:
    volunteer = AssignmentFactory.create(offer=tur).volunteer
    for one in tur.occurrences.order_by("day")[:4]:
        shift_answer(occurrence=one, volunteer=volunteer, comes=True, by=None)
    offer_times(offer=tur, version=0, times=weekly(THURSDAY), by=town.coordinator.user)
    assert tur.occurrences.filter(off_with_offer=True).count() == 4
    assert OfferNews.objects.filter(kind=NewsKind.CANCELLED).count() == 2
