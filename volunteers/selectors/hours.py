"""Hours as sums: by offer, in a year. Read from the months' sums alone; no name comes near them."""

from typing import Any

from django.db.models import Q, QuerySet, Sum

from partnerships.access import access_of
from partnerships.models import Membership, Offer
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from volunteers.models import HoursMonth

PER_PAGE = 40


def offers_overviewed(user: User, membership: Membership | None) -> QuerySet[Offer]:
    """Those whose sums she may see, of the place she works now."""
    if membership is None or membership.municipality_id is None:
        return Offer.objects.none()
    access, permission = access_of(user), Permission.OVERVIEW_READ
    own = access.own(permission)
    reached = (
        Q(municipality__in=access.municipalities_all(permission))
        | Q(unit__in=own.unit_ids)
        | Q(centre__in=own.centre_ids)
        | Q(organisation__in=own.organisation_ids)
    )
    for person, unit in sorted(own.contact_at):
        reached |= Q(contact=person, unit=unit)
    return Offer.objects.filter(reached, municipality=membership.municipality_id)


def months_in(offers: QuerySet[Offer], year: int) -> QuerySet[HoursMonth]:
    return HoursMonth.objects.filter(
        offer__in=offers.order_by().values("pk"), month__year=year, entries__gt=0
    )


def by_offer(months: QuerySet[HoursMonth]) -> "QuerySet[Any, Any]":
    """The most first."""
    held = ("offer__unit__name", "offer__centre__name", "offer__organisation__name")
    sums: QuerySet[Any, Any] = months.order_by().values("offer", "offer__title", *held)
    summed: QuerySet[Any, Any] = sums.annotate(minutes_sum=Sum("minutes"), entries_sum=Sum("entries"))
    return summed.order_by("-minutes_sum", "offer")


def total_of(months: QuerySet[HoursMonth]) -> tuple[int, int]:
    """Minutes, and how many times somebody came."""
    found = months.order_by().aggregate(minutes_sum=Sum("minutes"), entries_sum=Sum("entries"))
    return found["minutes_sum"] or 0, found["entries_sum"] or 0


def by_month(months: QuerySet[HoursMonth]) -> list[dict[str, Any]]:
    sums: QuerySet[Any, Any] = months.order_by().values("month")
    return list(sums.annotate(minutes_sum=Sum("minutes"), entries_sum=Sum("entries")).order_by("month"))


def held_by(row: dict[str, Any]) -> str:
    return row["offer__unit__name"] or row["offer__centre__name"] or row["offer__organisation__name"] or ""


def in_hours(minutes: int) -> float:
    return round(minutes / 60, 1)
