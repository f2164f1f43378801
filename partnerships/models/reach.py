"""Rows somebody reaches in one of several ways."""

from collections.abc import Callable
from functools import cache, reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from partnerships.access import access_of
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.written import Given, Written


def union_of(*ways: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    first, *others = (way.order_by() for way in ways)
    return first.union(*others, all=True)


def in_any(*ways: "QuerySet[Any, Any]") -> Q:
    """Rows whose key one of these gives. Each finds its own by an index, where OR reads a nation's table."""
    return Q(pk__in=union_of(*ways))


Ways = dict[str, Any]


def ways(**leads_to: Any) -> Ways:
    """The ways she has, and the keys each leads to: a way to nothing is none."""
    return {
        way: sorted(keys) if isinstance(keys, frozenset) else keys for way, keys in leads_to.items() if keys
    }


@cache
def written(make: "Callable[[frozenset[str]], QuerySet[Any, Any]]", having: frozenset[str]) -> Written:
    """What `make` gives to those who have these ways; what they lead to stands in it as `Given`."""
    return Written(lambda: make(having))


def reached(make: "Callable[[frozenset[str]], QuerySet[Any, Any]]", by: Ways) -> "RawSQL | tuple[()]":
    """The same for `__in`.

    What she reaches stands in nearly every query of a page, and Django would build, copy and write it anew in
    each of them: half of what a page cost.
    """
    return written(make, frozenset(by)).part(**by)


# --- Partnerships: what most of the portal hangs on --------------------------------------------------
def ways_to_see(user: User | AnonymousUser) -> Ways:
    """How she comes to see partnerships, a guest's way among them: for `keys_seen`."""
    access = access_of(user)
    own = access.own(Permission.PARTNERSHIP_READ)
    return ways(
        towns=access.municipalities_all(Permission.PARTNERSHIP_READ),
        units=own.unit_ids,
        centres=own.centre_ids,
        organisations=own.organisation_ids,
        as_guest=access.guest_partnership_ids,
    )


def ways_to_work_in(user: User | AnonymousUser) -> Ways:
    return {way: keys for way, keys in ways_to_see(user).items() if way != "as_guest"}


def keys_seen(having: frozenset[str]) -> "QuerySet[Any, Any]":
    """Where she reaches everything, where her own take part, and where she is a guest."""
    from partnerships.models.partnership import Partnership, PartnershipParty

    found: list[QuerySet[Any, Any]] = []
    if "towns" in having:
        found.append(Partnership.objects.filter(municipality__in=Given("towns")).values("pk"))
    sides = {
        "towns": "party_municipality",
        "units": "unit",
        "centres": "centre",
        "organisations": "organisation",
    }
    hers = [Q(**{f"{side}__in": Given(way)}) for way, side in sides.items() if way in having]
    if hers:
        parties = PartnershipParty.objects.taking_part().filter(reduce(or_, hers))
        found.append(parties.values("partnership"))
    if "as_guest" in having:
        found.append(Partnership.objects.filter(pk__in=Given("as_guest")).values("pk"))
    return union_of(*found) if found else Partnership.objects.none()


def seen_by(user: User | AnonymousUser) -> Any:
    """The keys of what `visible_to` gives, for `__in`."""
    return reached(keys_seen, ways_to_see(user))


def worked_in(user: User | AnonymousUser) -> Any:
    """The keys of what `worked_in_by` gives, for `__in`."""
    return reached(keys_seen, ways_to_work_in(user))
