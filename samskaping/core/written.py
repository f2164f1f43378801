"""Questions that are the same for everybody but for a few values, written as SQL once for each process.

Building a queryset and writing its SQL takes Django a millisecond or two, every time; a page that gathers
from every part of the portal spends more on it than the database spends on the answers. Here the queryset is
made once, with `Given` where a value comes with each request, and many are sent together as one SELECT. The
answers are the models' own objects (or the rows of `values()`), as the queryset would give them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import Expression
from django.db.models.query import QuerySet, ValuesIterable, get_related_populators

# What JSON has no word for; a field that is neither here nor in _AS_JSON_HAS_IT is refused.
_READ: tuple[tuple[type[models.Field[Any, Any]], Callable[[Any], Any]], ...] = (
    (models.DateTimeField, datetime.fromisoformat),
    (models.DateField, date.fromisoformat),
    (models.DecimalField, lambda number: Decimal(str(number))),
    (models.UUIDField, UUID),
)
_AS_JSON_HAS_IT = (
    models.IntegerField,
    models.CharField,
    models.TextField,
    models.BooleanField,
    models.JSONField,
)


class Given(Expression):
    """Stands where a value would in a queryset, or a list of keys after `__in`; it comes when it is asked."""

    def __init__(self, name: str, output_field: models.Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field or models.BigIntegerField())
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:
        return "%s", [_Place(self.name)]


class _Place(NamedTuple):
    name: str

    def filled(self, given: Mapping[str, Any]) -> Any:
        value = given[self.name]
        return _Keys(value) if isinstance(value, Collection) and not isinstance(value, str) else value


class _Keys:
    """For `IN (…)`, where Django has put the brackets: numbers only. Nothing is in an empty list."""

    def __init__(self, keys: Collection[int]) -> None:
        self._keys = sorted(keys)

    def __conform__(self, _protocol: object) -> _Keys:
        return self

    def getquoted(self) -> bytes:
        return b", ".join(b"%d" % key for key in self._keys) or b"NULL"


class Written:
    """A queryset that is made and written when it is first asked. Its `make` is given nothing: see `Given`.

    Joins by `select_related`, `only`, annotations and `values()` work as ever; `prefetch_related` does not.
    """

    def __init__(self, make: Callable[[], QuerySet[Any, Any]]) -> None:
        self._make = make

    @cached_property
    def _rows(self) -> QuerySet[Any, Any]:
        return self._make()

    @cached_property
    def sql(self) -> tuple[str, Sequence[Any]]:
        """Raises ValueError for a day in it: it would be that of the first request for ever."""
        sql, params = self._compiler.as_sql(with_col_aliases=True)
        if any(isinstance(param, date) for param in params):
            message = f"A day must be Given: {sql}"
            raise ValueError(message)
        return sql, params

    @cached_property
    def _compiler(self) -> Any:
        return self._rows.query.get_compiler(connection=connection)

    @cached_property
    def _readers(self) -> list[tuple[int, Callable[[Any], Any]]]:
        """The columns that have to be read. Raises TypeError for what JSON would change."""
        self.sql  # noqa: B018 - when it is written, the compiler knows its columns
        found = (
            (at, _reader_of(column.output_field)) for at, (column, *_) in enumerate(self._compiler.select)
        )
        return [(at, reader) for at, reader in found if reader is not None]

    @cached_property
    def _build(self) -> Callable[[list[Any]], Any]:
        if self._rows._iterable_class is ValuesIterable:
            query = self._rows.query
            names = [*(query.selected or [*query.values_select, *query.annotation_select])]
            return lambda row: dict(zip(names, row, strict=True))
        return self._object()

    def _object(self) -> Callable[[list[Any]], Any]:
        """As django.db.models.query.ModelIterable makes them."""
        info, select, alias = self._compiler.klass_info, self._compiler.select, connection.alias
        model, fields = info["model"], info["select_fields"]
        start, end = fields[0], fields[-1] + 1
        names = [column.target.attname for column, *_ in select[start:end]]
        joined = get_related_populators(info, select, alias)
        annotated = list(self._compiler.annotation_col_map.items())

        def build(row: list[Any]) -> Any:
            made = model.from_db(alias, names, row[start:end])
            for one in joined:
                one.populate(row, made)
            for name, at in annotated:
                setattr(made, name, row[at])
            return made

        return build

    def read(self, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Of rows as the database writes them: by column, in the order of the columns."""
        readers, build, found = self._readers, self._build, []
        for row in rows:
            values = list(row.values())
            for at, reader in readers:
                if values[at] is not None:
                    values[at] = reader(values[at])
            found.append(build(values))
        return found


def ask(questions: Sequence[Written], given: Mapping[str, Any]) -> list[list[Any]]:
    """The rows of each, in one round trip. Raises KeyError when something is not given."""
    if not questions:
        return []
    sql, params = _together(tuple(questions))
    with connection.cursor() as cursor:
        cursor.execute(sql, [p.filled(given) if isinstance(p, _Place) else p for p in params])
        answers = cursor.fetchone()
    return [question.read(rows or ()) for question, rows in zip(questions, answers, strict=True)]


@lru_cache(maxsize=256)
def _together(questions: tuple[Written, ...]) -> tuple[str, list[Any]]:
    """A column for each, with its rows as JSON; psycopg reads it."""
    columns = [f"(SELECT json_agg(q) FROM ({question.sql[0]}) q)" for question in questions]  # noqa: S608 - Django wrote it
    return f"SELECT {', '.join(columns)}", [param for question in questions for param in question.sql[1]]


def _reader_of(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    found = next((reader for kind, reader in _READ if isinstance(field, kind)), None)
    item = getattr(field, "base_field", field)
    if found is None and not isinstance(item, _AS_JSON_HAS_IT):
        message = f"JSON has no {type(item).__name__}."
        raise TypeError(message)
    return found
