"""One row among those that were narrowed, before they were asked for, to what somebody may reach."""

from typing import Any, TypeVar

from django.db import models
from django.http import Http404

Row = TypeVar("Row", bound=models.Model)


def one_of(rows: "models.QuerySet[Row]", **lookup: Any) -> Row:
    """Raises Http404, in the same words for what is not there and what is not hers."""
    found = rows.filter(**lookup).first()
    if found is None:
        raise Http404
    return found


def number_of(typed: str | None) -> int:
    """A key somebody sent; none of ours is nought."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 18 else 0
