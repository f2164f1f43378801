"""The replay guard: after a restore nothing is sent twice unless somebody has decided so (docs/adr/0029).

A backup does not know what was sent after it was made. Rows that waited then may have been sent since, and
the clock will derive the same reminders again. Both are held until an operator sends or drops them. What a
person asks for at the keyboard (a sign-in code, an invitation) is new and goes at once.
"""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from samskaping.core.models import Outbox, Restore
from samskaping.core.models.outbox import OutboxState

_OPEN = (OutboxState.WAITING, OutboxState.LEASED)


def replay_guard_set(*, made_at: datetime, using: str) -> int:
    """Notes the restore and holds everything that waits. Returns how many rows are held."""
    with transaction.atomic(using=using):
        Restore.objects.using(using).create(made_at=made_at)
        return (
            Outbox.objects.using(using)
            .filter(state__in=_OPEN)
            .update(state=OutboxState.WAITING, lease_token=None, lease_until=None, held=True)
        )


def replay_guard_stands() -> bool:
    return Restore.objects.filter(released_at=None).exists()


@transaction.atomic
def replay_guard_release(*, send: bool) -> int:
    """Lets what is held go, or drops it. Returns how many rows it was."""
    held = Outbox.objects.filter(held=True)
    if send:
        count = held.update(held=False)
    else:
        count = held.update(
            held=False, state=OutboxState.DROPPED, finished_at=Now(), problem="dropped_after_restore"
        )
    Restore.objects.filter(released_at=None).update(released_at=Now())
    return count
