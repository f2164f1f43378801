"""On a pause, at an end, or out of one offer: her places go to those who wait."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from samskaping.accounts.models import User
from samskaping.core.services.audit import audit_record
from volunteers.models import Shift, Volunteer
from volunteers.models.shift import ShiftState
from volunteers.services.shift import OVER, move_up, occurrence_lock


@transaction.atomic
def shifts_let_go(
    volunteer: Volunteer,
    *,
    until: date | None = None,
    offer_id: int | None = None,
    for_good: bool = False,
    by: User | None,
) -> int:
    """On a pause or an end her coming places go to those who wait; how many. `until`: the day she is back.

    With `offer_id` there alone; `for_good`: what she said no to as well, so that she stands on no list.
    """
    coming = Shift.objects.filter(volunteer=volunteer, occurrence__starts_at__gt=timezone.now())
    coming = coming.exclude(state__in=OVER if for_good else (*OVER, ShiftState.CANNOT))
    if until is not None:
        coming = coming.filter(occurrence__starts_at__date__lt=until)
    if offer_id is not None:
        coming = coming.filter(occurrence__offer=offer_id)
    found = list(coming.select_related("occurrence").order_by("occurrence_id"))
    for shift in found:
        locked = occurrence_lock(shift.occurrence)
        shift.delete()
        if shift.state == ShiftState.COMING and locked.cancelled_at is None:
            move_up(locked)
    if found:
        audit_record("shifts_let_go", volunteer, by=by, data={"count": len(found)})
    return len(found)
