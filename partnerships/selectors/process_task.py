"""Tasks of a process, with the names a seat may see."""

from dataclasses import dataclass
from datetime import date

from partnerships.models import ProcessTask
from partnerships.seat import Seat
from partnerships.selectors.participant import name_for

DONE_SHOWN = 20


@dataclass(frozen=True)
class TaskLine:
    task: ProcessTask
    holder: str
    is_mine: bool
    is_late: bool


def lines_of(seat: Seat, today: date) -> list[TaskLine]:
    """What is open, and the last that were done."""
    of_process = ProcessTask.objects.filter(process=seat.process).select_related("holder__person")
    waiting = of_process.filter(done_at=None).order_by("due_on", "pk")
    done = of_process.exclude(done_at=None).order_by("-done_at", "pk")[:DONE_SHOWN]
    return [
        TaskLine(
            task=task,
            holder=name_for(seat, task.holder) if task.holder else "",
            is_mine=seat.participant is not None and task.holder_id == seat.participant.pk,
            is_late=task.done_at is None and task.due_on is not None and task.due_on < today,
        )
        for task in (*waiting, *done)
    ]
