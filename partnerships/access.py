"""The wall between municipalities, and the one door through it.

`access_of(user)` is what her memberships add up to right now. Querysets ask it in `visible_to`;
views ask `get_for`, which gives the row, 404 (she may not know it exists) or 403 (she sees it but
may not do this), or `get_visible` where seeing is all there is. Rights are read once per request,
because each request has a user object of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.utils import timezone

from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Reach, Role, reach
from samskaping.core.written import Given, Written

if TYPE_CHECKING:
    from partnerships.models import Membership

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Own:
    """Units, centres and organisations, by id: what somebody works for, or what a row belongs to.

    A row may also belong to municipalities beside its owner's, those of its parties; and an offer to the
    person who is its contact, as long as she works at a unit of it.
    """

    unit_ids: frozenset[int] = frozenset()
    centre_ids: frozenset[int] = frozenset()
    organisation_ids: frozenset[int] = frozenset()
    municipality_ids: frozenset[int] = frozenset()
    # A person and a unit.
    contact_at: frozenset[tuple[int, int]] = frozenset()

    def meets(self, other: "Own") -> bool:
        return bool(
            self.unit_ids & other.unit_ids
            or self.centre_ids & other.centre_ids
            or self.organisation_ids & other.organisation_ids
            or self.contact_at & other.contact_at
        )


class Owned(Protocol):
    """A row that says whom it belongs to, beside its municipality."""

    @property
    def municipality_id(self) -> int | None: ...

    def owned_by(self) -> Own: ...


@dataclass
class Access:
    memberships: tuple["Membership", ...] = ()
    _own: dict[Permission, Own] = field(default_factory=dict)

    @cached_property
    def municipality_ids(self) -> frozenset[int]:
        """Where she works. A guest is let in to one thing only, so guests are not among them."""
        return frozenset(
            m.municipality_id for m in self.memberships if m.municipality_id and m.role != Role.GUEST
        )

    @cached_property
    def guest_partnership_ids(self) -> frozenset[int]:
        return frozenset(m.partnership_id for m in self.memberships if m.partnership_id)

    @cached_property
    def guest_process_ids(self) -> frozenset[int]:
        return frozenset(m.process_id for m in self.memberships if m.process_id)

    @cached_property
    def is_national(self) -> bool:
        return any(m.role == Role.NATIONAL for m in self.memberships)

    def municipalities_all(self, permission: Permission) -> frozenset[int]:
        """The municipalities where the permission reaches everything."""
        return frozenset(
            m.municipality_id
            for m in self._with(permission, Reach.ALL)
            if m.municipality_id and not _sector(m)
        )

    def municipalities_with(self, permission: Permission) -> frozenset[int]:
        """Where she may do this to anything at all, however far it goes."""
        return frozenset(m.municipality_id for m in self._with(permission, Reach.SELF) if m.municipality_id)

    def own(self, permission: Permission) -> Own:
        """What the permission reaches beside whole municipalities; a unit includes those below it."""
        if permission not in self._own:
            holders = self._with(permission, Reach.OWN)
            self._own[permission] = Own(
                unit_ids=self._with_units_below({m.unit_id for m in holders if m.unit_id}),
                centre_ids=frozenset(m.centre_id for m in holders if m.centre_id),
                organisation_ids=frozenset(m.organisation_id for m in holders if m.organisation_id),
                contact_at=frozenset(
                    (m.person_id, unit)
                    for m in self._with(permission, Reach.OFFERS)
                    if m.person_id and m.unit_id
                    for unit in self._with_units_below({m.unit_id})
                ),
            )
        return self._own[permission]

    def may(self, permission: Permission, *, municipality_id: int | None = None) -> bool:
        """Whether she may do this to anything at all: for menus, buttons and list pages."""
        return any(
            municipality_id is None or m.municipality_id == municipality_id
            for m in self._with(permission, Reach.SELF)
        )

    def covers(self, permission: Permission, row: Owned) -> bool:
        """Whether the permission reaches this row."""
        everywhere = self.municipalities_all(permission)
        if row.municipality_id in everywhere:
            return True
        belongs_to = row.owned_by()
        return bool(belongs_to.municipality_ids & everywhere) or self.own(permission).meets(belongs_to)

    def _with(self, permission: Permission, at_least: Reach) -> list["Membership"]:
        found = []
        for membership in self.memberships:
            granted = reach(Role(membership.role), permission)
            if granted is not None and granted >= at_least:
                found.append(membership)
        return found

    @cached_property
    def leads(self) -> Own:
        """What she answers for by her role: a unit with those below it, a centre, an organisation, a town."""

        def places(role: Role, field: str) -> set[int]:
            found = (getattr(m, field) for m in self.memberships if m.role == role)
            return {place for place in found if place is not None}

        return Own(
            unit_ids=self._with_units_below(places(Role.UNIT_LEADER, "unit_id")),
            centre_ids=frozenset(places(Role.CENTRE_LEADER, "centre_id")),
            organisation_ids=frozenset(places(Role.ORGANISATION_REP, "organisation_id")),
            municipality_ids=frozenset(places(Role.COORDINATOR, "municipality_id")),
        )

    @cached_property
    def works_as(self) -> frozenset[int]:
        """The people she is by a role of her own. A guest and an observer look on."""
        looks_on = (Role.GUEST, Role.OBSERVER)
        return frozenset(m.person_id for m in self.memberships if m.person_id and m.role not in looks_on)

    def _with_units_below(self, unit_ids: set[int]) -> frozenset[int]:
        if not unit_ids:
            return frozenset()
        reached: set[int] = set()
        wave = unit_ids
        while wave:
            reached |= wave
            wave = {child for parent in wave for child in self._children.get(parent, ())} - reached
        return frozenset(reached)

    @cached_property
    def _children(self) -> dict[int, list[int]]:
        from partnerships.models import Unit

        children: dict[int, list[int]] = {}
        pairs = Unit.objects.filter(municipality__in=self.municipality_ids, parent__isnull=False).values_list(
            "parent_id", "pk"
        )
        for parent, child in pairs:
            children.setdefault(parent, []).append(child)
        return children


def _sector(membership: "Membership") -> bool:
    """A chief with a unit answers for that unit and those below, not for the whole municipality."""
    return membership.role == Role.CHIEF and membership.unit_id is not None


def _memberships() -> "models.QuerySet[Membership]":
    """One query also for what every page shows: names, own words, whether she is away, and what waits."""
    from partnerships.models import Membership

    today = Given("today")
    hers = Membership.objects.current(today).filter(user=Given("user")).with_away_to(today).with_questions()
    joined = hers.select_related("municipality__settings", "person", "unit", "centre", "organisation")
    return joined.order_by("granted_at", "pk")


_MEMBERSHIPS = Written(_memberships)


def access_of(user: User | AnonymousUser) -> Access:
    """What the user's memberships add up to. A superuser has what she was given, like anybody."""
    if not isinstance(user, User) or not user.is_active:
        return Access()
    found: Access | None = user.__dict__.get("_access")
    if found is None:
        found = Access(tuple(_MEMBERSHIPS.rows(user=user.pk, today=timezone.localdate())))
        user.__dict__["_access"] = found
    return found


