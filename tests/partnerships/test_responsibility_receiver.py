"""Whom the map suggests for a question, and what stands red."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from partnerships.models import Absence, Duty
from partnerships.models.areas import Level
from partnerships.models.responsibility import DutyGroup, DutyLevel, HolderPart
from partnerships.selectors.responsibility import receiver_for, red
from partnerships.services.membership import membership_end
from partnerships.services.party import party_leave
from samskaping.accounts.permissions import Role
from tests.factories.partnerships import PersonFactory, UnitFactory, member
from tests.factories.work import DutyFactory, MapFactory, PartnershipFactory, PartyFactory, hold
from tests.partnerships.conftest import Town

pytestmark = pytest.mark.django_db


def red_texts() -> set[str]:
    return set(red(Duty.objects.all()).values_list("text", flat=True))


def test_own_duty_before_the_inherited_and_deputy_while_she_is_away(town: Town) -> None:
    place = town.municipality
    leader, staff, deputy = (member(place, Role.STAFF, unit=town.unit, name=n) for n in ("A", "B", "C"))
    kafe = PartnershipFactory.create(municipality=place)
    PartyFactory.create(partnership=kafe, unit=town.unit)
    whole = MapFactory.create(municipality=place)
    inherited = DutyFactory.create(map=whole, group=DutyGroup.STAFF, level=DutyLevel.OPERATIVE)
    hold(inherited, leader.person)
    assert receiver_for(kafe, Level.OPERATION) == leader.person
    assert receiver_for(kafe, Level.ANCHORING) is None

    own = DutyFactory.create(
        map=MapFactory.create(municipality=place, partnership=kafe, inherits=whole), level=DutyLevel.OPERATIVE
    )
    hold(own, staff.person)
    hold(own, deputy.person, part=HolderPart.DEPUTY)
    assert receiver_for(kafe, Level.OPERATION) == staff.person

    today = timezone.localdate()
    Absence.objects.create(municipality=place, membership=staff, away_from=today, away_to=today)
    assert receiver_for(kafe, Level.OPERATION) == deputy.person
    assert receiver_for(kafe, Level.OPERATION, on=today + timedelta(days=1)) == staff.person


def test_the_nearest_units_map_is_the_one_inherited(town: Town) -> None:
    place = town.municipality
    below = UnitFactory.create(municipality=place, parent=town.unit)
    kafe = PartnershipFactory.create(municipality=place)
    PartyFactory.create(partnership=kafe, unit=below)
    people: list[Any] = [PersonFactory.create(municipality=place) for _n in range(2)]
    for unit, person in ((None, people[0]), (town.unit, people[1])):
        hold(DutyFactory.create(map=MapFactory.create(municipality=place, unit=unit)), person)
    assert receiver_for(kafe, Level.OPERATION) == people[1]


def test_red_is_vacant_leaving_or_gone_and_nothing_else(town: Town) -> None:
    plan = MapFactory.create(municipality=town.municipality)
    staff = member(town.municipality, Role.STAFF, unit=town.unit, name="Slutter")
    volunteer = PersonFactory.create(municipality=town.municipality)
    vacant, hers, leaving, position, without_role, removed = (
        DutyFactory.create(map=plan, text=text)
        for text in ("vacant", "hers", "leaving", "position", "without role", "removed")
    )
    hold(hers, staff.person)
    hold(leaving, volunteer, leaves_on=timezone.localdate() + timedelta(days=30))
    hold(position)
    hold(without_role, volunteer)
    Duty.objects.filter(pk=removed.pk).update(removed_at=timezone.now())
    assert red_texts() == {"vacant", "leaving"}

    membership_end(membership=staff, by=town.coordinator.user)
    assert red_texts() == {"vacant", "leaving", "hers"}
    assert receiver_for(PartnershipFactory.create(municipality=town.municipality), Level.OPERATION) != (
        staff.person
    )
    hold(vacant, volunteer, part=HolderPart.DEPUTY)
    assert "vacant" in red_texts()


def test_a_side_that_has_left_is_asked_no_more_and_its_duties_are_red(town: Town) -> None:
    place = town.municipality
    kafe = PartnershipFactory.create(municipality=place)
    PartyFactory.create(partnership=kafe, unit=town.unit)
    club = PartyFactory.create(partnership=kafe, organisation=town.organisation)
    plan = MapFactory.create(municipality=place, partnership=kafe)
    rep = member(place, Role.ORGANISATION_REP, organisation=town.organisation)
    both = member(place, Role.ORGANISATION_REP, organisation=town.organisation)
    member(place, Role.STAFF, unit=town.unit, user=both.user)
    volunteer = PersonFactory.create(municipality=place)
    first, second, third, stays = (
        DutyFactory.create(map=plan, text=text, level=DutyLevel.OPERATIVE, order=order)
        for order, text in enumerate(("first", "second", "third", "stays"))
    )
    hold(first, rep.person)
    hold(second, volunteer, organisation=town.organisation)
    asked = hold(third, rep.person, accepted_at=None)
    hold(stays, both.person)
    assert receiver_for(kafe, Level.OPERATION) == rep.person

    party_leave(party=club, by=town.coordinator.user)
    assert receiver_for(kafe, Level.OPERATION) == both.person
    assert red_texts() == {"first", "second", "third"}
    asked.refresh_from_db()
    assert asked.until is not None
