"""Questions to the database that are written once and planned once, and asked with other values each time.

Django builds a queryset and writes its SQL anew wherever it stands, and PostgreSQL plans it anew: for what
every page asks, that took ten times as long as the answer. A `Prepared` is built and written at its first use
in a process, and planned on its first uses on a connection. What changes from one request to the next stands
in it as `Given`, and is handed over as parameters:

    _HERS = Prepared(lambda: Membership.objects.filter(user=Given("user"), valid_from__lte=Given("today")))
    _HERS.rows(user=user.pk, today=timezone.localdate())

So what builds it may know nobody and no moment: a user, a day or a language in it would stay the first one's.
"""

import re
from collections.abc import Callable
from copy import copy
from datetime import date
from itertools import count
from types import SimpleNamespace
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Expression, Lookup, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields.related import ForeignObject

_numbers = count(1)
# What each connection has prepared: PostgreSQL keeps it as long as the connection lasts, and so does this.
_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class _Slot(NamedTuple):
    """Stands among the parameters where the value will be."""

    name: str


class Given(Expression):
    """A value that comes with each asking, by its name: as the database has it (a key, not the row).

    Where nothing else says what kind of value it is, give the field (`Given("day", DateField())`).
    """

    def __init__(self, name: str, output_field: "models.Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, _compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if self._output_field_or_none is None:  # type: ignore[attr-defined]
            return "%s", (_Slot(self.name),)
        return f"%s::{self.output_field.db_type(connection)}", (_Slot(self.name),)


@ForeignObject.register_lookup
@models.Field.register_lookup
class AnyOf(Lookup):
    """`municipality__any_of=Given("towns")`: one of a list of keys; the same SQL for lists of all lengths."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        field, of_field = self.process_lhs(compiler, connection)
        values, of_values = self.process_rhs(compiler, connection)
        # With its type, or PostgreSQL would not know what an empty one is a list of.
        return f"{field} = ANY({values}::bigint[])", (*of_field, *of_values)


class _Written(NamedTuple):
    queryset: QuerySet[Any, Any]
    # The compiler that wrote it: it knows what the columns are.
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    names: tuple[str, ...]


class Prepared:
    """`make` is called once, when somebody first asks."""

    def __init__(self, make: "Callable[[], QuerySet[Any, Any]]") -> None:
        self._make = make
        self._statement = f"prepared_{next(_numbers)}"
        self._known: _Written | None = None

    def rows(self, **given: Any) -> list[Any]:
        """What the queryset gives: models with what it joins in, dicts or tuples."""
        written = self._write()
        if not written.sql:
            return []
        self._prepare(written)
        places = ", ".join(["%s"] * len(written.names))
        execute = f"EXECUTE {self._statement}({places})" if places else f"EXECUTE {self._statement}"
        asked: Any = SimpleNamespace(
            db=written.queryset.db,
            model=written.queryset.model,
            query=_Query(written, execute, tuple(given[name] for name in written.names)),
            _fields=written.queryset._fields,  # type: ignore[attr-defined]
            _known_related_objects={},
        )
        found = [*iter(written.queryset._iterable_class(asked))]  # type: ignore[call-overload]
        if more := written.queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            models.prefetch_related_objects(found, *more)
        return found

    def sql(self, **given: Any) -> "RawSQL | tuple[()]":
        """The same as a part of another question, for `__in`."""
        written = self._write()
        if not written.sql:
            return ()
        params = (given[value.name] if isinstance(value, _Slot) else value for value in written.params)
        return RawSQL(written.sql, tuple(params))  # noqa: S611 - Django wrote it, with its parameters

    def _write(self) -> _Written:
        if self._known is None:
            queryset = self._make()
            compiler = queryset.query.get_compiler(queryset.db)
            try:
                sql, params = compiler.as_sql()
            except EmptyResultSet:
                sql, params = "", ()
            if any(isinstance(value, date) for value in params):
                raise ValueError(
                    "A day in what is written once would stay the first one's: give it as Given."
                )
            names = dict.fromkeys(value.name for value in params if isinstance(value, _Slot))
            self._known = _Written(queryset, compiler, sql, tuple(params), tuple(names))
        return self._known

    def _prepare(self, written: _Written) -> None:
        connection = connections[written.queryset.db]
        connection.ensure_connection()
        known = _prepared.setdefault(connection.connection, set())
        if self._statement in known:
            return
        params = iter(written.params)
        fixed: list[Any] = []

        def place(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return "%%"
            value = next(params)
            if isinstance(value, _Slot):
                return f"${written.names.index(value.name) + 1}"
            fixed.append(value)
            return "%s"

        sql = f"PREPARE {self._statement} AS {re.sub('%[%s]', place, written.sql)}"
        # Not one of the page's questions, and only the first page of a connection has it.
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(sql, fixed)
        known.add(self._statement)


class _Query:
    """The query that is written, with SQL and values in place, for Django to make rows of."""

    def __init__(self, written: _Written, sql: str, params: tuple[Any, ...]) -> None:
        self._query = written.queryset.query
        self._compiler = copy(written.compiler)
        self._compiler.as_sql = lambda: (sql, params)

    def get_compiler(self, *_using: Any, **_named: Any) -> Any:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)
