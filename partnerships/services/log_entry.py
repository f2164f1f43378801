"""Notes in a partnership's log: ten seconds to write, a date to come back on, and a day to regret."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import LogEntry, Partnership
from partnerships.models.partnership import LogKind
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record

# What was said yesterday stands; what was mistyped today may be put right.
CHANGED_WITHIN = timedelta(days=1)
WRITTEN = (LogKind.PHONE, LogKind.MEETING, LogKind.NOTE)


@transaction.atomic
def log_add(
    *,
    partnership: Partnership,
    kind: LogKind,
    line: str,
    who: str = "",
    next_on: date | None = None,
    by: User,
) -> LogEntry:
    """Raises DomainError for a next time gone by."""
    if next_on is not None and next_on < timezone.localdate():
        raise DomainError(_("Velg en dag som kommer."))
    made = LogEntry.objects.create(
        municipality_id=partnership.municipality_id,
        partnership=partnership,
        kind=kind,
        who=who,
        line=line,
        next_on=next_on,
        by=by,
    )
    audit_record("log_added", partnership, by=by, data={"kind": kind.value})
    return made


@transaction.atomic
def log_change(*, entry: LogEntry, line: str, who: str, next_on: date | None, by: User) -> LogEntry:
    """Raises StateChanged when it is not hers or no longer to be changed."""
    locked = _lock(entry)
    if not may_change(locked, by):
        raise StateChanged(_("Du kan bare rette dine egne notater, og bare det første døgnet."))
    locked.line, locked.who = line, who
    if next_on != locked.next_on:
        locked.next_on, locked.next_done_at = next_on, None
    if who:
        locked.person = None
    locked.save()
    audit_record("log_changed", locked.partnership, by=by)
    return locked


@transaction.atomic
def log_done(*, entry: LogEntry, by: User) -> LogEntry:
    """Ticks off the next time. Safe to press twice."""
    locked = _lock(entry)
    if locked.next_on is not None and locked.next_done_at is None:
        locked.next_done_at = timezone.now()
        locked.save(update_fields=["next_done_at"])
        audit_record("log_done", locked.partnership, by=by)
    return locked


def may_change(entry: LogEntry, user: User) -> bool:
    fresh = timezone.now() - entry.at < CHANGED_WITHIN
    return fresh and entry.by_id == user.pk and entry.kind in WRITTEN


def _lock(entry: LogEntry) -> LogEntry:
    rows = LogEntry.objects.select_for_update(of=("self",)).select_related("partnership")
    found: LogEntry = rows.get(pk=entry.pk)
    return found
