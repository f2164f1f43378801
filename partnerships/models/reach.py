"""Rows somebody reaches in one of several ways."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from partnerships.access import Access


def union_of(*ways: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    first, *others = (way.order_by() for way in ways)
    return first.union(*others, all=True)


def in_any(*ways: "QuerySet[Any, Any]") -> Q:
    """Rows whose key one of these gives. Each finds its own by an index, where OR reads a nation's table."""
    return Q(pk__in=union_of(*ways))


def written(access: Access, name: str, make: "Callable[[], QuerySet[Any, Any]]") -> RawSQL | Sequence[Any]:
    """What `make` gives, for `__in`, as SQL that is written once for each request.

    What she reaches stands in nearly every query of a page, and Django would build, copy and compile it anew
    in each of them: half of what a page cost. `make` may only depend on her access.
    """
    if name not in access.written:
        try:
            sql, params = make().query.sql_with_params()
        except EmptyResultSet:
            access.written[name] = ()
        else:
            access.written[name] = RawSQL(sql, params)  # noqa: S611 - Django wrote it, with its parameters
    found: RawSQL | Sequence[Any] = access.written[name]
    return found
