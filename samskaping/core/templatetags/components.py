"""The little our component templates need beside Django's own tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet

from samskaping.core.forms import summarise_errors

register = template.Library()


@register.filter
def initials(name: object) -> str:
    """Kari Nordmann → KN. The first and the last name; a user shown by e-mail gets one letter."""
    words = str(name).split("@", 1)[0].split()
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def page_numbers(page: Page[Any]) -> Iterator[int | None]:
    """Page numbers to link to, with None where some are left out: 1 2 None 9 10."""
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        yield number if isinstance(number, int) else None


@register.filter
def with_columns(
    rows: Iterable[Sequence[Any]], columns: Sequence[Any]
) -> Iterator[Iterator[tuple[Any, Any]]]:
    """Give each cell its column, so that the cell can carry the column's name on a phone."""
    return (zip(row, columns, strict=True) for row in rows)


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm | BaseFormSet[Any] | str | None) -> dict[str, Any]:
    """Sum up a form's errors. Pages without a form say `form` too and get nothing."""
    return {"errors": summarise_errors(form) if isinstance(form, BaseForm | BaseFormSet) else []}
