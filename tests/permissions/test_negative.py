"""The wall with one stone out: each defence is taken away in turn, and the matrix must see it.

A small part of the table is asked again with the real objects; without the patch it finds nothing.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import pytest

from partnerships import access
from partnerships.models import Invitation, Membership
from partnerships.models.invitation import InvitationQuerySet
from partnerships.models.membership import MembershipQuerySet
from partnerships.selectors import settings as settings_selector
from partnerships.views import membership as membership_views
from partnerships.views import settings as settings_views
from samskaping.accounts.permissions import Reach, Role
from samskaping.core.models import StoredFile
from samskaping.core.views import files as file_views
from samskaping.core.written import Written
from tests.permissions import frame
from tests.permissions.asking import ask_all
from tests.permissions.frame import Place
from tests.permissions.table import ACTORS, TABLE
from tests.permissions.world import CANARY, World, hidden_from

ASKED = (
    "membership_change",
    "membership_end",
    "invitation_withdraw",
    "stored_file",
    "municipality_settings",
    "members",
    "switch_membership",
)
WHO = ("staff", "coordinator", "superuser", "ended", "observer")
CELLS = [
    c
    for c in frame.cells({name: TABLE[name] for name in ASKED}, ACTORS)
    if c.actor in WHO and c.method == ("POST" if c.name == "switch_membership" else "GET")
]


def holes(world: World) -> Iterator[str]:
    """What the matrix finds wrong: another status than declared, or another's words in the answer."""
    for (actor, name), cells in groupby(CELLS, key=lambda c: (c.actor, c.name)):
        for given in ask_all(world, actor, cells, TABLE):
            if given.status != given.cell.expected or any(map(given.holds, hidden_from(actor))):
                yield f"{actor} {name} {given.cell.place.value}: {given.status}"


def everything(rows: Any, _user: Any) -> Any:
    return rows.all()


def memberships_of_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MembershipQuerySet, "visible_to", everything)


def invitations_of_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(InvitationQuerySet, "visible_to", everything)


def files_of_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(file_views, "files_open_to", lambda _user: StoredFile.objects.all())


def door_that_only_looks_up(patch: pytest.MonkeyPatch) -> None:
    """get_for without its rights: what `objects.get` in a view would be."""
    patch.setattr(membership_views, "get_for", lambda _user, _permission, rows, **lookup: rows.get(**lookup))


def door_that_asks_no_permission(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(access.Access, "covers", lambda *_args: True)


def settings_without_their_check(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        settings_views,
        "_editable",
        lambda request: (request.municipality, settings_selector.settings_for(request.municipality)),
    )


def switch_that_takes_any_membership(patch: pytest.MonkeyPatch) -> None:
    of_all = access.Access(tuple(Membership.objects.all()))
    patch.setattr(membership_views, "access_of", lambda _user: of_all)


def every_role_may_everything(patch: pytest.MonkeyPatch) -> None:
    """The table of roles answers yes to all."""
    patch.setattr(access, "reach", lambda _role, _permission: Reach.ALL)


def ended_roles_count(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MembershipQuerySet, "current", lambda rows, *_day: rows.all())
    # What was written before is written anew.
    patch.setattr(access, "_MEMBERSHIPS", Written(access._memberships))


def operators_may_everything(patch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = access.access_of

    def asked(user: Any) -> Any:
        if getattr(user, "is_superuser", False):
            return access.Access(tuple(Membership.objects.filter(role=Role.COORDINATOR, ended_at=None)))
        return real(user)

    for module in (access, settings_views, settings_selector):
        patch.setattr(module, "access_of", asked)
    import partnerships.models.invitation as invitations
    import partnerships.models.membership as memberships

    patch.setattr(invitations, "access_of", asked)
    patch.setattr(memberships, "access_of", asked)


def test_with_everything_in_place_there_is_no_hole(world: World) -> None:
    assert list(holes(world)) == []


@pytest.mark.parametrize(
    "without",
    [
        memberships_of_all,
        invitations_of_all,
        files_of_all,
        door_that_only_looks_up,
        door_that_asks_no_permission,
        settings_without_their_check,
        switch_that_takes_any_membership,
        every_role_may_everything,
        ended_roles_count,
        operators_may_everything,
    ],
)
def test_missing_stone_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch, without: Callable[[pytest.MonkeyPatch], None]
) -> None:
    with monkeypatch.context() as patch:
        without(patch)
        assert next(holes(world), None)


def test_canaries_are_where_they_should_be(world: World) -> None:
    """A canary nobody could find proves nothing."""
    assert Membership.objects.filter(person__name__contains=CANARY).count() > 20
    assert Invitation.objects.filter(person__name__contains=CANARY).count() == 2
    assert world.town(Place.NEIGHBOUR).municipality.name.startswith(CANARY)
