"""What an operator does with a promise the portal gave up: tries again, or puts it away."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from samskaping.core.errors import StateChanged
from samskaping.core.models import Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.services.audit import audit_record
from samskaping.core.services.outbox import outbox_ring


@transaction.atomic
def outbox_try_again(*, row: Outbox, by: Any) -> Outbox:
    """From the first try, with the same Message-ID. Raises StateChanged when it is not dead."""
    locked = _dead(row)
    locked.state, locked.attempts, locked.losses = OutboxState.WAITING, 0, 0
    locked.problem, locked.finished_at, locked.due_at = "", None, Now()
    locked.save(update_fields=["state", "attempts", "losses", "problem", "finished_at", "due_at"])
    audit_record("outbox_tried_again", locked, by=by, data={"kind": locked.kind})
    outbox_ring(locked)
    return locked


@transaction.atomic
def outbox_put_away(*, row: Outbox, by: Any) -> Outbox:
    """Not to be sent after all. Raises StateChanged when it is not dead."""
    locked = _dead(row)
    locked.state = OutboxState.DROPPED
    locked.save(update_fields=["state"])
    audit_record("outbox_put_away", locked, by=by, data={"kind": locked.kind})
    return locked


def _dead(row: Outbox) -> Outbox:
    locked = Outbox.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=row.pk)
    if locked.state != OutboxState.DEAD:
        raise StateChanged(_("Meldingen venter ikke lenger på deg."))
    return locked
