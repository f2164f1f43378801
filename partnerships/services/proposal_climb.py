"""What nobody answers goes on by itself, a rung at a time (selectors/proposal_receiver.py).

Safe to run twice and side by side: each row is locked, looked at again, and has a new day after.
"""

import logging
from datetime import date

from django.db import transaction
from django.utils import timezone

from partnerships.models import Proposal
from partnerships.models.codesign import ProcessState
from partnerships.selectors.proposal_receiver import receivers, top_of
from samskaping.core.services.audit import audit_record
from samskaping.core.working_days import is_working_day, working_days_later

logger = logging.getLogger("samskaping.proposal")

# Working days for whoever it came to.
CLIMBS_AFTER = 5


def proposals_climb(today: date) -> int:
    """How many got somebody else to answer them. Only on working days: nobody answers on the others."""
    if not is_working_day(today):
        return 0
    late = Proposal.objects.filter(answered_at=None, answer_by__lt=today).exclude(
        process__state=ProcessState.ENDED
    )
    climbed = 0
    for pk in late.order_by("pk").values_list("pk", flat=True):
        try:
            climbed += _climb(pk, today)
        except Exception:
            # One proposal's trouble keeps no other waiting.
            logger.exception("proposal not climbed", extra={"proposal": pk})
    return climbed


@transaction.atomic
def _climb(pk: int, today: date) -> bool:
    locked = (
        Proposal.objects.filter(pk=pk, answered_at=None, answer_by__lt=today)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("municipality", "process__centre")
        .first()
    )
    if locked is None or not _lift(locked):
        return False
    locked.climbed_at = timezone.now()
    locked.answer_by = working_days_later(today, CLIMBS_AFTER)
    locked.save(update_fields=["climbed", "climbed_at", "answer_by"])
    audit_record("proposal_climbed", locked, by=None, data={"climbed": locked.climbed})
    return True


def _lift(proposal: Proposal) -> bool:
    """To the next rung where somebody stands who did not hold it before; the same person is no next one."""
    held_by = set(receivers(proposal))
    while proposal.climbed < top_of(proposal.process):
        proposal.climbed += 1
        if set(receivers(proposal)) - held_by:
            return True
    return False
