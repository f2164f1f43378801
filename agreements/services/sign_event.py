"""Adding a link to an envelope's chain. The envelope's row is locked by whoever calls, so that two links
cannot take the same number, and none can stand on another than the last."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Func

from agreements import chain
from agreements.models import Envelope, Signatory, SignEvent
from agreements.models.signature import SignEventKind
from samskaping.accounts.models import User
from samskaping.core.written import Given, Written

PORTAL = "portal"
# With the clock of `database_now`.
_LAST = Written(
    lambda: (
        SignEvent.objects.filter(envelope=Given("envelope"))
        .order_by("-seq")
        .values_list("seq", "hash", Func(function="clock_timestamp", output_field=DateTimeField()))[:1]
    )
)


def sign_event_add(
    envelope: Envelope,
    kind: SignEventKind,
    *,
    by: User | Signatory | None = None,
    payload: Mapping[str, Any] | None = None,
) -> SignEvent:
    """`by` None: the portal itself. The payload holds numbers, codes and commitments, nothing personal.

    Call it with the envelope locked, last in the transaction's changes to it.
    """
    return sign_events_add(envelope, [(kind, payload or {})], by=by)[0]


def sign_events_add(
    envelope: Envelope,
    said: Sequence[tuple[SignEventKind, Mapping[str, Any]]],
    *,
    by: User | Signatory | None,
) -> list[SignEvent]:
    """What somebody did with one press, one link after the other, in one question."""
    (number, before, at), actor = _last(envelope), _actor(by)
    links = []
    for seq, (kind, payload) in enumerate(said, number + 1):
        what = dict(payload)
        link = chain.link_hash(
            envelope=envelope.pk, seq=seq, kind=kind, at=at, actor=actor, payload=what, prev_hash=before
        )
        links.append(
            SignEvent(
                municipality_id=envelope.municipality_id,
                envelope=envelope,
                seq=seq,
                kind=kind,
                at=at,
                actor=actor,
                payload=what,
                prev_hash=before,
                hash=link,
            )
        )
        before = link
    return SignEvent.objects.bulk_create(links)


def _last(envelope: Envelope) -> tuple[int, str, datetime]:
    """The last link's number and hash, and the time by the database's clock."""
    last = _LAST.rows(envelope=envelope.pk)
    return last[0] if last else (0, chain.GENESIS, database_now())


def links_of(envelope: Envelope) -> list[chain.Link]:
    return [
        chain.Link(
            seq=event.seq, kind=event.kind, at=event.at, actor=event.actor, payload=event.payload,
            prev_hash=event.prev_hash, hash=event.hash,
        )
        for event in envelope.events.order_by("seq")
    ]  # fmt: skip


def database_now() -> datetime:
    """One clock for all hosts; within a transaction it goes on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
        return found


def _actor(by: User | Signatory | None) -> str:
    if by is None:
        return PORTAL
    return f"{'user' if isinstance(by, User) else 'signatory'}:{by.pk}"
