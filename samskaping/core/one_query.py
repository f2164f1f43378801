"""Many questions to the database in one round trip.

A page that gathers from every part of the portal would else ask once for each part, and once more whenever
somebody adds one. Here a part says what it would ask, and gets its rows back; what travels is one SELECT,
with the answers under each other.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import JSONObject

# As JSON has it: numbers, text, true and false, lists; `as_day` and `as_moment` read the days.
Row = Mapping[str, Any]


class Question:
    """These columns of these rows: each the name of a field, or an expression for the database.

    With aggregates only (`Count("pk")`) the answer is one row, as long as the rows have no order.
    """

    def __init__(self, rows: QuerySet[Any, Any], **columns: Any) -> None:
        self.rows = rows
        self.columns = columns


def ask(questions: Mapping[str, Question]) -> dict[str, list[Row]]:
    """The rows of each. What cannot have any (`none()`) costs nothing, and answers with none."""
    parts = [
        question.rows.values(asked=Value(name)).annotate(found=JSONObject(**question.columns))
        for name, question in questions.items()
    ]
    answers: dict[str, list[Row]] = {name: [] for name in questions}
    if parts:
        for row in parts[0].union(*parts[1:], all=True):
            answers[row["asked"]].append(row["found"])
    return answers


def number_in(rows: Sequence[Row], column: str = "number") -> int:
    """What was counted: nothing, where there was nothing to count among."""
    return int(rows[0][column]) if rows else 0


def as_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def as_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
