"""Things to do before next time: anybody in the group may write, take and finish one."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import CodesignProcess, Participant, ProcessTask
from partnerships.services.process import not_over
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record


@transaction.atomic
def process_task_add(
    *, process: CodesignProcess, text: str, holder: Participant | None, due_on: date | None, by: User | None
) -> ProcessTask:
    """Raises StateChanged when the process is over, DomainError for nothing or a holder who takes no part."""
    not_over(process)
    if not text.strip():
        raise DomainError(_("Skriv hva som skal gjøres."))
    _check_holder(process.pk, holder)
    task = ProcessTask.objects.create(
        municipality=process.municipality, process=process, text=text, holder=holder, due_on=due_on, by=by
    )
    audit_record("process_task_added", task, by=by)
    return task


@transaction.atomic
def process_task_hand(*, task: ProcessTask, holder: Participant | None, by: User | None) -> ProcessTask:
    """To somebody, or to nobody. Raises StateChanged when it is done or gone."""
    locked = _lock(task)
    if locked.done_at is not None:
        raise StateChanged(_("Oppgaven er gjort."))
    _check_holder(locked.process_id, holder)
    locked.holder = holder
    locked.save(update_fields=["holder"])
    audit_record("process_task_handed", locked, by=by)
    return locked


@transaction.atomic
def process_task_done(*, task: ProcessTask, done: bool, by: User | None) -> ProcessTask:
    locked = _lock(task)
    if (locked.done_at is not None) != done:
        locked.done_at = timezone.now() if done else None
        locked.save(update_fields=["done_at"])
        audit_record("process_task_done", locked, by=by, data={"done": done})
    return locked


@transaction.atomic
def process_task_remove(*, task: ProcessTask, by: User | None) -> None:
    locked = _lock(task)
    audit_record("process_task_removed", locked, by=by)
    locked.delete()


def _check_holder(process_id: int, holder: Participant | None) -> None:
    if holder is not None and (holder.process_id != process_id or not holder.takes_part):
        raise DomainError(_("Velg en som er med i gruppa."))


def _lock(task: ProcessTask) -> ProcessTask:
    """Raises StateChanged when somebody took it away, or the process is over."""
    locked: ProcessTask | None = (
        ProcessTask.objects.select_for_update(of=("self",))
        .select_related("municipality", "process")
        .filter(pk=task.pk)
        .first()
    )
    if locked is None:
        raise StateChanged(_("Oppgaven er tatt bort."))
    not_over(locked.process)
    return locked
