"""Promising, claiming and finishing what is to be sent (docs/adr/0006).

A worker gets an id and nothing else. It claims the row by one conditional UPDATE on the
database's clock, does the work, and records the outcome if the lease is still its own. A killed
worker's lease runs out and the sweep rings again, so a message may be repeated only between the
mail server's yes and the commit, with the same Message-ID.
"""

import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from samskaping.core.models import Municipality, Outbox
from samskaping.core.models.outbox import OutboxState

logger = logging.getLogger("samskaping.outbox")

LEASE = timedelta(seconds=90)
MAX_ATTEMPTS = 10
BACKOFF = timedelta(seconds=20)
LONGEST_WAIT = timedelta(hours=1)
SWEEP_AT_MOST = 2000

Handler = Callable[[Outbox], bool]


class Undeliverable(Exception):
    """Trying again cannot help. The argument is a short code such as «no_address», kept on the row."""


class AddressRefused(Undeliverable):
    """The server or the supplier said for good that nobody is reached there. `what`: email or phone."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}_refused")
        self.what = what


# Told when an address was refused: the row that was to go there, and what it was. Core knows no people.
RefusalHeard = Callable[[Outbox, str], None]
_hear_refusals: list[RefusalHeard] = []


def on_address_refused(hear: RefusalHeard) -> RefusalHeard:
    _hear_refusals.append(hear)
    return hear


def address_refused(row: Outbox, what: str) -> None:
    """Tells those who know whose address it was; also called when a supplier says so afterwards."""
    for hear in _hear_refusals:
        hear(row, what)


class NotYet(Exception):
    """This is no hour to disturb anybody in: the row waits until then, and it costs no attempt."""

    def __init__(self, until: datetime) -> None:
        super().__init__("not_yet")
        self.until = until


_handlers: dict[str, tuple[Handler, int]] = {}


def outbox_handler(kind: str, *, version: int = 1) -> Callable[[Handler], Handler]:
    """Registers what sends a kind. The handler returns False when the reason to send is gone."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = (handler, version)
        return handler

    return register


def outbox_add(
    kind: str,
    key: str,
    *,
    payload: dict[str, Any],
    municipality: Municipality | None = None,
    after: timedelta | None = None,
) -> Outbox | None:
    """Promises to send, in the caller's transaction; None when the same promise stands already."""
    if not connection.in_atomic_block:
        message = "A promise outside a transaction could be kept for a change that never happened."
        raise RuntimeError(message)
    rows = Outbox.objects.bulk_create(
        [
            Outbox(
                kind=kind,
                key=key,
                payload=payload,
                payload_version=_handlers[kind][1],
                municipality=municipality,
                due_at=timezone.now() + after if after else Now(),
            )
        ],
        ignore_conflicts=True,
    )
    row = Outbox.objects.filter(message_id=rows[0].message_id).first()
    if row is not None and after is None:
        outbox_ring(row)
    return row


