"""All maps of a municipality, as far as somebody sees them, and how many empty places each has."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from partnerships.access import access_of
from partnerships.models import Duty, PartnershipParty, ResponsibilityMap, Unit
from partnerships.selectors.responsibility import red
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality

AT_MOST = 50


@dataclass(frozen=True)
class MapsPage:
    plan: ResponsibilityMap | None
    units: list[ResponsibilityMap]
    partnerships: list[ResponsibilityMap]
    # Units without a map, that she may make one for.
    without: list[Unit]


def maps_page(municipality: Municipality, user: User) -> MapsPage:
    empty = _empty(municipality, user)
    here: list[Any] = list(
        ResponsibilityMap.objects.visible_to(user)
        .filter(municipality=municipality, partnership=None)
        .select_related("unit", "municipality__settings")
        .order_by("unit__name_key", "pk")
    )
    # Only those with an empty place, which are known by now.
    partnerships: list[Any] = list(
        ResponsibilityMap.objects.filter(pk__in=empty, partnership__isnull=False)
        .select_related("partnership")
        .order_by("partnership__title_key", "pk")[:AT_MOST]
    )
    for plan in (*here, *partnerships):
        plan.empty = empty.get(plan.pk, 0)
    return MapsPage(
        plan=next((plan for plan in here if plan.unit_id is None), None),
        units=[plan for plan in here if plan.unit_id is not None],
        partnerships=partnerships,
        without=list(_without_map(municipality, user)),
    )


def _empty(municipality: Municipality, user: User) -> dict[int, int]:
    """How many duties nobody holds, or somebody who is leaving, by map; maps without such are not in it."""
    parties = PartnershipParty.objects.taking_part().filter(
        partnership=OuterRef("map__partnership"), party_municipality=municipality
    )
    around = Duty.objects.visible_to(user).filter(Q(map__municipality=municipality) | Exists(parties))
    return dict(red(around).order_by().values_list("map").annotate(count=Count("pk")))


def map_url(plan: ResponsibilityMap) -> str:
    if plan.partnership_id is not None:
        return reverse("partnership_map", args=[plan.partnership_id])
    return reverse("responsibility_map", args=[plan.pk])


def _without_map(municipality: Municipality, user: User) -> QuerySet[Unit]:
    access = access_of(user)
    units = Unit.objects.filter(municipality=municipality, ended_at=None, responsibility_map=None)
    if municipality.pk not in access.municipalities_all(Permission.MAP_EDIT):
        units = units.filter(pk__in=access.own(Permission.MAP_EDIT).unit_ids)
    return units
