"""Hours as sums: by offer, in a year. Read from the months' sums alone; no name comes near them."""

from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from partnerships.access import access_of
from partnerships.models import Membership, Offer
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from volunteers.models import HoursMonth

PER_PAGE = 40


def sums_overviewed(user: User, membership: Membership | None) -> QuerySet[HoursMonth]:
    """Those she may see, of the place she works now: of offers, and of what its units asked one for."""
    if membership is None or membership.municipality_id is None:
        return HoursMonth.objects.none()
    access, permission = access_of(user), Permission.OVERVIEW_READ
    own = access.own(permission)
    here = HoursMonth.objects.filter(municipality=membership.municipality_id)
    if membership.municipality_id in access.municipalities_all(permission):
        return here
    reached = (
        Q(unit__in=own.unit_ids) | Q(centre__in=own.centre_ids) | Q(organisation__in=own.organisation_ids)
    )
    for person, unit in sorted(own.contact_at):
        reached |= Q(contact=person, unit=unit)
    offers = Offer.objects.filter(reached, municipality=membership.municipality_id).order_by()
    return here.filter(Q(unit__in=own.unit_ids) | Q(offer__in=offers.values("pk")))


def months_in(sums: QuerySet[HoursMonth], year: int) -> QuerySet[HoursMonth]:
    return sums.filter(month__year=year, entries__gt=0)


def by_offer(months: QuerySet[HoursMonth]) -> "QuerySet[Any, Any]":
    """The most first. What a unit asked one for is one row of that unit."""
    held = ("offer__unit__name", "offer__centre__name", "offer__organisation__name", "unit__name")
    sums: QuerySet[Any, Any] = months.order_by().values("offer", "unit", "offer__title", *held)
    summed: QuerySet[Any, Any] = sums.annotate(minutes_sum=Sum("minutes"), entries_sum=Sum("entries"))
    return summed.order_by("-minutes_sum", "offer", "unit")


def total_of(months: QuerySet[HoursMonth]) -> tuple[int, int]:
    """Minutes, and how many times somebody came."""
    found = months.order_by().aggregate(minutes_sum=Sum("minutes"), entries_sum=Sum("entries"))
    return found["minutes_sum"] or 0, found["entries_sum"] or 0


def by_month(months: QuerySet[HoursMonth]) -> list[dict[str, Any]]:
    sums: QuerySet[Any, Any] = months.order_by().values("month")
    return list(sums.annotate(minutes_sum=Sum("minutes"), entries_sum=Sum("entries")).order_by("month"))


def held_by(row: dict[str, Any]) -> str:
    names = ("offer__unit__name", "offer__centre__name", "offer__organisation__name", "unit__name")
    return next((row[name] for name in names if row[name]), "")


def title_of(row: dict[str, Any]) -> str:
    return row["offer__title"] or _("Én-til-én")


def in_hours(minutes: int) -> float:
    return round(minutes / 60, 1)
