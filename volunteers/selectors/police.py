"""Whose police certificate somebody handles. One row at a time, never a list with what it says."""

from django.db.models import Q, QuerySet

from partnerships.models import Membership, Organisation, Person, VolunteerCentre
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from volunteers.models import PoliceFact, PoliceResponsible, Volunteer


def handles_police(user: User, volunteer: Volunteer) -> bool:
    """The coordinator for the municipality's own; in a centre or an organisation the one who is named, and
    her deputy. Never she herself: what is noted of her is not hers to write."""
    if volunteer.person.user_id == user.pk:
        return False
    kept = Person.objects.reached_by(user, Permission.POLICE_FACT)
    named = PoliceResponsible.objects.filter(user=user, ended_at=None)
    municipal = Q(controller_organisation=None, controller_centre=None)
    return kept.filter(
        municipal
        | Q(controller_organisation__in=named.values("organisation"))
        | Q(controller_centre__in=named.values("centre")),
        pk=volunteer.person_id,
    ).exists()


def police_fact_of(user: User, volunteer: Volunteer) -> PoliceFact | None:
    found: PoliceFact | None = (
        PoliceFact.objects.visible_to(user).filter(volunteer=volunteer).select_related("shown_to").first()
    )
    return found


def responsible_for(side: VolunteerCentre | Organisation) -> dict[bool, PoliceResponsible]:
    """The one and her deputy (True), those there are."""
    rows = PoliceResponsible.objects.filter(ended_at=None, **_of(side)).select_related("user")
    return {row.is_deputy: row for row in rows}


def may_be_responsible(side: VolunteerCentre | Organisation) -> "QuerySet[Membership]":
    """Those who lead there: the right to handle it comes with the role, and the name with this choice."""
    return (
        Membership.objects.current()
        .filter(person__isnull=False, user__isnull=False, **_of(side))
        .select_related("person", "user")
        .order_by("person__name_key", "pk")
    )


def _of(side: VolunteerCentre | Organisation) -> dict[str, object]:
    return {"centre" if isinstance(side, VolunteerCentre) else "organisation": side}
