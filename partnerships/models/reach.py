"""Rows somebody reaches in one of several ways."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from samskaping.core.written import Written


def union_of(*ways: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    first, *others = (way.order_by() for way in ways)
    return first.union(*others, all=True)


def in_any(*ways: "QuerySet[Any, Any]") -> Q:
    """Rows whose key one of these gives. Each finds its own by an index, where OR reads a nation's table."""
    return Q(pk__in=union_of(*ways))


Ways = dict[str, Any]


def ways(**leads_to: Any) -> Ways:
    """The ways she has, and the keys each leads to: a way to nothing is none."""
    return {
        way: sorted(keys) if isinstance(keys, frozenset) else keys for way, keys in leads_to.items() if keys
    }


@cache
def written(make: "Callable[[frozenset[str]], QuerySet[Any, Any]]", having: frozenset[str]) -> Written:
    """What `make` gives to those who have these ways; what they lead to stands in it as `Given`."""
    return Written(lambda: make(having))


def reached(make: "Callable[[frozenset[str]], QuerySet[Any, Any]]", by: Ways) -> "RawSQL | tuple[()]":
    """The same for `__in`.

    What she reaches stands in nearly every query of a page, and Django would build, copy and write it anew in
    each of them: half of what a page cost.
    """
    return written(make, frozenset(by)).part(**by)
