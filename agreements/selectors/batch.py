"""Bunches of agreements as whoever sends them sees how far they have come."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from agreements.models import Batch, BatchRow
from agreements.models.envelope import EnvelopeState
from partnerships.access import access_of
from partnerships.models import Membership, Organisation, Unit, VolunteerCentre
from partnerships.selectors.actor_names import Actor
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Role, roles_with

_KEEPERS = roles_with(Permission.VOLUNTEER_CONTACT) - {Role.PLACE_CONTACT}
_SIGNED = (EnvelopeState.COMPLETED, EnvelopeState.SEALED)
TROUBLE_SHOWN = 50


@dataclass(frozen=True)
class Progress:
    people: int
    sent: int
    signed: int
    failed: int

    @property
    def left(self) -> int:
        return self.people - self.sent - self.failed

    @property
    def percent(self) -> int:
        return 100 * self.sent // self.people if self.people else 0


def batches_here(user: User, municipality_id: int) -> QuerySet[Batch]:
    seen = Batch.objects.visible_to(user).filter(municipality=municipality_id)
    return seen.annotate(
        people=Count("rows", distinct=True),
        sent=Count("rows", filter=Q(rows__sent_at__isnull=False), distinct=True),
    ).order_by("-created_at", "-pk")


def progress_of(batch: Batch) -> Progress:
    """One query."""
    signed = Q(agreement__envelopes__state__in=_SIGNED)
    counts = batch.rows.aggregate(
        people=Count("pk", distinct=True),
        sent=Count("pk", filter=Q(sent_at__isnull=False), distinct=True),
        signed=Count("pk", filter=signed, distinct=True),
        failed=Count("pk", filter=~Q(failed_because=""), distinct=True),
    )
    return Progress(**counts)


def trouble_in(batch: Batch) -> QuerySet[BatchRow]:
    rows = batch.rows.exclude(failed_because="").select_related("person")
    return rows.order_by("person__name_key", "pk")[:TROUBLE_SHOWN]


def not_signed_in(batch: Batch) -> QuerySet[BatchRow]:
    rows = batch.rows.filter(sent_at__isnull=False).exclude(agreement__envelopes__state__in=_SIGNED)
    return rows.select_related("person").order_by("person__name_key", "pk")[:TROUBLE_SHOWN]


def may_batch(membership: Membership | None) -> bool:
    """Those who keep people and may write to them."""
    return membership is not None and membership.municipality_id is not None and membership.role in _KEEPERS


def sides_for(user: User, membership: Membership) -> dict[str, Actor]:
    """For whom she may ask: her own place, or the municipality's units and centres."""
    town = membership.municipality_id
    access = access_of(user)
    if town in access.municipalities_all(Permission.VOLUNTEER_NAMES):
        units = Unit.objects.filter(municipality=town, ended_at=None).order_by("name_key")
        centres = VolunteerCentre.objects.filter(municipality=town, ended_at=None).order_by("name_key")
        found: list[Actor] = [*units, *(centre for centre in centres if not centre.is_controller)]
    else:
        own = access.own(Permission.VOLUNTEER_NAMES)
        found = [
            *VolunteerCentre.objects.filter(pk__in=own.centre_ids, municipality=town, ended_at=None),
            *Organisation.objects.filter(pk__in=own.organisation_ids, municipality=town, ended_at=None),
        ]
    return {f"{side._meta.model_name}-{side.pk}": side for side in found}
