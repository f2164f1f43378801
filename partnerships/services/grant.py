"""Money from outside: what it is, until when, and when to report."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.models import Grant, Partnership
from samskaping.accounts.models import User
from samskaping.core.services.audit import audit_record

FIELDS = frozenset({"source", "amount", "starts_on", "ends_on", "report_on"})


@transaction.atomic
def grant_add(*, partnership: Partnership, values: dict[str, Any], by: User) -> Grant:
    """Raises ValueError for a field that is not in FIELDS."""
    _only_fields(values)
    made = Grant.objects.create(
        municipality_id=partnership.municipality_id, partnership=partnership, **values
    )
    audit_record("grant_added", made, by=by)
    return made


@transaction.atomic
def grant_change(*, grant: Grant, values: dict[str, Any], by: User) -> Grant:
    """Raises ValueError for a field that is not in FIELDS."""
    _only_fields(values)
    locked: Grant = Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    changed = sorted(name for name, value in values.items() if getattr(locked, name) != value)
    for name in changed:
        setattr(locked, name, values[name])
    if "report_on" in changed:
        # Another day is another report.
        locked.reported_on = None
    if changed:
        locked.save(update_fields=[*changed, "reported_on"])
        audit_record("grant_changed", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def grant_reported(*, grant: Grant, by: User) -> Grant:
    """Safe to press twice."""
    locked: Grant = Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if locked.reported_on is None:
        locked.reported_on = timezone.localdate()
        locked.save(update_fields=["reported_on"])
        audit_record("grant_reported", locked, by=by)
    return locked


def _only_fields(values: dict[str, Any]) -> None:
    if not set(values) <= FIELDS:
        message = f"Not for this service to change: {sorted(set(values) - FIELDS)}"
        raise ValueError(message)
