"""Who is away, and who answers for her meanwhile."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from partnerships.models import Absence, Membership, Person
from samskaping.accounts.permissions import Role
from samskaping.core.written import Given

# They come to look, not to work: nothing can be left to them.
_NO_DEPUTIES = (Role.GUEST, Role.OBSERVER)


def absences_of(membership: Membership) -> list[Absence]:
    """Those that are on or to come, the first one first."""
    return list(
        Absence.objects.filter(membership=membership, away_to__gte=timezone.localdate())
        .select_related("deputy", "municipality")
        .order_by("away_from", "pk")
    )


def people_away(on: date | Given) -> QuerySet[Absence]:
    """For `Exists`: absences of whoever the outer row's `person` is, that are on this day."""
    return Absence.objects.filter(
        membership__person=OuterRef("person"),
        membership__ended_at=None,
        away_from__lte=on,
        away_to__gte=on,
    )


def deputies_for(membership: Membership) -> QuerySet[Person]:
    """Colleagues: of the same centre, the same organisation, or else the municipality's own people."""
    colleagues = (
        Membership.objects.current()
        .filter(
            municipality=membership.municipality_id,
            centre=membership.centre_id,
            organisation=membership.organisation_id,
            person=OuterRef("pk"),
        )
        .exclude(role__in=_NO_DEPUTIES)
    )
    return Person.objects.filter(Exists(colleagues)).exclude(user=membership.user_id)


def deputy_of(membership: Membership, on: date) -> Person | None:
    """Whom to turn to on this day instead of her; None when she is there herself or left nobody in charge.

    A deputy whose own roles have ended meanwhile is no deputy any more.
    """
    absence = (
        Absence.objects.filter(
            membership=membership, away_from__lte=on, away_to__gte=on, deputy__isnull=False
        )
        .select_related("deputy")
        .first()
    )
    if absence is None or absence.deputy is None:
        return None
    still = deputies_for(membership).filter(pk=absence.deputy.pk).exists()
    return absence.deputy if still else None
