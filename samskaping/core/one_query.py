"""Many questions to the database in one round trip.

A page that gathers from every part of the portal would else ask once for each part, and once more whenever
somebody adds one. Here a part says what it would ask, and gets its rows back; what travels is one SELECT,
with the answers under each other.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import JSONObject

from samskaping.core.written import Place, Statement

# As JSON has it: numbers, text, true and false, lists; `as_day` and `as_moment` read the days.
Row = Mapping[str, Any]


class Question:
    """These columns of these rows: each the name of a field, or an expression for the database.

    With aggregates only (`Count("pk")`) the answer is one row, as long as the rows have no order.
    """

    def __init__(self, rows: QuerySet[Any, Any], **columns: Any) -> None:
        self.rows = rows
        self.columns = columns


class Whole(NamedTuple):
    """Questions as SQL. Empty where none of them can have rows."""

    names: tuple[str, ...]
    sql: str
    params: tuple[Any, ...]


def ask(questions: Mapping[str, Question]) -> dict[str, list[Row]]:
    """The rows of each. What cannot have any (`none()`) costs nothing, and answers with none."""
    asked = write(questions)
    if not asked.sql:
        return _sorted(asked.names, ())
    with connection.cursor() as cursor:
        cursor.execute(asked.sql, asked.params)
        return _sorted(asked.names, cursor)


def write(questions: Mapping[str, Question]) -> Whole:
    parts = [
        question.rows.values(asked=Value(name)).annotate(found=JSONObject(**question.columns))
        for name, question in questions.items()
    ]
    names = tuple(questions)
    if not parts:
        return Whole(names, "", ())
    whole = parts[0].union(*parts[1:], all=True)
    try:
        sql, params = whole.query.get_compiler(whole.db).as_sql()
    except EmptyResultSet:
        return Whole(names, "", ())
    return Whole(names, sql, tuple(params))


class Kept:
    """Questions that are asked again with other values: written once, and planned once on a connection."""

    def __init__(self, questions: Mapping[str, Question], is_other: Callable[[Any], bool]) -> None:
        self._names, sql, params = write(questions)
        places = [Place(_hashable(param)) if is_other(param) else param for param in params]
        self._others = {place.name for place in places if isinstance(place, Place)}
        self._statement = Statement(sql, places) if sql else None

    def ask(self, other: Callable[[Any], Any]) -> dict[str, list[Row]]:
        """With `other` of each value that was said to be another each time."""
        if self._statement is None:
            return _sorted(self._names, ())
        return _sorted(self._names, self._statement.answer({value: other(value) for value in self._others}))


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _sorted(names: Iterable[str], rows: Iterable[tuple[str, str]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {name: [] for name in names}
    for name, row in rows:
        found[name].append(json.loads(row))
    return found


def number_in(rows: Sequence[Row], column: str = "number") -> int:
    """What was counted: nothing, where there was nothing to count among."""
    return int(rows[0][column]) if rows else 0


def as_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def as_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
