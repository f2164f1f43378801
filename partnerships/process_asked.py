"""What is asked about one process for whoever sits at it, as asked.py does about a partnership.

Parts of the portal make their questions once, with what is given below where values come. The page of a
process asks them all together (partnerships/process_page.py); elsewhere one is asked when it is needed. The
answer stays with the seat.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import DateField, DateTimeField, QuerySet
from django.utils import timezone

from samskaping.core.written import Given, Written, ask

if TYPE_CHECKING:
    from partnerships.seat import Seat

PROCESS = Given("process")
# Who sits there; no one where there is none, and the account of nobody who came by link.
PARTICIPANT = Given("participant")
USER = Given("user")
TODAY = Given("today", DateField())
NOW = Given("now", DateTimeField())


class OfSeat(Written):
    """`shown_to` says which seats may have the rows: nobody else is read them."""

    def __init__(
        self, make: Callable[[], QuerySet[Any, Any]], *, shown_to: "Callable[[Seat], bool] | None" = None
    ) -> None:
        super().__init__(make)
        self._shown_to = shown_to

    def of(self, seat: "Seat") -> list[Any]:
        return answers(seat, [self])[0]

    def is_shown(self, seat: "Seat") -> bool:
        return self._shown_to is None or self._shown_to(seat)


def answers(seat: "Seat", questions: Iterable[OfSeat]) -> list[list[Any]]:
    """The rows of each; those that are not known yet in one query."""
    asked = list(questions)
    known: dict[OfSeat, list[Any]] = seat.__dict__.setdefault("_answers", {})
    unknown = [question for question in asked if question not in known]
    if unknown:
        shown = [question for question in unknown if question.is_shown(seat)]
        rows = ask(shown, _given(seat))
        known |= {question: [] for question in unknown} | dict(zip(shown, rows, strict=True))
    return [known[question] for question in asked]


def _given(seat: "Seat") -> dict[str, Any]:
    return {
        PROCESS.name: seat.process.pk,
        PARTICIPANT.name: seat.participant.pk if seat.participant is not None else None,
        USER.name: seat.user.pk if seat.user is not None else None,
        TODAY.name: timezone.localdate(),
        NOW.name: timezone.now(),
    }
