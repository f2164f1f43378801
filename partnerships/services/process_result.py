"""What a process came to: written down, and made into the thing with one press. The link back stays."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.access import access_of
from partnerships.models import CodesignProcess, Duty, Offer, ProcessResult, Understanding
from partnerships.models.process_result import ResultKind
from partnerships.models.responsibility import DutyGroup, DutyLevel
from partnerships.selectors.process import side_of
from partnerships.services.editing import edited, unchanged_since
from partnerships.services.offer import offer_start
from partnerships.services.process import not_over, process_attach, process_lock, process_partnership
from partnerships.services.responsibility import duty_add, map_of_partnership
from partnerships.services.understanding import understanding_add
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record

FIELDS = frozenset({"kind", "title", "about"})
_MADE = _("Resultatet har blitt til noe allerede.")


@transaction.atomic
def process_result_add(
    *, process: CodesignProcess, kind: ResultKind, title: str, about: str = "", by: User
) -> ProcessResult:
    """Raises StateChanged when the process is over."""
    locked = process_lock(process)
    not_over(locked)
    made = ProcessResult.objects.create(
        municipality_id=locked.municipality_id,
        process=locked,
        kind=kind,
        title=" ".join(title.split()),
        about=about,
        by=by,
        updated_by=by,
    )
    audit_record("process_result_added", made, by=by, data={"kind": kind.value})
    return made


@transaction.atomic
def process_result_change(
    *, result: ProcessResult, version: int, changes: dict[str, Any], by: User
) -> ProcessResult:
    """Until it is made. Raises ChangedMeanwhile and StateChanged."""
    locked = _lock(result)
    _not_made(locked)
    unchanged_since(locked, version)
    changed = edited(locked, changes, may_change=FIELDS, by=by)
    if changed:
        audit_record("process_result_changed", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def process_result_remove(*, result: ProcessResult, by: User) -> None:
    """Until it is made: then it is what something came from. Raises StateChanged."""
    locked = _lock(result)
    _not_made(locked)
    audit_record("process_result_removed", locked, by=by)
    locked.delete()


@transaction.atomic
def process_result_make(*, result: ProcessResult, by: User) -> ProcessResult:
    """Into the offer, the duty or the line it is to be, in the process's partnership or a new light one.

    Raises StateChanged when it is made already, DomainError where making that is not hers to do.
    """
    process = process_lock(result.process)
    locked = _lock(result)
    _not_made(locked)
    if locked.kind == ResultKind.OFFER:
        locked.offer = _offer(locked, process, by)
    elif locked.kind == ResultKind.DUTY:
        locked.duty = _duty(locked, process, by)
    else:
        locked.understanding = _understanding(locked, process, by)
    locked.made_at = timezone.now()
    locked.version += 1
    locked.updated_by = by
    locked.save()
    audit_record("process_result_made", locked, by=by, data={"kind": str(locked.kind)})
    return locked


def _offer(result: ProcessResult, process: CodesignProcess, by: User) -> Offer:
    made = offer_start(
        municipality=process.municipality,
        title=result.title,
        about=result.about,
        own=side_of(process),
        partnership=process.partnership,
        process=process,
        contact=process.convener,
        by=by,
    )
    if process.partnership is None:
        process_attach(process=process, partnership=made.partnership, by=by)
    return made


def _duty(result: ProcessResult, process: CodesignProcess, by: User) -> Duty:
    partnership = process_partnership(process=process, by=by)
    if not access_of(by).covers(Permission.MAP_EDIT, partnership):
        raise DomainError(_("Be koordinatoren eller en leder legge oppgaven i ansvarskartet."))
    plan = map_of_partnership(partnership=partnership, by=by)
    group, level = DutyGroup.VOLUNTEERS, DutyLevel.OPERATIVE
    return duty_add(plan=plan, text=result.title, group=group, level=level, by=by)


def _understanding(result: ProcessResult, process: CodesignProcess, by: User) -> Understanding:
    partnership = process_partnership(process=process, by=by)
    if not access_of(by).covers(Permission.PARTNERSHIP_EDIT, partnership):
        raise DomainError(_("Be koordinatoren eller en leder skrive det inn i «Dette er vi enige om»."))
    return understanding_add(partnership=partnership, line=result.title, by=by)


def _lock(result: ProcessResult) -> ProcessResult:
    """Raises StateChanged when somebody has taken it away."""
    rows = ProcessResult.objects.select_for_update(of=("self",)).select_related("municipality", "process")
    found: ProcessResult | None = rows.filter(pk=result.pk).first()
    if found is None:
        raise StateChanged(_("Resultatet er tatt bort."))
    return found


def _not_made(result: ProcessResult) -> None:
    if result.made_at is not None:
        raise StateChanged(_MADE)
