"""Who stands in for a viewer while the questions of home pages are written (core/stand_in.py)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import get_language

from partnerships.access import Access, access_of
from partnerships.models import Membership
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from samskaping.core.registries import Viewer, stand_in_from
from samskaping.core.stand_in import DAY, MOMENT, Numbers, StandIn

_PLACES = ("person", "municipality", "unit", "centre", "organisation", "partnership", "process")


def register() -> None:
    stand_in_from(stand_in_for)


def stand_in_for(viewer: Viewer) -> StandIn | None:
    """None for a viewer who is nobody."""
    if not isinstance(viewer.user, User):
        return None
    access = access_of(viewer.user)
    hers = list(access.memberships)
    if viewer.membership is not None and viewer.membership not in hers:
        hers.append(viewer.membership)
    numbers = Numbers()
    user = numbers.of("user", viewer.user.pk)
    rows = tuple(
        (
            membership.role,
            numbers.of("membership", membership.pk),
            *(numbers.of(place, getattr(membership, f"{place}_id")) for place in _PLACES),
        )
        for membership in hers
    )
    below = tuple(_units_below(access, numbers))
    current = hers.index(viewer.membership) if viewer.membership is not None else None
    granted = len(access.memberships)
    # Labels may stand in a question too: hers are in her language.
    key = (get_language(), viewer.user.is_active, rows, granted, current, below)
    make = partial(_viewer, user, rows, granted, current, below, is_active=viewer.user.is_active)
    return StandIn(key, make, numbers.hers(), viewer.today, viewer.now)


def _viewer(
    user_number: int | None,
    rows: Any,
    granted: int,
    current: int | None,
    below: Any,
    *,
    is_active: bool,
) -> Viewer:
    user = User(pk=user_number, is_active=is_active)
    memberships = []
    for role, pk, *places in rows:
        membership = Membership(pk=pk, role=role, user=user)
        for place, number in zip(_PLACES, places, strict=True):
            setattr(membership, f"{place}_id", number)
        if membership.municipality_id is not None:
            membership.municipality = Municipality(pk=membership.municipality_id)
        memberships.append(membership)
    access = Access(tuple(memberships[:granted]))
    children: dict[int, list[int]] = {}
    for parent, child in below:
        children.setdefault(parent, []).append(child)
    access.__dict__["_children"] = children
    user.__dict__["_access"] = access
    return Viewer(user, memberships[current] if current is not None else None, DAY, MOMENT)


def _units_below(access: Access, numbers: Numbers) -> Iterator[tuple[int | None, int | None]]:
    """Units and those right below them, from her own downwards."""
    wave = sorted({m.unit_id for m in access.memberships if m.unit_id})
    seen = set(wave)
    while wave:
        pairs = [(parent, child) for parent in wave for child in sorted(access._children.get(parent, ()))]
        for parent, child in pairs:
            yield numbers.of("unit", parent), numbers.of("unit", child)
        wave = [child for _parent, child in pairs if child not in seen]
        seen.update(wave)
