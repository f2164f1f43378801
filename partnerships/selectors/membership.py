"""Who has access, since when, and what somebody may hand out."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from partnerships.access import Access, access_of
from partnerships.models import Invitation, Membership, Organisation, Person, Unit, VolunteerCentre
from partnerships.models.membership import MembershipQuerySet
from samskaping.accounts.models import User
from samskaping.accounts.permissions import (
    CENTRE_ROLES,
    ORGANISATION_ROLES,
    UNIT_ROLES,
    Permission,
    Role,
    may_grant,
)
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key

# Long enough to answer «when did she leave?», short enough not to be a register of who worked here.
ENDED_SHOWN = timedelta(days=365)
# A guest is let in from the partnership she is to see, a national analyst by nobody in a municipality.
NOT_INVITED_HERE = frozenset({Role.GUEST, Role.NATIONAL})


def members(user: User, municipality: Municipality) -> MembershipQuerySet:
    """Everybody she manages there, with what a row shows joined in."""
    return (
        Membership.objects.visible_to(user)
        .filter(municipality=municipality)
        .select_related(
            *("person", "municipality__settings", "unit", "centre", "organisation", "process", "partnership")
        )
        # A name in the list is not yet a page: another controller's people have theirs with that one.
        .annotate(has_page=Exists(Person.objects.visible_to(user).filter(pk=OuterRef("person"))))
        .order_by("person__name_key", "pk")
    )


def members_now(user: User, municipality: Municipality) -> MembershipQuerySet:
    return members(user, municipality).current()


def members_ended(user: User, municipality: Municipality) -> MembershipQuerySet:
    """Those who left within the last year, the latest first."""
    today = timezone.localdate()
    since = today - ENDED_SHOWN
    return (
        members(user, municipality)
        .filter(Q(ended_at__date__gte=since) | Q(ended_at=None, valid_to__lt=today, valid_to__gte=since))
        .order_by("-ended_at", "-valid_to", "pk")
    )


def matching(
    found: MembershipQuerySet, *, q: str = "", role: str = "", unit: Unit | None = None
) -> MembershipQuerySet:
    """Every word of `q` begins a word in the name: «kari nord» finds Kari Nordmann."""
    for word in sort_key(q).split():
        found = found.filter(Q(person__name_key__startswith=word) | Q(person__name_key__contains=f" {word}"))
    if role:
        found = found.filter(role=role)
    return found.filter(unit=unit) if unit else found


def invitations_open(user: User, municipality: Municipality) -> list[Invitation]:
    """Sent and not answered; those that ran out stay until somebody sends them again or takes them away."""
    return list(
        Invitation.objects.visible_to(user)
        .filter(municipality=municipality, accepted_at=None, withdrawn_at=None)
        .select_related("person", "municipality__settings", "unit", "centre", "organisation", "process")
        .order_by("-created_at")
    )


Place = TypeVar("Place", Unit, VolunteerCentre, Organisation)


@dataclass(frozen=True)
class Grantable:
    """What one may invite to in a municipality: the roles, and the places that are one's own."""

    roles: tuple[Role, ...]
    whole: bool
    access: Access
    municipality: Municipality

    def units(self) -> QuerySet[Unit]:
        return self._places(Unit.objects.all(), self.access.own(Permission.MEMBER_MANAGE).unit_ids)

    def centres(self) -> QuerySet[VolunteerCentre]:
        return self._places(
            VolunteerCentre.objects.all(), self.access.own(Permission.MEMBER_MANAGE).centre_ids
        )

    def organisations(self) -> QuerySet[Organisation]:
        return self._places(
            Organisation.objects.all(), self.access.own(Permission.MEMBER_MANAGE).organisation_ids
        )

    def _places(self, places: QuerySet[Place], own: frozenset[int]) -> QuerySet[Place]:
        found = places.filter(municipality=self.municipality, ended_at=None)
        return found if self.whole else found.filter(pk__in=own)


def grantable(user: User, municipality: Municipality) -> Grantable:
    access = access_of(user)
    roles = {
        role
        for membership in access.memberships
        if membership.municipality_id == municipality.pk
        for role in may_grant(Role(membership.role))
    } - NOT_INVITED_HERE
    whole = municipality.pk in access.municipalities_all(Permission.MEMBER_MANAGE)
    own = access.own(Permission.MEMBER_MANAGE)
    if not whole:
        # Inside one's own only: a role for the whole municipality is not hers to give.
        fits = (
            (UNIT_ROLES | {Role.CHIEF} if own.unit_ids else frozenset())
            | (CENTRE_ROLES if own.centre_ids else frozenset())
            | (ORGANISATION_ROLES if own.organisation_ids else frozenset())
        )
        roles &= fits
    return Grantable(tuple(role for role in Role if role in roles), whole, access, municipality)
