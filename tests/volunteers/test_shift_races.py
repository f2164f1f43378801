"""Two who press at the same moment, with real transactions: never overbooked, and nobody is told a lie.

A few rounds here; `make proof` runs the same at full numbers (tests/proof/shifts.py).
"""

from collections.abc import Callable
from functools import partial

import pytest

from partnerships.models import Occurrence
from samskaping.core.errors import StateChanged
from tests.agreements.tally import rounds, tally
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.volunteers import AssignmentFactory, CrewFactory, ErrandFactory, VolunteerFactory
from tests.factories.work import PartnershipFactory
from tests.partnerships.conftest import Town, make_town
from tests.partnerships.test_races import at_once
from volunteers.models import Errand, Shift, Volunteer
from volunteers.models.shift import ShiftState
from volunteers.services.errand import errand_take
from volunteers.services.shift import shift_answer, shift_offer, shift_take

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
ROUNDS = rounds(3)
COMING, WAITING, CANNOT = ShiftState.COMING, ShiftState.WAITING, ShiftState.CANNOT


def time_of(town: Town, *, places: int) -> Occurrence:
    partnership = PartnershipFactory.create(municipality=town.municipality)
    offer = OfferFactory.create(partnership=partnership, unit=town.unit)
    CrewFactory.create(offer=offer, places=places)
    return OccurrenceFactory.create(offer=offer)


def crew(time: Occurrence, number: int) -> list[Volunteer]:
    return [AssignmentFactory.create(offer=time.offer).volunteer for _ in range(number)]


def states(time: Occurrence) -> list[str]:
    return sorted(Shift.objects.filter(occurrence=time).values_list("state", flat=True))


def yes(time: Occurrence, volunteer: Volunteer) -> Shift:
    return shift_answer(occurrence=time, volunteer=volunteer, comes=True, by=None)


def last_place(town: Town) -> str:
    """What went wrong; empty when it held. Each is told what is so: one comes, the other waits."""
    time = time_of(town, places=1)
    outcome = at_once(*(partial(yes, time, one) for one in crew(time, 2)))
    told = sorted(one.state for one in outcome)
    held = told == states(time) == [COMING, WAITING]
    return "" if held else f"told {told}, stands {states(time)}"


def one_goes_as_one_comes(town: Town) -> str:
    """A place that becomes free is the first waiter's, or the newcomer's where nobody waited: never both."""
    time = time_of(town, places=1)
    first, second, third = crew(time, 3)
    yes(time, first)
    yes(time, second)
    at_once(
        lambda: shift_answer(occurrence=time, volunteer=first, comes=False, by=None),
        partial(yes, time, third),
    )
    found = dict(Shift.objects.filter(occurrence=time).values_list("volunteer", "state"))
    held = found == {first.pk: CANNOT, second.pk: COMING, third.pk: WAITING}
    return "" if held else f"{found}"


def two_take_over(town: Town) -> str:
    time = time_of(town, places=2)
    first, second, third = crew(time, 3)
    hers = shift_offer(shift=yes(time, first), by=None)
    outcome = at_once(*(partial(shift_take, shift=hers, volunteer=one, by=None) for one in (second, third)))
    refused = sum(isinstance(one, StateChanged) for one in outcome)
    held = refused == 1 and states(time) == [CANNOT, COMING]
    return "" if held else f"{refused} refused, {states(time)}"


def two_take_an_errand(town: Town) -> str:
    errand = ErrandFactory.create(unit=town.unit)
    both = [VolunteerFactory.create(person__municipality=town.municipality) for _ in range(2)]
    outcome = at_once(*(partial(errand_take, errand=errand, volunteer=one, by=None) for one in both))
    won = [one for one in outcome if isinstance(one, Errand)]
    stands = Errand.objects.get(pk=errand.pk).taken_by_id
    held = len(won) == 1 and won[0].taken_by_id == stands
    return "" if held else f"{len(won)} were told yes"


@pytest.mark.parametrize("tried", [last_place, one_goes_as_one_comes, two_take_over, two_take_an_errand])
def test_two_at_once(tried: Callable[[Town], str]) -> None:
    town = make_town()
    failures = [said for said in (tried(town) for _ in range(ROUNDS)) if said]
    tally(ROUNDS, failures)
    assert not failures, failures[:5]
