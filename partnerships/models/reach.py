"""Rows somebody reaches in one of several ways."""

from collections.abc import Callable, Set
from functools import cache, reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Field, Lookup, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields.related import ForeignObject

from partnerships.access import access_of
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.written import Given, Written


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """As `__in`, of keys that are found first: then each is looked up by an index, beside an OR too.

    With `IN` beside an OR, PostgreSQL goes through a nation's table and looks each row up among the keys.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        field, of_field = self.process_lhs(compiler, connection)
        keys, of_keys = self.process_rhs(compiler, connection)
        return f"{field} = ANY(ARRAY{keys})", (*of_field, *of_keys)


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


def among(field: str, keys: "RawSQL | tuple[()]") -> Q:
    """Rows where the field is one of what is `reached`, to stand beside other ways with OR."""
    return Q(**{f"{field}__among": keys}) if keys else Q(pk__in=())


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
    from partnerships.models.partnership import Partnership

    whole = Partnership.objects.filter(municipality__in=Given("towns")).values("pk")
    return union_of(*([whole] if "towns" in having else []), keys_beside_towns(having))


def keys_beside_towns(having: frozenset[str]) -> "QuerySet[Any, Any]":
    """What she reaches beside all that her municipalities have."""
    from partnerships.models.partnership import Partnership, PartnershipParty

    found: list[QuerySet[Any, Any]] = []
    sides = {"units": "unit", "centres": "centre", "organisations": "organisation"}
    hers = [Q(**{f"{side}__in": Given(way)}) for way, side in sides.items() if way in having]
    if "towns" in having:
        # At home a party's partnership is the municipality's own.
        next_door = ~Q(municipality=F("party_municipality"))
        hers.append(Q(next_door, party_municipality__in=Given("towns")))
    if hers:
        parties = PartnershipParty.objects.taking_part().filter(reduce(or_, hers))
        found.append(parties.values("partnership"))
    if "as_guest" in having:
        found.append(Partnership.objects.filter(pk__in=Given("as_guest")).values("pk"))
    return union_of(*found) if found else Partnership.objects.none()


def seen(having: frozenset[str]) -> Q:
    """Those of `keys_seen`, as a condition on partnerships."""
    beside = Q(pk__among=keys_beside_towns(having))
    return beside | Q(municipality__in=Given("towns")) if "towns" in having else beside


def of_town(user: User | AnonymousUser, *, path: str = "", beside: Set[int] = frozenset()) -> Q:
    """Rows of the municipalities where she reaches every partnership; beside it stands `beside_towns`.

    For partnerships, and for what always has the municipality of its partnership. `beside`: those whose rows
    she reaches already.
    """
    towns = access_of(user).municipalities_all(Permission.PARTNERSHIP_READ) - beside
    return Q(**{f"{path}municipality__in": towns})


def beside_towns(by: Ways) -> Any:
    """For `among`."""
    return reached(keys_beside_towns, by)


def seen_by(user: User | AnonymousUser) -> Any:
    """The keys of what `visible_to` gives, for `__in`."""
    return reached(keys_seen, ways_to_see(user))


def worked_in(user: User | AnonymousUser) -> Any:
    """The keys of what `worked_in_by` gives, for `__in`."""
    return reached(keys_seen, ways_to_work_in(user))
