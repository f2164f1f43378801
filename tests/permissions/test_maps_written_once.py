"""The map's questions are written once for all who come the same way: each sees what `visible_to` gives."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest

from partnerships.access import forget_access
from partnerships.models import Duty, DutyHolder, ResponsibilityMap
from partnerships.models.reach import written
from partnerships.models.responsibility import maps_seen, ways_to_maps
from partnerships.selectors.responsibility_board import Who, board_of
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from tests.factories import work
from tests.factories.partnerships import PersonFactory, member
from tests.permissions.frame import Place
from tests.permissions.table import ACTORS
from tests.permissions.world import World


def _maps(having: frozenset[str]) -> Any:
    return ResponsibilityMap.objects.filter(maps_seen(having))


def _users(world: World) -> Iterator[User]:
    for actor in ACTORS:
        user = world.users[actor]
        if user is not None:
            forget_access([user])
            yield user
    # The other side of a partnership across the border, and a guest of it.
    shared, there = _across(world), world.town(Place.THIRD)
    yield member(there.municipality, Role.ORGANISATION_REP, organisation=there.organisation).user
    yield member(shared.municipality, Role.GUEST, partnership=shared, valid_to="2999-01-01").user


def _across(world: World) -> Any:
    own, there = world.town(Place.OWN), world.town(Place.THIRD)
    shared = work.PartnershipFactory.create(municipality=own.municipality)
    work.PartyFactory.create(partnership=shared, organisation=there.organisation)
    for partnership in (shared, None):
        plan = ResponsibilityMap.objects.filter(
            municipality=own.municipality, partnership=partnership, unit=None
        ).first() or work.MapFactory.create(municipality=own.municipality, partnership=partnership)
        for _ in range(2):
            work.hold(work.DutyFactory.create(map=plan), PersonFactory.create(municipality=own.municipality))
    return shared


def _named(card: Any) -> Iterator[Who]:
    return (who for who in (card.holder, card.deputy, card.asked, card.deputy_asked) if who is not None)


@pytest.mark.django_db
def test_everybody_sees_the_maps_duties_and_names_that_are_hers(world: World) -> None:
    users = [*_users(world)]
    plans = list(ResponsibilityMap.objects.all())
    some_seen = some_hidden = False
    for user in users:
        by = ways_to_maps(user)
        found = {plan.pk for plan in written(_maps, frozenset(by)).rows(**by)}
        assert found == {*ResponsibilityMap.objects.visible_to(user).values_list("pk", flat=True)}, user
        duties = {*Duty.objects.visible_to(user).filter(removed_at=None).values_list("pk", flat=True)}
        names = {*DutyHolder.objects.visible_to(user).values_list("pk", flat=True)}
        cards = [*chain.from_iterable(board_of([plan], user).cards for plan in plans)]
        assert {card.duty.pk for card in cards} == duties, user
        for who in chain.from_iterable(map(_named, cards)):
            assert bool(who.name) == (who.row.pk in names), (user, who.row.pk)
            some_seen, some_hidden = some_seen or bool(who.name), some_hidden or not who.name
    assert some_seen
    assert some_hidden
