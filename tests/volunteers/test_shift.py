"""Who comes to a time: yes, no, the waiting list, somebody who takes over, and two places at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from partnerships.models import Occurrence
from partnerships.services.privacy import person_erase
from samskaping.core.errors import DomainError, StateChanged
from tests.factories.accounts import UserFactory
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.partnerships import OrganisationFactory, PersonFactory
from tests.factories.volunteers import (
    AssignmentFactory,
    CrewFactory,
    ErrandFactory,
    ShiftFactory,
    VolunteerFactory,
)
from tests.factories.work import PartnershipFactory
from volunteers.models import Errand, Expense, HourEntry, OfferCrew, Shift, Volunteer
from volunteers.models.assignment import AssignmentState
from volunteers.models.shift import ShiftState
from volunteers.models.volunteer import VolunteerState
from volunteers.parts.shift import RULES
from volunteers.selectors.errand import errands_for, hers_who_may
from volunteers.services import shift as shift_services
from volunteers.services.assignment import assignment_set
from volunteers.services.clash import Clash
from volunteers.services.crew import crew_change, crew_out
from volunteers.services.errand import errand_take
from volunteers.services.hours import attendance_mark
from volunteers.services.shift import (
    every_time_set,
    shift_answer,
    shift_ask,
    shift_keep,
    shift_offer,
    shift_remove,
    shift_take,
    shifts_make,
    waiting_moved_up,
)
from volunteers.services.volunteer import volunteer_end, volunteer_pause

COMING, WAITING, CANNOT = ShiftState.COMING, ShiftState.WAITING, ShiftState.CANNOT


@pytest.fixture
def time(town: Any) -> Occurrence:
    """At the unit, with room for two."""
    town.settings.modules = {"shifts": True}
    town.settings.save()
    offer = OfferFactory.create(
        partnership=PartnershipFactory.create(municipality=town.municipality), unit=town.unit
    )
    CrewFactory.create(offer=offer, needed=1, places=2)
    return OccurrenceFactory.create(offer=offer)


def crew(time: Occurrence, number: int) -> list[Volunteer]:
    return [AssignmentFactory.create(offer=time.offer).volunteer for _ in range(number)]


def says(time: Occurrence, volunteer: Volunteer, comes: bool = True, **more: Any) -> Shift:
    return shift_answer(occurrence=time, volunteer=volunteer, comes=comes, by=None, **more)


def states(time: Occurrence) -> dict[int, str]:
    return dict(Shift.objects.filter(occurrence=time).values_list("volunteer", "state"))


def test_the_third_of_two_waits_and_moves_up(time: Occurrence) -> None:
    first, second, third = crew(time, 3)
    assert [says(time, one).state for one in (first, second, third)] == [COMING, COMING, WAITING]
    # Saying it again changes nothing but that she has confirmed it.
    assert says(time, first).confirmed_at is not None
    assert says(time, third).state == WAITING
    says(time, first, comes=False)
    assert states(time) == {first.pk: CANNOT, second.pk: COMING, third.pk: COMING}
    assert Shift.objects.get(volunteer=third).moved_up_at is not None
    # Who comes back finds it full.
    assert says(time, first).state == WAITING


def test_more_room_lets_who_waits_in(town: Any, time: Occurrence) -> None:
    people = crew(time, 4)
    for one in people:
        says(time, one)
    places = OfferCrew.objects.get()
    crew_change(offer=time.offer, version=places.version, changes={"places": 3}, by=town.coordinator.user)
    assert list(states(time).values()) == [COMING, COMING, COMING, WAITING]


def test_nobody_answers_what_is_off_or_over(time: Occurrence) -> None:
    (one,) = crew(time, 1)
    gone = OccurrenceFactory.create(offer=time.offer, starts_at=timezone.now() - timedelta(hours=5), day=None)
    off = OccurrenceFactory.create(
        offer=time.offer, starts_at=timezone.now() + timedelta(days=3), cancelled_at=timezone.now()
    )
    for other in (gone, off):
        with pytest.raises(StateChanged):
            says(other, one)
    one.state, one.ended_on = VolunteerState.ENDED, timezone.localdate()
    one.save()
    with pytest.raises(DomainError, match="sluttet"):
        says(time, one)


def test_somebody_takes_over_and_until_then_it_is_hers(time: Occurrence) -> None:
    first, second, third = crew(time, 3)
    hers = says(time, first)
    shift_offer(shift=hers, by=None)
    assert states(time) == {first.pk: COMING}
    shift_take(shift=hers, volunteer=second, by=None)
    assert states(time) == {first.pk: CANNOT, second.pk: COMING}
    with pytest.raises(StateChanged, match="først"):
        shift_take(shift=hers, volunteer=third, by=None)
    with pytest.raises(StateChanged):
        shift_keep(shift=hers, by=None)
    with pytest.raises(StateChanged):
        shift_offer(shift=hers, by=None)


def test_who_waits_takes_over_at_once(time: Occurrence) -> None:
    first, second, third = crew(time, 3)
    hers = says(time, first)
    says(time, second)
    says(time, third)
    shift_offer(shift=hers, by=None)
    assert states(time) == {first.pk: CANNOT, second.pk: COMING, third.pk: COMING}
    assert Shift.objects.get(volunteer=third).moved_up_at is not None


def test_she_keeps_it_after_all(time: Occurrence) -> None:
    (one, other) = crew(time, 2)
    hers = shift_offer(shift=says(time, one), by=None)
    assert hers.offered_at is not None
    shift_keep(shift=hers, by=None)
    with pytest.raises(StateChanged):
        shift_take(shift=hers, volunteer=other, by=None)


def test_two_places_at_once_is_said_and_can_be_overridden(town: Any, time: Occurrence) -> None:
    """In any row of hers: she helps for a club too."""
    user = UserFactory.create()
    club = OrganisationFactory.create(municipality=town.municipality)
    rows = [
        VolunteerFactory.create(
            person=PersonFactory.create(
                municipality=town.municipality, user=user, controller_organisation=organisation
            )
        )
        for organisation in (None, club)
    ]
    other = OccurrenceFactory.create(
        offer__partnership=PartnershipFactory.create(municipality=town.municipality),
        offer__title="Korøvelse",
        starts_at=time.starts_at + timedelta(hours=1),
    )
    ShiftFactory.create(occurrence=other, volunteer=rows[1])
    with pytest.raises(Clash, match="Korøvelse"):
        says(time, rows[0])
    made = says(time, rows[0], clash_accepted=True)
    assert (made.state, made.clash_accepted) == (COMING, True)
    # Whoever would have come all the same, as by a link, and is nowhere else, is not said to be.
    free = OccurrenceFactory.create(offer=time.offer, starts_at=time.starts_at + timedelta(days=2))
    assert not says(free, rows[0], clash_accepted=True).clash_accepted


def test_every_time(town: Any, time: Occurrence) -> None:
    assignment = AssignmentFactory.create(offer=time.offer)
    later = OccurrenceFactory.create(offer=time.offer, starts_at=timezone.now() + timedelta(days=8))
    far = OccurrenceFactory.create(offer=time.offer, starts_at=timezone.now() + timedelta(days=90))
    says(later, assignment.volunteer, comes=False)
    every_time_set(assignment=assignment, on=True, by=None)
    # What she has said of one stays said.
    assert states(time) == {assignment.volunteer_id: COMING}
    assert states(later) == {assignment.volunteer_id: CANNOT}
    assert states(far) == {}
    new = OccurrenceFactory.create(offer=time.offer, starts_at=timezone.now() + timedelta(days=15))
    assert shifts_make(timezone.localdate()) == 1
    assert shifts_make(timezone.localdate()) == 0
    # Taken off by somebody, the clock does not put her there again.
    shift_remove(shift=Shift.objects.get(occurrence=new), by=town.coordinator.user)
    assert shifts_make(timezone.localdate()) == 0
    assert states(new) == {assignment.volunteer_id: CANNOT}
    # Everybody is asked of a time nobody has been put on yet: her yes is there, and she is not asked.
    newer = OccurrenceFactory.create(offer=time.offer, starts_at=timezone.now() + timedelta(days=22))
    other = AssignmentFactory.create(offer=time.offer).volunteer
    both = [assignment.volunteer, other]
    assert shift_ask(occurrence=newer, volunteers=both, by=town.coordinator.user) == 1
    assert states(newer) == {assignment.volunteer_id: COMING, other.pk: ShiftState.ASKED}


def test_out_of_the_crew_is_off_every_time_to_come(town: Any, time: Occurrence) -> None:
    people = [AssignmentFactory.create(offer=time.offer) for _ in range(3)]
    for one in people:
        says(time, one.volunteer)
    crew_out(assignment=people[0], by=town.coordinator.user)
    assert states(time) == {people[1].volunteer_id: COMING, people[2].volunteer_id: COMING}


def test_asked_are_those_who_have_said_nothing(town: Any, time: Occurrence) -> None:
    first, second = crew(time, 2)
    says(time, first)
    assert shift_ask(occurrence=time, volunteers=[first, second], by=town.coordinator.user) == 1
    assert states(time) == {first.pk: COMING, second.pk: ShiftState.ASKED}
    assert says(time, second).state == COMING


def test_on_a_pause_her_places_go_on_and_come_back_with_her(town: Any, time: Occurrence) -> None:
    later = OccurrenceFactory.create(offer=time.offer, starts_at=timezone.now() + timedelta(days=20))
    first, second, third = crew(time, 3)
    for one in (first, second, third):
        says(time, one)
    says(later, first)
    back = timezone.localdate() + timedelta(days=10)
    volunteer_pause(volunteer=first, until=back, by=None)
    assert states(time) == {second.pk: COMING, third.pk: COMING}
    # After it she comes as she said.
    assert states(later) == {first.pk: COMING}
    volunteer_end(volunteer=first, on=timezone.localdate(), reason=None, by=town.coordinator.user)
    assert states(later) == {}


def test_a_place_nobody_gave_away_is_given_by_the_clock(time: Occurrence) -> None:
    first, second, third = crew(time, 3)
    for one in (first, second, third):
        says(time, one)
    first.delete()
    assert states(time)[third.pk] == WAITING
    waiting_moved_up()
    assert states(time) == {second.pk: COMING, third.pk: COMING}


def test_the_old_goes_and_the_hours_stay(town: Any, time: Occurrence) -> None:
    long_ago = timezone.now() - timedelta(days=2000)
    been = OccurrenceFactory.create(offer=time.offer, starts_at=long_ago)
    (one,) = crew(time, 1)
    attendance_mark(occurrence=been, came=[one], by=town.coordinator.user)
    Expense.objects.create(municipality=town.municipality, volunteer=one, day=long_ago, km=3)
    paid = Expense.objects.create(
        municipality=town.municipality, volunteer=one, day=long_ago, km=4, paid_on=long_ago
    )
    for rule in RULES:
        rule.erase(rule.find(town.municipality, timezone.now() - timedelta(days=rule.most_days)))
    assert not Shift.objects.exists()
    assert HourEntry.objects.count() == 1
    # What nobody has paid is not forgotten.
    assert list(Expense.objects.values_list("km", flat=True)) == [3]
    assert paid.km == 4


def test_a_place_nobody_gave_away_is_for_the_line_and_not_for_a_newcomer(time: Occurrence) -> None:
    first, second, third, newcomer = crew(time, 4)
    for one in (first, second, third):
        says(time, one)
    first.delete()
    assert says(time, newcomer).state == WAITING
    assert states(time)[third.pk] == COMING


def test_who_is_on_her_way_in_moves_up_and_who_is_on_a_pause_does_not(time: Occurrence) -> None:
    first, second, paused, third = crew(time, 4)
    for one in (first, second, paused, third):
        says(time, one)
    Volunteer.objects.filter(pk=paused.pk).update(state=VolunteerState.PAUSED)
    Volunteer.objects.filter(pk=third.pk).update(state=VolunteerState.STARTING)
    says(time, first, comes=False)
    assert states(time)[third.pk] == COMING
    assert states(time)[paused.pk] == WAITING


def test_who_is_on_her_way_in_comes_every_time(time: Occurrence) -> None:
    assignment = AssignmentFactory.create(offer=time.offer, every_time=True)
    Volunteer.objects.update(state=VolunteerState.STARTING)
    shifts_make(timezone.localdate())
    assert states(time) == {assignment.volunteer_id: COMING}


@pytest.mark.parametrize(
    ("state", "left"),
    [(AssignmentState.PAUSED, 1), (AssignmentState.ENDED, 0), (AssignmentState.DECLINED, 0)],
)
def test_out_of_one_offer_is_off_its_lists_alone(time: Occurrence, state: AssignmentState, left: int) -> None:
    """For a while she keeps what she said no to: the clock shall not put her there when she is back."""
    assignment = AssignmentFactory.create(offer=time.offer)
    hers, others = assignment.volunteer, crew(time, 2)
    elsewhere = OccurrenceFactory.create(
        offer=OfferFactory.create(partnership=time.offer.partnership),
        starts_at=time.starts_at + timedelta(days=1),
    )
    later = OccurrenceFactory.create(offer=time.offer, starts_at=time.starts_at + timedelta(days=7))
    for one in (hers, *others):
        says(time, one)
    says(elsewhere, hers)
    says(later, hers, comes=False)
    assignment_set(assignment=assignment, state=state, by=None)
    assert states(time) == dict.fromkeys((one.pk for one in others), COMING)
    assert states(elsewhere) == {hers.pk: COMING}
    assert len(states(later)) == left


def test_locks_are_taken_in_the_order_of_the_keys(time: Occurrence, monkeypatch: pytest.MonkeyPatch) -> None:
    OccurrenceFactory.create(offer=time.offer, starts_at=time.starts_at - timedelta(hours=1), day=None)
    locked: list[int] = []
    lock = shift_services.occurrence_lock

    def noted(one: Occurrence) -> Occurrence:
        locked.append(one.pk)
        return lock(one)

    monkeypatch.setattr(shift_services, "occurrence_lock", noted)
    every_time_set(assignment=AssignmentFactory.create(offer=time.offer), on=True, by=None)
    assert len(locked) == 2
    assert locked == sorted(locked)


# --- What she took for one person -------------------------------------------------------------------------
def taken(town: Any, days: int = 2) -> tuple[Volunteer, Errand]:
    volunteer = VolunteerFactory.create(
        person=PersonFactory.create(municipality=town.municipality, user=UserFactory.create())
    )
    errand = ErrandFactory.create(unit=town.unit, starts_at=timezone.now() + timedelta(days=days))
    return volunteer, errand_take(errand=errand, volunteer=volunteer, by=None)


@pytest.mark.parametrize("how", ["ends", "pauses", "is erased"])
def test_who_is_gone_gives_back_what_she_took(town: Any, time: Occurrence, how: str) -> None:
    volunteer, errand = taken(town)
    other = VolunteerFactory.create(person__municipality=town.municipality)
    if how == "ends":
        volunteer_end(volunteer=volunteer, on=timezone.localdate(), reason=None, by=None)
    elif how == "pauses":
        volunteer_pause(volunteer=volunteer, until=None, by=None)
    else:
        person_erase(person=volunteer.person, by=None)
    errand.refresh_from_db()
    assert (errand.taken_by, errand.taken_at) == (None, None)
    assert list(errands_for(Volunteer.objects.filter(pk=other.pk))) == [errand]


def test_a_pause_that_is_over_by_then_keeps_it(town: Any, time: Occurrence) -> None:
    volunteer, errand = taken(town, days=9)
    volunteer_pause(volunteer=volunteer, until=timezone.localdate() + timedelta(days=5), by=None)
    errand.refresh_from_db()
    assert errand.taken_by == volunteer


def test_who_has_left_no_longer_sees_whom_it_was_for(town: Any, time: Occurrence) -> None:
    volunteer, errand = taken(town)
    user = volunteer.person.user
    assert user is not None
    # In the middle of it.
    Errand.objects.update(starts_at=timezone.now() - timedelta(minutes=20))
    assert hers_who_may(user, errand) == volunteer
    volunteer_end(volunteer=volunteer, on=timezone.localdate(), reason=None, by=None)
    assert hers_who_may(user, errand) is None
