"""Hours as sums: by offer, in a year. Read from the months' sums alone; no name comes near them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from partnerships.access import access_of
from partnerships.models import Membership, Offer, Unit
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


@dataclass(frozen=True)
class OfOne:
    """The sum of one offer, or of what one unit asked somebody for."""

    offer: int | None
    unit: int | None
    minutes: int
    times: int
    title: str = ""
    held_by: str = ""

    @property
    def hours(self) -> float:
        return in_hours(self.minutes)


def by_offer(months: QuerySet[HoursMonth]) -> list[OfOne]:
    """The most first; without names, which `named` finds for those that are shown."""
    by_one = months.order_by().values_list("offer", "unit")
    summed = by_one.annotate(minutes_sum=Sum("minutes"), entries_sum=Sum("entries"))
    return [OfOne(*row) for row in summed.order_by("-minutes_sum", "offer", "unit")]


def named(sums: Sequence[OfOne]) -> list[OfOne]:
    joined = Offer.objects.select_related("unit", "centre", "organisation")
    offers = joined.in_bulk({one.offer for one in sums if one.offer})
    units = Unit.objects.in_bulk({one.unit for one in sums if one.unit})
    return [_named(one, offers.get(one.offer or 0), units.get(one.unit or 0)) for one in sums]


def _named(one: OfOne, offer: Offer | None, unit: Unit | None) -> OfOne:
    holder = (offer.unit or offer.centre or offer.organisation if offer else None) or unit
    return replace(one, title=offer.title if offer else _("Én-til-én"), held_by=holder.name if holder else "")


def by_month(months: QuerySet[HoursMonth]) -> list[dict[str, Any]]:
    sums: QuerySet[Any, Any] = months.order_by().values("month")
    return list(sums.annotate(minutes_sum=Sum("minutes"), entries_sum=Sum("entries")).order_by("month"))


def in_hours(minutes: int) -> float:
    return round(minutes / 60, 1)
