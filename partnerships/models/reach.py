"""Rows somebody reaches in one of several ways."""

from typing import Any

from django.db.models import Q, QuerySet


def in_any(*ways: "QuerySet[Any, Any]") -> Q:
    """Rows whose key one of these gives. Each finds its own by an index, where OR reads a nation's table."""
    first, *others = (way.order_by() for way in ways)
    return Q(pk__in=first.union(*others, all=True))
