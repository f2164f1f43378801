"""The phases of a process: days and money."""

from typing import Any

from django.db import transaction

from partnerships.models import CodesignProcess, ProcessPhase
from partnerships.models.codesign import PhaseKind
from partnerships.services.editing import edited, unchanged_since
from partnerships.services.process import not_over, process_lock
from samskaping.accounts.models import User
from samskaping.core.services.audit import audit_record

FIELDS = frozenset({"starts_on", "ends_on", "amount", "paid_by"})


@transaction.atomic
def process_phase_set(
    *, process: CodesignProcess, kind: PhaseKind, version: int, changes: dict[str, Any], by: User
) -> ProcessPhase:
    """Made at its first save. Empty again it stands there still, as a phase without a plan.

    Raises ChangedMeanwhile when somebody saved after `version` was read, StateChanged when it is over.
    """
    locked = process_lock(process)
    not_over(locked)
    phase, _made = ProcessPhase.objects.get_or_create(
        process=locked, kind=kind, defaults={"municipality_id": locked.municipality_id}
    )
    unchanged_since(phase, version)
    changed = edited(phase, changes, may_change=FIELDS, by=by)
    if changed:
        audit_record("process_phase_set", phase, by=by, data={"fields": changed, "kind": kind.value})
    return phase
