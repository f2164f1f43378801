"""Questions that are the same for everybody but for a few values, written as SQL once for each process.

Django builds a queryset and writes its SQL anew wherever it stands, and PostgreSQL plans it anew: for what
every page asks, that took ten times as long as the answer. Here the queryset is made once, with `Given` where
a value comes with each request, and PostgreSQL keeps its plan (PREPARE) as long as the connection lasts:

    _HERS = Written(lambda: Membership.objects.filter(user=Given("user"), valid_from__lte=Given("today")))
    _HERS.rows(user=user.pk, today=timezone.localdate())

So what makes it may know nobody and no moment: a user, a day or a language in it would stay the first one's.
The answers are what the queryset would give: the models' own objects, or the rows of `values()`. A page that
gathers from every part of the portal sends many together (`ask`); what somebody reaches is a `part` of other
questions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import NotSupportedError, connection, models
from django.db.models.expressions import Expression, RawSQL
from django.db.models.query import (
    FlatValuesListIterable,
    QuerySet,
    ValuesIterable,
    ValuesListIterable,
    get_related_populators,
)

# What JSON has no word for; a field that is neither here nor in _AS_JSON_HAS_IT is refused.
_READ: tuple[tuple[type[models.Field[Any, Any]], Callable[[Any], Any]], ...] = (
    (models.DateTimeField, datetime.fromisoformat),
    (models.DateField, date.fromisoformat),
    (models.TimeField, time.fromisoformat),
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
    """Stands where a value would in a queryset, or a list of keys after `__in`; it comes when it is asked.

    As the database has it: a key, not the row. Where nothing beside it says what kind of value it is, the
    field does (`Given("day", DateField())`).
    """

    def __init__(self, name: str, output_field: models.Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field or models.BigIntegerField())
        self.name = name
        self.kind = output_field

    def as_sql(self, _compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return f"%s::{self.kind.db_type(connection)}" if self.kind else "%s", (Place(self.name),)


class Place(NamedTuple):
    """Among the parameters, where the value will be."""

    name: Any

    def filled(self, given: Mapping[str, Any]) -> Any:
        value = given[self.name]
        return list(value) if isinstance(value, Collection) and not isinstance(value, str) else value


def _with_each(wanted: str, write: Callable[[str, Any], str], sql: str, params: Sequence[Any]) -> str:
    """The SQL with each of its places written anew, by what is wanted there and its parameter."""
    left = iter(params)
    return re.sub(
        f"%%|{wanted}", lambda found: found[0] if found[0] == "%%" else write(found[0], next(left)), sql
    )


def _of_any(written: str, param: Any) -> str:
    """A list that is given is one parameter, however long it is."""
    return "= ANY(%s)" if written != "%s" and isinstance(param, Place) else written


# What each connection keeps the plan of, that asked last at the end: both last as long as it does.
_prepared: WeakKeyDictionary[Any, dict[str, None]] = WeakKeyDictionary()
# The plan of a home page takes 2 MB, most others a tenth of that; the one longest unasked is let go.
_PREPARED_AT_MOST = 100


class Statement:
    """SQL that PostgreSQL plans on its first uses on a connection, and from then on only carries out.

    Its name on the connection is made of what it says, so that the same name never means another question.
    """

    def __init__(self, sql: str, params: Sequence[Any]) -> None:
        self._places: dict[Place, int] = {}
        self._fixed: list[Any] = []

        def place(written: str, param: Any) -> str:
            if not isinstance(param, Place):
                self._fixed.append(param)
                return written
            return f"${self._places.setdefault(param, len(self._places) + 1)}"

        self._sql = _with_each("%s", place, sql, params)
        self.name = f"written_{sha256(repr((self._sql, self._fixed)).encode()).hexdigest()[:32]}"

    def answer(self, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        places = f"({', '.join(['%s'] * len(self._places))})" if self._places else ""
        # First a connection that is known to live: on a new one nothing is prepared.
        with connection.cursor() as cursor:
            self._prepare()
            try:
                cursor.execute(
                    f"EXECUTE {self.name}{places}", [place.filled(given) for place in self._places]
                )
            except NotSupportedError:
                # A migration changed a column under the plan: the next request begins on a new connection.
                connection.close_at = 0
                raise
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _prepare(self) -> None:
        known = _prepared.setdefault(connection.connection, {})
        if self.name in known:
            del known[self.name]
        else:
            # Not one of the page's questions: only the first page of a connection has it.
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                if len(known) >= _PREPARED_AT_MOST:
                    oldest = next(iter(known))
                    cursor.execute(f"DEALLOCATE {oldest}")
                    del known[oldest]
                cursor.execute(f"PREPARE {self.name} AS {self._sql}", self._fixed)
        known[self.name] = None


class Written:
    """A queryset that is made and written when it is first asked. Its `make` is given nothing: see `Given`.

    Joins by `select_related`, `only`, annotations and `values()` work as ever; `prefetch_related` does not.
    """

    def __init__(self, make: Callable[[], QuerySet[Any, Any]]) -> None:
        self._make = make

    def rows(self, **given: Any) -> list[Any]:
        """What the queryset gives. Raises KeyError when something is not given."""
        found: Any = self._statement.answer(given) if self.sql[0] else []
        if found and self._converters:
            found = self._compiler.apply_converters(found, self._converters)
        return [self._build(row) for row in found]

    def part(self, **given: Any) -> RawSQL | tuple[()]:
        """As a part of another question, for `__in`."""
        sql, params = self.sql
        values = tuple(param.filled(given) if isinstance(param, Place) else param for param in params)
        return RawSQL(sql, values) if sql else ()  # noqa: S611 - Django wrote it, with its parameters

    @cached_property
    def _rows(self) -> QuerySet[Any, Any]:
        rows = self._make()
        if rows._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise TypeError("What is written does not read along by prefetch_related.")
        return rows

    @cached_property
    def sql(self) -> tuple[str, Sequence[Any]]:
        """Empty where there can be no rows. Raises ValueError for a day in it: it would stay that day."""
        try:
            sql, params = self._compiler.as_sql(with_col_aliases=True)
        except EmptyResultSet:
            return "", ()
        if any(isinstance(param, date) for param in params):
            message = f"A day must be Given: {sql}"
            raise ValueError(message)
        return _with_each(r"IN \(%s\)|%s", _of_any, sql, params), params

    @cached_property
    def _statement(self) -> Statement:
        return Statement(*self.sql)

    @cached_property
    def _converters(self) -> Any:
        return self._compiler.get_converters([column for column, *_ in self._compiler.select])

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
    def _build(self) -> Callable[[Sequence[Any]], Any]:
        if self._rows._iterable_class is ValuesListIterable:
            return tuple
        if self._rows._iterable_class is FlatValuesListIterable:
            return lambda row: row[0]
        if self._rows._iterable_class is ValuesIterable:
            query = self._rows.query
            names = [*(query.selected or [*query.values_select, *query.annotation_select])]
            return lambda row: dict(zip(names, row, strict=True))
        return self._object()

    def _object(self) -> Callable[[Sequence[Any]], Any]:
        """As django.db.models.query.ModelIterable makes them."""
        info, select, alias = self._compiler.klass_info, self._compiler.select, connection.alias
        model, fields = info["model"], info["select_fields"]
        start, end = fields[0], fields[-1] + 1
        names = [column.target.attname for column, *_ in select[start:end]]
        joined = get_related_populators(info, select, alias)  # type: ignore[call-arg]
        annotated = list(self._compiler.annotation_col_map.items())

        def build(row: Sequence[Any]) -> Any:
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
    (answers,) = _together(tuple(questions)).answer(given)
    return [question.read(rows or ()) for question, rows in zip(questions, answers, strict=True)]


@lru_cache(maxsize=256)
def _together(questions: tuple[Written, ...]) -> Statement:
    """A column for each, with its rows as JSON; psycopg reads it."""
    columns = [
        f"(SELECT json_agg(q) FROM ({question.sql[0]}) q)" if question.sql[0] else "NULL"  # noqa: S608 - Django wrote it
        for question in questions
    ]
    params = [param for question in questions for param in question.sql[1]]
    return Statement(f"SELECT {', '.join(columns)}", params)


def at_hand(row: models.Model, name: str, rows: list[Any]) -> None:
    """`row.<name>.all()` gives these without asking, as after `prefetch_related`."""
    related = getattr(row, name)
    for one in rows:
        setattr(one, related.field.name, row)
    found = related.get_queryset()
    found._result_cache, found._prefetch_done = rows, True
    kept = row.__dict__.setdefault("_prefetched_objects_cache", {})
    kept[name] = found


def _reader_of(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    found = next((reader for kind, reader in _READ if isinstance(field, kind)), None)
    item = getattr(field, "base_field", field)
    if found is None and not isinstance(item, _AS_JSON_HAS_IT):
        message = f"JSON has no {type(item).__name__}."
        raise TypeError(message)
    return found
