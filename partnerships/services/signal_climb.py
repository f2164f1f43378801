"""What nobody answers goes on by itself: to a deputy, to whoever came after, and in the end up a level.

Safe to run twice and side by side: each row is locked, looked at again, and has a new day or receiver after.
"""

import logging
from datetime import date, timedelta

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from partnerships.models import Absence, Membership, Signal
from partnerships.models.areas import Level
from partnerships.models.signal import SignalState
from partnerships.selectors.signal_people import (
    CLIMBS_AFTER,
    climbs_on,
    deputy_for,
    next_above,
    receiver_at,
    side_of,
)
from partnerships.services.signal import signal_hand_to
from samskaping.accounts.permissions import Role
from samskaping.core.services.audit import audit_record
from samskaping.core.working_days import is_working_day, working_days_later

logger = logging.getLogger("samskaping.signal")


def signals_pass_on(today: date) -> int:
    """How many got somebody else to answer them. Only on working days: nobody answers on the others."""
    if not is_working_day(today):
        return 0
    away = Absence.objects.filter(
        membership__person=OuterRef("receiver"),
        deputy__isnull=False,
        away_from__lte=today,
        away_to__gte=today,
    )
    # At the earliest so many days after the day that was set; `climbs_on` counts the working ones.
    late = Q(due_on__lte=today - timedelta(days=CLIMBS_AFTER))
    waiting = Signal.objects.unanswered().filter(Q(receiver=None) | _gone() | Q(Exists(away)) | late)
    moved = 0
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        try:
            moved += _pass_on(pk, today)
        except Exception:
            # One question's trouble keeps no other waiting.
            logger.exception("signal not passed on", extra={"signal": pk})
    return moved


def _gone() -> Q:
    """Receivers who worked there and do so no more; a contact without a role has none to lose."""
    roles = Membership.objects.filter(person=OuterRef("receiver")).exclude(role=Role.GUEST)
    now = Membership.objects.current().filter(person=OuterRef("receiver"), user__is_active=True)
    return Q(Exists(roles)) & ~Q(Exists(now))


@transaction.atomic
def _pass_on(pk: int, today: date) -> bool:
    locked = (
        Signal.objects.unanswered()
        .annotate(receiver_gone=ExpressionWrapper(_gone(), output_field=BooleanField()))
        .select_for_update(of=("self",), skip_locked=True)
        .select_related(
            "municipality", "partnership", "receiver", "raised_by", "unit", "centre", "organisation"
        )
        .filter(pk=pk)
        .first()
    )
    if locked is None:
        return False
    climbs = climbs_on(locked)
    late = climbs is not None and climbs <= today
    if not late or _is_nobodys(locked):
        return _hand_over(locked, today, late=late) or (late and _climb(locked, today))
    # At the top there is nobody to climb to; her deputy may still be there.
    return _climb(locked, today) or _hand_over(locked, today, late=late)


def _is_nobodys(locked: Signal) -> bool:
    return locked.receiver is None or bool(locked.receiver_gone)  # type: ignore[attr-defined]


def _climb(locked: Signal, today: date) -> bool:
    rung = next_above(locked, today)
    if rung is None:
        return False
    locked.receiver, locked.state, locked.seen_at = rung.now, SignalState.NEW, None
    if side_of(locked) is None:
        locked.to_level = Level(rung.level)
    locked.climbed += 1
    locked.climbed_at = timezone.now()
    locked.due_on = working_days_later(today, CLIMBS_AFTER)
    locked.save(update_fields=["receiver", "state", "seen_at", "to_level", "climbed", "climbed_at", "due_on"])
    audit_record("signal_climbed", locked, by=None, data={"receiver": rung.now.pk, "level": locked.to_level})
    return True


def _hand_over(locked: Signal, today: date, *, late: bool) -> bool:
    """While she is away, or when she has left: to her deputy, else to whoever it would go to today."""
    if _is_nobodys(locked):
        receiver = receiver_at(
            municipality=locked.municipality,
            partnership=locked.partnership,
            level=Level(locked.to_level),
            side=side_of(locked),
            asker=locked.raised_by,
            on=today,
        )
    else:
        assert locked.receiver is not None  # noqa: S101 - somebody has it
        receiver = deputy_for(locked.receiver, today, asker=locked.raised_by)
    if receiver is None or receiver == locked.receiver:
        return False
    signal_hand_to(locked, receiver)
    if late:
        # Days of her own: else it would climb from her before she has read it.
        locked.due_on = working_days_later(today, CLIMBS_AFTER)
        locked.save(update_fields=["due_on"])
    audit_record("signal_passed_on", locked, by=None, data={"receiver": receiver.pk})
    return True
