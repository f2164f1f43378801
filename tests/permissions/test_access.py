"""What memberships add up to: units and those below, the controller's wall, the neighbour's party, time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from partnerships.access import access_of, forget_access, get_for, require
from partnerships.models import (
    Invitation,
    Membership,
    Organisation,
    Partnership,
    Person,
    Unit,
    VolunteerCentre,
)
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Role
from tests.permissions import make
from tests.permissions.frame import Place
from tests.permissions.table import ACTORS
from tests.permissions.world import World

MODELS = (Unit, VolunteerCentre, Organisation, Person, Membership, Invitation, Partnership)


def seen(user: Any, model: Any) -> set[int]:
    return set(model.objects.visible_to(user).values_list("pk", flat=True))


def of(world: World, actor: str) -> User:
    user = world.users[actor]
    assert user is not None
    forget_access([user])
    return user


@pytest.mark.parametrize("actor", ACTORS)
def test_nobody_sees_a_row_of_another_municipality(world: World, actor: str) -> None:
    user = world.users[actor] or AnonymousUser()
    own = world.town(Place.OWN).municipality
    for model in MODELS:
        rows: Any = model.objects.visible_to(user)
        foreign = rows.exclude(municipality=own)
        if actor == "national" and model is Membership:
            foreign = foreign.exclude(user=user)
        assert not foreign.exists(), model


@pytest.mark.parametrize("actor", ["anonymous", "user", "superuser", "ended"])
def test_who_has_no_role_sees_nothing_but_herself(world: World, actor: str) -> None:
    user = world.users[actor]
    for model in (Unit, VolunteerCentre, Organisation, Invitation, Partnership):
        assert seen(user or AnonymousUser(), model) == set()
    mine = set(Person.objects.filter(user=user).values_list("pk", flat=True)) if user else set()
    assert seen(user or AnonymousUser(), Person) == mine


# --- Whose data it is -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("actor", "municipal", "organisation", "centre"),
    [
        ("coordinator", True, False, False),
        ("chief", True, False, False),
        ("sector_chief", False, False, False),
        ("unit_leader", False, False, False),
        ("staff", False, False, False),
        ("observer", False, False, False),
        ("centre_leader", False, False, True),
        ("organisation_rep", False, True, False),
        ("guest", False, False, False),
        ("national", False, False, False),
    ],
)
def test_controller_is_a_wall(
    world: World, actor: str, municipal: bool, organisation: bool, centre: bool
) -> None:
    people = world.town(Place.OWN).people
    visible = seen(of(world, actor), Person)
    assert [people[k].pk in visible for k in ("municipal", "organisation", "centre")] == [
        municipal,
        organisation,
        centre,
    ]


def test_municipal_centres_people_are_the_municipalitys(world: World) -> None:
    own = world.town(Place.OWN)
    leader = make.member(Role.CENTRE_LEADER, own.municipality, centre=own.municipal_centre)
    assert leader.person is not None
    assert leader.person.controller_centre is None
    assert leader.person.pk in seen(of(world, "coordinator"), Person)
    assert own.people["centre"].pk not in seen(leader.user, Person)


# --- Own, and those below -------------------------------------------------------------------------
def test_unit_reaches_down_and_never_up_or_sideways(world: World) -> None:
    own = world.town(Place.OWN)
    deep = make.unit(own.municipality, "avdeling", parent=own.unit)
    sector = access_of(of(world, "sector_chief")).own(Permission.MEMBER_MANAGE).unit_ids
    assert sector == {own.sector.pk, own.unit.pk, deep.pk}
    leader = access_of(of(world, "unit_leader")).own(Permission.PARTNERSHIP_READ).unit_ids
    assert leader == {own.unit.pk, deep.pk}


def test_ring_of_units_ends(world: World) -> None:
    own = world.town(Place.OWN)
    Unit.objects.filter(pk=own.sector.pk).update(parent=own.unit)
    try:
        reached = access_of(of(world, "unit_leader")).own(Permission.PARTNERSHIP_READ).unit_ids
        assert reached >= {own.sector.pk, own.unit.pk}
    finally:
        Unit.objects.filter(pk=own.sector.pk).update(parent=None)


def test_chief_of_a_sector_has_no_whole_municipality(world: World) -> None:
    own = world.town(Place.OWN)
    assert access_of(of(world, "chief")).municipalities_all(Permission.MEMBER_MANAGE) == {own.municipality.pk}
    assert access_of(of(world, "sector_chief")).municipalities_all(Permission.MEMBER_MANAGE) == frozenset()
    sees = seen(of(world, "sector_chief"), Membership)
    assert own.members["staff"].pk in sees
    assert own.members["other_staff"].pk not in sees


# --- The neighbour's party, and the guest ---------------------------------------------------------
@pytest.mark.parametrize("kind", ["unit", "organisation", "centre"])
def test_neighbours_party_sees_that_partnership_and_nothing_else(world: World, kind: str) -> None:
    own, theirs = world.town(Place.OWN), world.town(Place.NEIGHBOUR)
    name = {"unit": "unit_leader", "organisation": "organisation_rep", "centre": "centre_leader"}[kind]
    guest = theirs.members[name].user
    shared = make.partnership(own.municipality, "delt")
    asked = make.party(shared, accepted=False, **{kind: getattr(theirs, kind)})
    forget_access([guest])
    before = {model: seen(guest, model) for model in MODELS}
    assert shared.pk not in before[Partnership], "asked is not yet taking part"
    asked.accepted_at = timezone.now()
    asked.save()
    after = {model: seen(guest, model) for model in MODELS}
    assert after.pop(Partnership) - before.pop(Partnership) == {shared.pk}
    assert after == before
    assert get_for(guest, Permission.PARTNERSHIP_EDIT, Partnership, pk=shared.pk) == shared


def test_neighbours_coordinator_sees_what_her_parties_share(world: World) -> None:
    own, theirs = world.town(Place.OWN), world.town(Place.NEIGHBOUR)
    shared = make.partnership(own.municipality, "delt to")
    make.party(shared, unit=theirs.unit)
    coordinator = theirs.members["coordinator"].user
    assert shared.pk in seen(coordinator, Partnership)
    assert get_for(coordinator, Permission.PARTNERSHIP_EDIT, Partnership, pk=shared.pk) == shared
    assert own.partnership.pk not in seen(coordinator, Partnership)
    assert not Person.objects.visible_to(coordinator).filter(municipality=own.municipality).exists()


def test_guest_sees_one_partnership_and_no_person(world: World) -> None:
    own = world.town(Place.OWN)
    guest = of(world, "guest")
    assert seen(guest, Partnership) == {own.partnership.pk}
    assert access_of(guest).municipality_ids == frozenset()
    assert seen(guest, Unit) == set()
    assert seen(guest, Person) == {own.members["guest"].person_id}
    with pytest.raises(PermissionDenied):
        get_for(guest, Permission.PARTNERSHIP_EDIT, Partnership, pk=own.partnership.pk)


# --- Time, and who one is -------------------------------------------------------------------------
def ended(row: Membership) -> None:
    row.ended_at = timezone.now()


def past(row: Membership) -> None:
    row.valid_from, row.valid_to = (
        timezone.localdate() - timedelta(days=9),
        timezone.localdate() - timedelta(days=1),
    )


def not_yet(row: Membership) -> None:
    row.valid_from = timezone.localdate() + timedelta(days=1)


@pytest.mark.parametrize("change", [ended, past, not_yet])
def test_only_now_counts(world: World, change: Callable[[Membership], None]) -> None:
    own = world.town(Place.OWN)
    row = make.member(Role.COORDINATOR, own.municipality)
    assert seen(row.user, Unit)
    change(row)
    row.save()
    forget_access([row.user])
    assert seen(row.user, Unit) == set()
    assert not access_of(row.user).may(Permission.MEMBER_MANAGE)
    row.delete()


def test_last_day_counts(world: World) -> None:
    today = timezone.localdate()
    row = make.member(Role.COORDINATOR, world.town(Place.OWN).municipality, valid_from=today, valid_to=today)
    assert access_of(row.user).may(Permission.MEMBER_MANAGE)
    row.delete()


def test_closed_account_has_no_rights(world: World) -> None:
    row = make.member(Role.COORDINATOR, world.town(Place.OWN).municipality)
    row.user.is_active = False
    assert access_of(row.user).memberships == ()
    assert seen(row.user, Unit) == set()
    row.delete()


def test_rights_are_read_again_at_each_request(world: World) -> None:
    """T27: taken away between two clicks, gone at the second."""
    row = make.member(Role.COORDINATOR, world.town(Place.OWN).municipality)
    from django.test import Client

    client = Client()
    client.force_login(row.user)
    assert client.get("/folk/roller/").status_code == 200
    Membership.objects.filter(pk=row.pk).update(ended_at=timezone.now())
    assert client.get("/folk/roller/").status_code in (302, 403)
    row.delete()


# --- The door -------------------------------------------------------------------------------------
def test_door_tells_absent_from_forbidden_only_to_who_sees(world: World) -> None:
    own, theirs = world.town(Place.OWN), world.town(Place.NEIGHBOUR)
    leader = of(world, "unit_leader")
    for pk in (theirs.members["staff"].pk, own.members["coordinator"].pk, 2_000_000_000):
        with pytest.raises(Http404):
            get_for(leader, Permission.MEMBER_MANAGE, Membership, pk=pk)
    with pytest.raises(PermissionDenied):
        get_for(leader, Permission.MEMBER_MANAGE, Membership, pk=own.members["unit_leader"].pk)
    with pytest.raises(PermissionDenied):
        require(leader, Permission.MEMBER_MANAGE)
    found = get_for(
        of(world, "coordinator"), Permission.MEMBER_MANAGE, Membership, pk=own.members["staff"].pk
    )
    assert found == own.members["staff"]
