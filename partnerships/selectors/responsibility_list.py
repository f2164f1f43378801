"""All maps of a municipality, as far as somebody sees them, and how many empty places each has."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from partnerships.access import access_of
from partnerships.asked import TODAY
from partnerships.models import Duty, PartnershipParty, ResponsibilityMap, Unit
from partnerships.models.reach import written
from partnerships.models.responsibility import maps_seen, ways_to_maps
from partnerships.selectors.responsibility import red
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from samskaping.core.written import Given, Written

AT_MOST = 50


@dataclass(frozen=True)
class MapsPage:
    plan: ResponsibilityMap | None
    units: list[ResponsibilityMap]
    partnerships: list[ResponsibilityMap]
    # Units without a map, that she may make one for.
    without: list[Unit]


def maps_page(municipality: Municipality, user: User) -> MapsPage:
    by = ways_to_maps(user)
    having, town = frozenset(by), municipality.pk
    empty = dict(written(_empty, having).rows(**by, town=town, today=timezone.localdate()))
    here: list[Any] = written(_here, having).rows(**by, town=town)
    # Only those with an empty place, which are known by now.
    partnerships: list[Any] = _WITH_EMPTY.rows(keys=list(empty))
    for plan in (*here, *partnerships):
        plan.empty = empty.get(plan.pk, 0)
        plan.empty_words = empty_words(plan.empty)
    return MapsPage(
        plan=next((plan for plan in here if plan.unit_id is None), None),
        units=[plan for plan in here if plan.unit_id is not None],
        partnerships=partnerships,
        without=_without_map(municipality, user),
    )


def empty_words(number: int) -> str:
    return ngettext("%(number)s tom plass", "%(number)s tomme plasser", number) % {"number": number}


def _empty(having: frozenset[str]) -> QuerySet[Any, Any]:
    """How many duties nobody holds, or somebody who is leaving, by map; maps without such are not in it."""
    town = Given("town")
    parties = PartnershipParty.objects.taking_part().filter(
        partnership=OuterRef("map__partnership"), party_municipality=town
    )
    around = Duty.objects.filter(maps_seen(having, "map__")).filter(
        Q(map__municipality=town) | Exists(parties)
    )
    counted = red(around, TODAY).order_by().values("map").annotate(count=Count("pk"))
    return counted.values_list("map", "count")


def _here(having: frozenset[str]) -> QuerySet[ResponsibilityMap]:
    return (
        ResponsibilityMap.objects.filter(maps_seen(having), municipality=Given("town"), partnership=None)
        .select_related("unit", "municipality__settings")
        .order_by("unit__name_key", "pk")
    )


_WITH_EMPTY = Written(
    lambda: (
        ResponsibilityMap.objects.filter(pk__in=Given("keys"), partnership__isnull=False)
        .select_related("partnership")
        .only("partnership__title")
        .order_by("partnership__title_key", "pk")[:AT_MOST]
    )
)


def map_url(plan: ResponsibilityMap) -> str:
    if plan.partnership_id is not None:
        return reverse("partnership_map", args=[plan.partnership_id])
    return reverse("responsibility_map", args=[plan.pk])


def _without_map(municipality: Municipality, user: User) -> list[Unit]:
    access = access_of(user)
    if municipality.pk in access.municipalities_all(Permission.MAP_EDIT):
        return _WITHOUT_MAP.rows(town=municipality.pk)
    units = access.own(Permission.MAP_EDIT).unit_ids
    return [unit for unit in _WITHOUT_MAP.rows(town=municipality.pk) if unit.pk in units] if units else []


_WITHOUT_MAP = Written(
    lambda: Unit.objects.filter(municipality=Given("town"), ended_at=None, responsibility_map=None).only(
        "name"
    )
)
