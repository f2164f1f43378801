"""Ideas: whose they are to answer, and how the giver is reached."""

from typing import Any

from django.db.models import Q, QuerySet

from partnerships.access import access_of
from partnerships.models import Initiative, Membership
from partnerships.models.initiative import InitiativeState
from partnerships.models.person import Channel
from partnerships.selectors.channel import gets_sms_unasked
from samskaping.accounts.permissions import Permission

STATE_COLORS = {
    InitiativeState.NEW: "warning",
    InitiativeState.ANSWERED: "neutral",
    InitiativeState.YES: "success",
    InitiativeState.BECAME: "success",
    InitiativeState.NO: "neutral",
}


def message_channel(initiative: Initiative) -> Channel | None:
    """None: she left no address a message goes to."""
    if initiative.email:
        return Channel.EMAIL
    return Channel.SMS if initiative.phone and gets_sms_unasked(initiative.phone) else None


def initiatives_here(user: Any, membership: Membership | None) -> QuerySet[Initiative]:
    """Of the place she works at now: all, for those who start partnerships for it; else what she holds."""
    if membership is None or membership.municipality_id is None:
        return Initiative.objects.none()
    access = access_of(user)
    here = Initiative.objects.filter(municipality=membership.municipality_id)
    if membership.municipality_id in access.municipalities_all(Permission.PARTNERSHIP_EDIT):
        return here
    return here.filter(holder=membership.pk)


def may_look(user: Any, membership: Membership | None) -> bool:
    """Whether ideas are among what she works with: all of them, or some were given to her."""
    if membership is None or membership.municipality_id is None:
        return False
    everywhere = access_of(user).municipalities_all(Permission.PARTNERSHIP_EDIT)
    return membership.municipality_id in everywhere or initiatives_here(user, membership).exists()


def who_may_hold(initiative: Initiative) -> QuerySet[Membership]:
    """Those who work here and may start something; the one who holds it now too."""
    from samskaping.accounts.permissions import roles_with

    working = Q(role__in=sorted(roles_with(Permission.PARTNERSHIP_EDIT)))
    rows = Membership.objects.current().filter(working, municipality=initiative.municipality_id)
    found: QuerySet[Membership] = rows.filter(person__isnull=False, person__erased_at=None)
    return found.select_related(
        "person", "unit", "centre", "organisation", "municipality__settings"
    ).order_by("person__name_key", "pk")
