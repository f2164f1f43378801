"""Money from outside: what it is, until when, and when to report."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.models import Grant, Partnership
from partnerships.services.editing import count, edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.services.audit import audit_record

FIELDS = frozenset({"source", "amount", "starts_on", "ends_on", "report_on"})


@transaction.atomic
def grant_add(*, partnership: Partnership, values: dict[str, Any], by: User) -> Grant:
    """Raises ValueError for a field that is not in FIELDS."""
    if not set(values) <= FIELDS:
        message = f"Not for this service to change: {sorted(set(values) - FIELDS)}"
        raise ValueError(message)
    made = Grant.objects.create(
        municipality_id=partnership.municipality_id, partnership=partnership, updated_by=by, **values
    )
    audit_record("grant_added", made, by=by)
    return made


@transaction.atomic
def grant_change(*, grant: Grant, version: int, changes: dict[str, Any], by: User) -> Grant:
    """Saves what differs. Another day to report on is another report.

    Raises ChangedMeanwhile when somebody saved after `version` was read, ValueError for a field that is not
    in FIELDS.
    """
    locked = _lock(grant)
    unchanged_since(locked, version)
    if changes.get("report_on", locked.report_on) != locked.report_on:
        changes = {**changes, "reported_on": None}
    changed = edited(locked, changes, may_change=FIELDS | {"reported_on"}, by=by)
    if changed:
        audit_record("grant_changed", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def grant_reported(*, grant: Grant, by: User) -> Grant:
    """Safe to press twice."""
    locked = _lock(grant)
    if locked.reported_on is None:
        locked.reported_on = timezone.localdate()
        count(locked, by=by, fields=["reported_on"])
        audit_record("grant_reported", locked, by=by)
    return locked


def _lock(grant: Grant) -> Grant:
    locked: Grant = Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    return locked
