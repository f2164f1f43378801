"""How an offer keeps track of its volunteers, and who is in its crew."""

from typing import Any

from django.db import transaction

from partnerships.models import Offer
from partnerships.services.editing import edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.services.audit import audit_record
from volunteers.models import Assignment, OfferCrew
from volunteers.models.assignment import OPEN, AssignmentState
from volunteers.services.assignment import assignment_set
from volunteers.services.shift import places_given

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
    return assignment_set(assignment=assignment, state=AssignmentState.ENDED, by=by)
