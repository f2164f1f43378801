"""Many questions to the database in one round trip.

A page that gathers from every part of the portal would else ask once for each part, and once more whenever
somebody adds one. Here a part says what it would ask, and gets its rows back; what travels is one SELECT,
with the answers under each other.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
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


class Written(NamedTuple):
    """Questions as SQL, which may be asked again with other values (core/stand_in.py)."""

    names: tuple[str, ...]
    sql: str
    params: tuple[Any, ...]


def ask(questions: Mapping[str, Question]) -> dict[str, list[Row]]:
    """The rows of each. What cannot have any (`none()`) costs nothing, and answers with none."""
    return answers(write(questions))


def write(questions: Mapping[str, Question]) -> Written:
    parts = [
        question.rows.values(asked=Value(name)).annotate(found=JSONObject(**question.columns))
        for name, question in questions.items()
    ]
    names = tuple(questions)
    if not parts:
        return Written(names, "", ())
    whole = parts[0].union(*parts[1:], all=True)
    try:
        sql, params = whole.query.get_compiler(whole.db).as_sql()
    except EmptyResultSet:
        return Written(names, "", ())
    return Written(names, sql, tuple(params))


def answers(written: Written, params: Sequence[Any] | None = None) -> dict[str, list[Row]]:
    """To what was written, with its own values or those given."""
    found: dict[str, list[Row]] = {name: [] for name in written.names}
    if written.sql:
        with connection.cursor() as cursor:
            cursor.execute(written.sql, written.params if params is None else params)
            for name, row in cursor:
                found[name].append(json.loads(row))
    return found


def number_in(rows: Sequence[Row], column: str = "number") -> int:
    """What was counted: nothing, where there was nothing to count among."""
    return int(rows[0][column]) if rows else 0


def as_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def as_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
