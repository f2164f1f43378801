"""The permission module against product.md § 1, written out again by hand as a golden table."""

import pytest

from samskaping.accounts import permissions
from samskaping.accounts.permissions import (
    NEEDS_SECOND_FACTOR,
    Permission,
    Reach,
    Role,
    may_grant,
    reach,
    roles_with,
)

# a: all, o: own, f: own offers, -: no. Columns as in product.md § 1.
COLUMNS = (
    Role.COORDINATOR,
    Role.CHIEF,
    Role.UNIT_LEADER,
    Role.PLACE_CONTACT,
    Role.STAFF,
    Role.CENTRE_LEADER,
    Role.ORGANISATION_REP,
    Role.OBSERVER,
)
GOLDEN = {
    Permission.ACTOR_EDIT: "aao--oo-",
    Permission.CONTACT_READ: "aaaaaaa-",
    Permission.STRATEGY_READ: "aaaaaaaa",
    Permission.STRATEGY_PROPOSE: "aa---aa-",
    Permission.STRATEGY_CONFIRM: "-a---aa-",
    Permission.STRATEGY_EDIT: "aa------",
    Permission.PARTNERSHIP_READ: "aaooooo-",
    Permission.PARTNERSHIP_EDIT: "aaof-oo-",
    Permission.PROCESS_READ: "aaooooo-",
    Permission.PROCESS_EDIT: "a-ooooo-",
    Permission.OFFER_READ: "aaooooo-",
    Permission.OFFER_EDIT: "a-of-oo-",
    Permission.MAP_READ: "aaoooooa",
    Permission.MAP_NAMES: "aaooooo-",
    Permission.MAP_HOLD: "aaooooo-",
    Permission.MAP_EDIT: "a-o--oo-",
    Permission.AGREEMENT_DRAFT: "aao--oo-",
    Permission.VOLUNTEER_CONTACT: "a--f-oo-",
    Permission.VOLUNTEER_NAMES: "a-of-oo-",
    Permission.VOLUNTEER_TODAY: "a-ofooo-",
    Permission.POLICE_FACT: "a----oo-",
    Permission.ERRAND_POST: "a-ooo---",
    Permission.WALL_MANAGE: "a-oo----",
    Permission.EVALUATION_SET_UP: "a-o--oo-",
    Permission.EVALUATION_ANSWER: "aaooooo-",
    Permission.EVALUATION_READ: "aaoo-ooa",
    Permission.SIGNAL_RAISE: "aaooooo-",
    Permission.SIGNAL_ANSWER: "aao--oo-",
    Permission.OVERVIEW_READ: "aaof-ooa",
    Permission.MEMBER_MANAGE: "aa---oo-",
    Permission.SETTINGS_EDIT: "aa------",
    Permission.PERSON_READ: "aaoo-oo-",
    Permission.NOTICES_MANAGE: "a----oo-",
    Permission.HISTORY_READ: "aao--oo-",
    Permission.PRIVACY_MANAGE: "a----oo-",
    Permission.EXPORT_ROWS: "a----oo-",
    Permission.EXPORT_AGGREGATES: "aao--ooa",
}
LETTERS = {"a": Reach.ALL, "o": Reach.OWN, "f": Reach.OFFERS, "-": None}


@pytest.mark.parametrize("permission", Permission)
def test_table_is_as_product_says(permission: Permission) -> None:
    assert [reach(role, permission) for role in COLUMNS] == [LETTERS[c] for c in GOLDEN[permission]]


@pytest.mark.parametrize("role", [Role.GUEST, Role.NATIONAL])
def test_who_is_not_in_the_table_is_denied(role: Role) -> None:
    assert [p for p in Permission if reach(role, p)] == []


def test_every_role_is_a_column_or_denied() -> None:
    assert set(Role) == {*COLUMNS, Role.GUEST, Role.NATIONAL}


@pytest.mark.parametrize("name", ["strategy_reed", "", "STRATEGY_READ", "*"])
def test_unknown_name_crashes(name: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        reach(Role.COORDINATOR, Permission(name))
    with pytest.raises(KeyError):
        permissions.GRANTS[name]  # type: ignore[index]


def test_nobody_changes_the_table_while_the_portal_runs() -> None:
    with pytest.raises(TypeError):
        permissions.GRANTS[Permission.STRATEGY_EDIT] = {}  # type: ignore[index]


def test_nobody_makes_more_of_somebody_than_she_is() -> None:
    assert may_grant(Role.COORDINATOR) == may_grant(Role.CHIEF) == frozenset(Role) - {Role.NATIONAL}
    assert may_grant(Role.CENTRE_LEADER) == {Role.CENTRE_LEADER}
    assert may_grant(Role.ORGANISATION_REP) == {Role.ORGANISATION_REP}
    for role in (Role.UNIT_LEADER, Role.PLACE_CONTACT, Role.STAFF, Role.OBSERVER, Role.GUEST, Role.NATIONAL):
        assert may_grant(role) == frozenset()


def test_who_hands_out_roles_manages_members() -> None:
    assert {role for role in Role if may_grant(role)} == roles_with(Permission.MEMBER_MANAGE)


def test_second_factor_where_product_asks_for_it() -> None:
    assert {
        Role.COORDINATOR,
        Role.CHIEF,
        Role.CENTRE_LEADER,
        Role.UNIT_LEADER,
        Role.ORGANISATION_REP,
        Role.NATIONAL,
    } == NEEDS_SECOND_FACTOR
