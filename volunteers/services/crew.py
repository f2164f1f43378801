"""How an offer keeps track of its volunteers, and who is in its crew."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.models import Offer
from partnerships.services.editing import edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.services.audit import audit_record
from volunteers.models import Assignment, OfferCrew, Shift
from volunteers.models.assignment import OPEN, AssignmentState
from volunteers.models.shift import ShiftState
from volunteers.services.assignment import assignment_set
from volunteers.services.shift import places_given, shift_remove

FIELDS = frozenset({"needed", "places", "asks_day_before", "counts_hours", "outside_url"})


@transaction.atomic
def crew_change(*, offer: Offer, version: int, changes: dict[str, Any], by: User) -> OfferCrew:
    """Saves what differs; the first save makes the row. More room lets those who wait move up.

    Raises ChangedMeanwhile when somebody saved after `version` was read.
    """
    Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    crew, is_new = OfferCrew.objects.get_or_create(
        offer=offer, defaults={"municipality_id": offer.municipality_id}
    )
    if not is_new:
        unchanged_since(crew, version)
    changed = edited(crew, changes, may_change=FIELDS, by=by)
    if changed or is_new:
        audit_record("crew_changed", crew, by=by, data={"fields": changed})
    if "places" in changed:
        places_given(offer.pk)
    return crew


@transaction.atomic
def crew_out(*, assignment: Assignment, by: User) -> Assignment:
    """No longer with the offer: her coming places go to those who wait. Doing it twice does it once."""
    if assignment.state not in OPEN:
        return assignment
    ended = assignment_set(assignment=assignment, state=AssignmentState.ENDED, by=by)
    coming = Shift.objects.filter(
        volunteer=assignment.volunteer_id,
        occurrence__offer=assignment.offer_id,
        occurrence__ends_at__gt=timezone.now(),
        occurrence__cancelled_at=None,
    ).exclude(state__in=(ShiftState.CAME, ShiftState.ABSENT))
    for shift in coming.select_related("occurrence", "volunteer__person").order_by("occurrence_id"):
        shift_remove(shift=shift, by=by)
    return ended
