"""All maps of a municipality, as far as somebody sees them, and how many empty places each has."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from partnerships.access import access_of
from partnerships.models import Duty, Partnership, ResponsibilityMap, Unit
from partnerships.models.partnership import Phase
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
    plans = with_red(ResponsibilityMap.objects.visible_to(user)).select_related(
        "unit", "partnership", "municipality__settings"
    )
    here = list(plans.filter(municipality=municipality, partnership=None).order_by("unit__name_key", "pk"))
    of_partnerships = (
        plans.filter(partnership__isnull=False, empty__gt=0)
        .filter(Q(municipality=municipality) | Q(partnership__in=_takes_part_in(municipality)))
        .exclude(partnership__phase=Phase.ENDED)
        .order_by("partnership__title_key", "pk")[:AT_MOST]
    )
    return MapsPage(
        plan=next((plan for plan in here if plan.unit_id is None), None),
        units=[plan for plan in here if plan.unit_id is not None],
        partnerships=list(of_partnerships),
        without=list(_without_map(municipality, user)),
    )


def with_red(plans: QuerySet[ResponsibilityMap]) -> QuerySet[Any]:
    """Adds `empty`: how many duties nobody holds, or somebody who is leaving."""
    empty = Exists(red(Duty.objects.filter(pk=OuterRef("duties__pk"))))
    return plans.annotate(empty=Count("duties", filter=Q(empty)))


def map_url(plan: ResponsibilityMap) -> str:
    if plan.partnership_id is not None:
        return reverse("partnership_map", args=[plan.partnership_id])
    return reverse("responsibility_map", args=[plan.pk])


def _takes_part_in(municipality: Municipality) -> QuerySet[Partnership]:
    return Partnership.objects.filter(
        parties__party_municipality=municipality, parties__accepted_at__isnull=False, parties__left_on=None
    )


def _without_map(municipality: Municipality, user: User) -> QuerySet[Unit]:
    access = access_of(user)
    units = Unit.objects.filter(municipality=municipality, ended_at=None, responsibility_map=None)
    if municipality.pk not in access.municipalities_all(Permission.MAP_EDIT):
        units = units.filter(pk__in=access.own(Permission.MAP_EDIT).unit_ids)
    return units
