"""Tasks of a process, with the names a seat may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from partnerships.models import ProcessTask
from partnerships.process_asked import PROCESS, OfSeat
from partnerships.seat import Seat
from partnerships.selectors.participant import name_for

DONE_SHOWN = 20


@dataclass(frozen=True)
class TaskLine:
    task: ProcessTask
    holder: str
    is_mine: bool
    is_late: bool


def _tasks() -> QuerySet[ProcessTask]:
    return ProcessTask.objects.filter(process=PROCESS).select_related("holder__person")


WAITING = OfSeat(lambda: _tasks().filter(done_at=None).order_by("due_on", "pk"))
DONE = OfSeat(lambda: _tasks().exclude(done_at=None).order_by("-done_at", "pk")[:DONE_SHOWN])


def lines_of(seat: Seat, tasks: Iterable[ProcessTask], today: date) -> list[TaskLine]:
    return [
        TaskLine(
            task=task,
            holder=name_for(seat, task.holder) if task.holder else "",
            is_mine=seat.participant is not None and task.holder_id == seat.participant.pk,
            is_late=task.done_at is None and task.due_on is not None and task.due_on < today,
        )
        for task in tasks
    ]