def outbox_add_many(
    kind: str, promises: Mapping[str, dict[str, Any]], *, municipality_ids: Mapping[str, int]
) -> int:
    """Promises many of one kind, key → payload; how many were new. For the clock, not for requests."""
    if not connection.in_atomic_block:
        message = "A promise outside a transaction could be kept for a change that never happened."
        raise RuntimeError(message)
    rows = Outbox.objects.bulk_create(
        [
            Outbox(
                kind=kind,
                key=key,
                payload=payload,
                payload_version=_handlers[kind][1],
                municipality_id=municipality_ids[key],
                due_at=Now(),
            )
            for key, payload in promises.items()
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    new = list(
        Outbox.objects.filter(message_id__in=[row.message_id for row in rows]).values_list("pk", flat=True)
    )

    def ring() -> None:
        for outbox_id in new:
            _ring(outbox_id)

    transaction.on_commit(ring, robust=True)
    return len(new)


def outbox_ring(row: Outbox) -> None:
    """Wakes a worker when the caller's transaction is through; the sweep would, a minute later."""

    # Robust: Redis being away must not reach the person who pressed the button. And a function, since
    # Django asks a hook that failed for its name, which a partial has not.
    def ring(outbox_id: int = row.pk) -> None:
        _ring(outbox_id)

    transaction.on_commit(ring, robust=True)


def _ring(outbox_id: int) -> None:
    from samskaping.core.tasks import outbox_deliver

    outbox_deliver.apply_async(args=(outbox_id,), retry=False)


def _open_and_due() -> QuerySet[Outbox]:
    """What may be claimed now, on the database's clock: what waits, and what a lease has run out for."""
    return Outbox.objects.filter(
        Q(state=OutboxState.WAITING, due_at__lte=Now()) | Q(state=OutboxState.LEASED, lease_until__lt=Now())
    )


def outbox_claim(outbox_id: int) -> Outbox | None:
    """Leases the row to this worker, or None when it is done, not due, or another's."""
    token = uuid.uuid4()
    claimed = (
        _open_and_due()
        .filter(pk=outbox_id)
        .update(
            state=OutboxState.LEASED, lease_token=token, lease_until=Now() + LEASE, attempts=F("attempts") + 1
        )
    )
    return Outbox.objects.get(pk=outbox_id) if claimed else None


def outbox_deliver_row(outbox_id: int) -> OutboxState | None:
    """Claims, sends and records one row. Returns the state it ended in; None when there was nothing to do."""
    row = outbox_claim(outbox_id)
    if row is None:
        return None
    handler, version = _handlers.get(row.kind, (None, 0))
    if handler is None or row.payload_version > version:
        # A newer portal wrote this; it stays for the worker that knows how.
        return _later(row, problem="unknown_version")
    try:
        wanted = handler(row)
    except AddressRefused as error:
        address_refused(row, error.what)
        return _finish(row, OutboxState.DEAD, problem=str(error))
    except NotYet as wait:
        return _wait(row, wait.until)
    except Undeliverable as error:
        return _finish(row, OutboxState.DEAD, problem=str(error))
    except Exception as error:
        logger.exception(
            "outbox failed", extra={"outbox": row.pk, "kind": row.kind, "attempts": row.attempts}
        )
        if row.attempts >= MAX_ATTEMPTS:
            return _finish(row, OutboxState.DEAD, problem=type(error).__name__)
        return _later(row, problem=type(error).__name__)
    return _finish(row, OutboxState.SENT if wanted else OutboxState.DROPPED)


def _finish(row: Outbox, state: OutboxState, *, problem: str = "") -> OutboxState:
    _mine(row).update(
        state=state, problem=problem[:120], finished_at=Now(), lease_token=None, lease_until=None
    )
    return state


def _later(row: Outbox, *, problem: str) -> OutboxState:
    wait = min(BACKOFF * 2 ** (row.attempts - 1), LONGEST_WAIT)
    _mine(row).update(
        state=OutboxState.WAITING,
        problem=problem[:120],
        due_at=Now() + wait,
        lease_token=None,
        lease_until=None,
    )
    return OutboxState.WAITING


def _wait(row: Outbox, until: datetime) -> OutboxState:
    _mine(row).update(
        state=OutboxState.WAITING,
        due_at=until,
        attempts=F("attempts") - 1,
        lease_token=None,
        lease_until=None,
    )
    return OutboxState.WAITING


def _mine(row: Outbox) -> QuerySet[Outbox]:
    """The row while this worker still holds it: one that was too slow changes nothing."""
    return Outbox.objects.filter(pk=row.pk, lease_token=row.lease_token)


def outbox_sweep() -> int:
    """Rings again for everything due: what Redis lost, what a killed worker held, what had to wait."""
    due = _open_and_due().order_by("due_at").values_list("pk", flat=True)[:SWEEP_AT_MOST]
    rung = 0
    for outbox_id in due:
        _ring(outbox_id)
        rung += 1
    return rung


def outbox_oldest_seconds() -> int:
    """How long the message that is most overdue has been so; 0 when nothing is."""
    oldest = _open_and_due().annotate(now=Now()).order_by("due_at").values_list("due_at", "now").first()
    return max(0, int((oldest[1] - oldest[0]).total_seconds())) if oldest else 0
