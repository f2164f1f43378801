"""Promising, claiming and finishing what is to be sent (docs/adr/0006).

A worker gets an id, or is called without one to take what is longest overdue. It claims a row by one
conditional UPDATE on the database's clock, does the work, and records the outcome if the lease is still
its own. A killed worker's lease runs out and the sweep calls again, so a message may be repeated only
between the mail server's yes and the commit, with the same Message-ID. tests/faults tries it.
"""

import logging
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import BooleanField, F, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from samskaping.core.db import database_away
from samskaping.core.logs import request_id
from samskaping.core.models import Municipality, Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.services.replay import replay_guard_stands

logger = logging.getLogger("samskaping.outbox")

# Longer than a delivery may take (core/tasks.py): whose lease ran out is dead, not slow.
LEASE = timedelta(seconds=60)
BACKOFF = timedelta(seconds=20)
LONGEST_WAIT = timedelta(hours=1)
# Our own mistakes do not mend themselves, nor does a message that kills who handles it.
MAX_ATTEMPTS = 10
# A mail server that is away over a weekend does: three days, an hour between tries.
MAX_ATTEMPTS_AWAY = 80
# Who waits for a code at the sign-in page does not queue behind reminders: Redis takes the lowest first,
# and whoever works through reminders stops after so many seconds to see whether somebody waits.
FIRST, AFTERWARDS = 0, 6
AT_IT = 1.0
# So many hands are called, however much is due: each takes the next by itself, and calls when it stops.
HANDS = 8
# A database that restarts is back by then, and what was sent can be recorded as sent.
RECORD_WITHIN, RECORD_PAUSE = 30.0, 1.0
# The one definition of what may be claimed: what waits, and what a lease has run out for.
DUE = (
    "NOT held AND (state = 'waiting' AND due_at <= statement_timestamp()"
    " OR state = 'leased' AND lease_until < statement_timestamp())"
)
# For so long a process leaves a Redis alone that did not answer: nobody else waits for it at her page.
SILENCE = 10.0

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


# Told when a supplier says afterwards that a message came through.
_hear_deliveries: list[Callable[[Outbox], None]] = []


def on_delivered(hear: Callable[[Outbox], None]) -> Callable[[Outbox], None]:
    _hear_deliveries.append(hear)
    return hear


def delivered(row: Outbox) -> None:
    for hear in _hear_deliveries:
        hear(row)


class NotYet(Exception):
    """This is no hour to disturb anybody in: the row waits until then, and it costs no attempt."""

    def __init__(self, until: datetime) -> None:
        super().__init__("not_yet")
        self.until = until