def forget_access(users: Iterable[User]) -> None:
    """After a change of memberships in the same request: read them again."""
    for user in users:
        user.__dict__.pop("_access", None)


def get_visible(user: User | AnonymousUser, source: type[Row] | models.QuerySet[Row], **lookup: Any) -> Row:
    """The row she asked for, for pages that only show: what she sees she may read.

    Raises Http404 for what is not there and, in the same words, for what she may not know of.
    """
    rows: Any = source._default_manager.all() if isinstance(source, type) else source
    row: Row | None = rows.visible_to(user).filter(**lookup).first()
    if row is None:
        raise Http404
    return row


def get_for(
    user: User | AnonymousUser,
    permission: Permission,
    source: type[Row] | models.QuerySet[Row],
    **lookup: Any,
) -> Row:
    """The one door: the row she asked for, if she may see it and do this to it.

    Raises Http404 for what is not there and, in the same words, for what she may not know of;
    PermissionDenied for what she sees but may not do.
    """
    row = get_visible(user, source, **lookup)
    if not access_of(user).covers(permission, row):  # type: ignore[arg-type]
        raise PermissionDenied
    return row


def require(
    user: User | AnonymousUser, permission: Permission, *, municipality_id: int | None = None
) -> Access:
    """For pages about no single row: her access, or PermissionDenied when she may not do this anywhere."""
    access = access_of(user)
    if not access.may(permission, municipality_id=municipality_id):
        raise PermissionDenied
    return access
