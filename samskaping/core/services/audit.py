"""The trace: written in the same transaction as the change, by the service that makes it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models.functions import Now

from samskaping.core.logs import request_id
from samskaping.core.models import AuditEvent, Municipality

ONCE_AN_HOUR = timedelta(hours=1)


def object_name(obj: models.Model) -> str:
    """«partnerships.person:12»: how one row is named in traces, outbox keys and logs."""
    return f"{obj._meta.label_lower}:{obj.pk}"


def audit_record(
    verb: str,
    obj: models.Model | None = None,
    *,
    by: Any,
    municipality: Municipality | None = None,
    on_behalf_of: models.Model | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEvent:
    """Notes that `by` (a user, or None for the portal itself) did `verb` to `obj`.

    `data` takes ids, counts, states and names of fields; personal values stay out.
    """
    event = _event(verb, obj, by=by, municipality=municipality, on_behalf_of=on_behalf_of, data=data)
    event.save(force_insert=True)
    return event


def audit_record_many(verb: str, objects: Iterable[models.Model], *, by: Any) -> None:
    """As audit_record, of each of them, in one question."""
    AuditEvent.objects.bulk_create(_event(verb, obj, by=by) for obj in objects)


def _event(
    verb: str,
    obj: models.Model | None,
    *,
    by: Any,
    municipality: Municipality | None = None,
    on_behalf_of: models.Model | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEvent:
    found = municipality or getattr(obj, "municipality", None)
    current = request_id.get()
    return AuditEvent(
        actor_id=by.pk if by is not None and by.is_authenticated else None,
        on_behalf_of=object_name(on_behalf_of) if on_behalf_of is not None else "",
        municipality=found if isinstance(found, Municipality) else None,
        verb=verb,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        data=data or {},
        request_id="" if current == "-" else current,
    )


@transaction.atomic
def audit_opened(verb: str, obj: models.Model, *, by: Any) -> None:
    """Notes that somebody looked at `obj`, a sensitive page: once for each person, object and hour."""
    key = f"opened {verb} {object_name(obj)} {by.pk}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        row = cursor.fetchone()
    if not row or not row[0]:
        return  # the same person opens it in another tab right now, and that one notes it
    lately = AuditEvent.objects.filter(
        actor_id=by.pk,
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        at__gt=Now() - ONCE_AN_HOUR,
    )
    if not lately.exists():
        audit_record(verb, obj, by=by)


def trace_forget(municipality_id: int | None, *, before: datetime) -> int:
    """Takes what is older through the one route past append-only; None: what belongs to no municipality.

    Raises django.db.DatabaseError for anything from the last year.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_forget_trace(%s, %s)", [municipality_id, before])
        row: tuple[int] | None = cursor.fetchone()
    return row[0] if row else 0