_handlers: dict[str, tuple[Handler, int]] = {}
_silent_until = 0.0


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
                due_at=Now() + after if after else Now(),
                held=_held(),
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
    """Promises many of one kind, key → payload; how many were new. For the clock, not for requests.

    In the order of their keys, so that two rounds at once wait for each other instead of for ever.
    """
    if not connection.in_atomic_block:
        message = "A promise outside a transaction could be kept for a change that never happened."
        raise RuntimeError(message)
    held = _held()
    rows = Outbox.objects.bulk_create(
        [
            Outbox(
                kind=kind,
                key=key,
                payload=payload,
                payload_version=_handlers[kind][1],
                municipality_id=municipality_ids[key],
                due_at=Now(),
                held=held,
            )
            for key, payload in sorted(promises.items())
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    new = list(
        Outbox.objects.filter(message_id__in=[row.message_id for row in rows]).values_list("pk", flat=True)
    )
    for _hand in new[:HANDS]:
        _on_commit(_call)
    return len(new)


def outbox_ring(row: Outbox) -> None:
    """Wakes a worker when the caller's transaction is through; the sweep would, half a minute later."""
    _on_commit(partial(_ring, row.pk))


def _on_commit(wake: Callable[[], None]) -> None:
    # Robust: Redis being away must not reach the person who pressed the button. And a function, since
    # Django asks a hook that failed for its name, which a partial has not.
    def woken() -> None:
        global _silent_until
        if time.monotonic() < _silent_until:
            return
        try:
            wake()
        except Exception:
            _silent_until = time.monotonic() + SILENCE
            raise

    transaction.on_commit(woken, robust=True)


def _ring(outbox_id: int) -> None:
    from samskaping.core.tasks import outbox_deliver

    outbox_deliver.apply_async(args=(outbox_id,), retry=False, priority=FIRST)


def _call() -> None:
    from samskaping.core.tasks import outbox_work_through

    outbox_work_through.apply_async(retry=False, priority=AFTERWARDS)


def _standing_in_redis() -> int:
    from samskaping.celery import app

    with app.connection_for_read() as line:
        channel: Any = line.default_channel
        return int(channel.queue_declare(app.conf.task_default_queue).message_count)


def _held() -> bool:
    """The clock may have sent it in the life that a restore forgot; a person asks now."""
    return request_id.get() == "-" and replay_guard_stands()


def _due() -> QuerySet[Outbox]:
    return Outbox.objects.filter(RawSQL(DUE, (), BooleanField()))  # noqa: S611 - a constant


def outbox_claim(outbox_id: int) -> Outbox | None:
    """Leases the row to this worker, or None when it is done, not due, or another's."""
    return _claim("id = %s", outbox_id)


def _claim_next() -> Outbox | None:
    """What is longest overdue, without waiting for what others are just taking; None when nothing is."""
    longest = f"SELECT id FROM core_outbox WHERE {DUE} ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED"  # noqa: S608
    return _claim(f"id = ({longest})")


def _claim(which: str, *values: object) -> Outbox | None:
    # One question instead of two, and nothing for the ORM to put together: a claim is made for each letter.
    # Losses: whoever held it last was never heard of again.
    statement = (
        "UPDATE core_outbox SET state = 'leased', lease_token = %s, "  # noqa: S608 - constants
        "lease_until = statement_timestamp() + %s, attempts = attempts + 1, "
        f"losses = losses + (state = 'leased')::int WHERE {which} AND {DUE} RETURNING *"
    )
    return next(iter(Outbox.objects.raw(statement, [uuid.uuid4(), LEASE, *values])), None)


def outbox_deliver_row(outbox_id: int) -> OutboxState | None:
    """Claims, sends and records one row. Returns the state it ended in; None when there was nothing to do."""
    row = outbox_claim(outbox_id)
    return None if row is None else _deliver(row)


def outbox_work() -> int:
    """Takes what is due, one by one, for a while; how many. Calls for somebody to go on when it stops."""
    end = time.monotonic() + AT_IT
    taken = 0
    while (row := _claim_next()) is not None:
        _deliver(row)
        taken += 1
        if time.monotonic() > end:
            try:
                _call_hands()
            except Exception:
                # What was sent is recorded; the sweep calls as soon as Redis is back.
                logger.warning("outbox call failed", exc_info=True)
            break
    return taken


def _deliver(row: Outbox) -> OutboxState:
    handler, version = _handlers.get(row.kind, (None, 0))
    if handler is None or row.payload_version > version:
        # A newer portal wrote this; it stays for the worker that knows how.
        return _later(row, problem="unknown_version")
    if row.losses >= MAX_ATTEMPTS:
        return _finish(row, OutboxState.DEAD, problem="worker_lost")
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
        # smtplib's errors and the SMS supplier's are OSErrors too.
        away = isinstance(error, OSError)
        logger.log(
            logging.WARNING if away else logging.ERROR,
            "outbox failed",
            # Where in the program says nothing about a server that is away, a thousand times over.
            exc_info=not away,
            extra={
                "outbox": row.pk, "kind": row.kind, "attempts": row.attempts, "problem": type(error).__name__,
            },
        )  # fmt: skip
        if row.attempts >= (MAX_ATTEMPTS_AWAY if away else MAX_ATTEMPTS):
            return _finish(row, OutboxState.DEAD, problem=type(error).__name__)
        return _later(row, problem=type(error).__name__)
    return _finish(row, OutboxState.SENT if wanted else OutboxState.DROPPED)


def _finish(row: Outbox, state: OutboxState, *, problem: str = "") -> OutboxState:
    return _record(row, state, problem=problem[:120], finished_at=Now())


def _later(row: Outbox, *, problem: str) -> OutboxState:
    wait = min(BACKOFF * 2 ** min(row.attempts - 1, 10), LONGEST_WAIT)
    return _record(row, OutboxState.WAITING, problem=problem[:120], due_at=Now() + wait)


def _wait(row: Outbox, until: datetime) -> OutboxState:
    return _record(row, OutboxState.WAITING, due_at=until, attempts=F("attempts") - 1)


def _record(row: Outbox, state: OutboxState, **fields: Any) -> OutboxState:
    """Writes the outcome while the lease is this worker's: one that was too slow changes nothing.

    Tried again when the database restarts or has a deadlock: the mail has left, and a row that does not
    say so would send it once more.
    """
    mine = Outbox.objects.filter(pk=row.pk, lease_token=row.lease_token)
    end = time.monotonic() + RECORD_WITHIN
    while True:
        try:
            mine.update(state=state, lease_token=None, lease_until=None, **fields)
            return state
        except DatabaseError as error:
            if not database_away(error) or time.monotonic() > end or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(RECORD_PAUSE)


def outbox_sweep() -> int:
    """Calls hands for what is due: what Redis lost, what a killed worker held, what had to wait."""
    return _call_hands()


def _call_hands() -> int:
    """No more than there is work for, and none beside those that stand in Redis: calls that nobody hears do
    not pile up there."""
    wanted = _due()[:HANDS].count()
    missing = max(0, wanted - _standing_in_redis()) if wanted else 0
    for _hand in range(missing):
        _call()
    return missing


def outbox_oldest_seconds() -> int:
    """How long the message that is most overdue has been so; 0 when nothing is."""
    oldest = _due().annotate(now=Now()).order_by("due_at").values_list("due_at", "now").first()
    return max(0, int((oldest[1] - oldest[0]).total_seconds())) if oldest else 0
