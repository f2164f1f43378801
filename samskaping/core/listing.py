"""Lists with filters: what is chosen, and the address that takes one choice away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Count, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict
from django.utils.encoding import force_str

from samskaping.core.written import Given

_NO_LIST_HAS_SO_MANY = 1_000_000


class Chip(NamedTuple):
    """A filter in use: what it says, and the list without it."""

    label: str
    url: str


def page_of(read: Callable[[int], list[dict[str, Any]]], per_page: int, number: str | None) -> Page[Any]:
    """As Paginator.get_page, of rows that each say how many there are (`number`): one query for both.

    `read` gives the rows of a page, told how many stand before it.
    """
    try:
        wanted = int(number or 1)
    except ValueError:
        wanted = 1
    rows = read((wanted - 1) * per_page) if 0 < wanted < _NO_LIST_HAS_SO_MANY else []
    if not rows and wanted != 1:
        # Beyond the last page is the last.
        rows, wanted = read(0), 1
        if rows and rows[0]["number"] > per_page:
            wanted = -(-rows[0]["number"] // per_page)
            rows = read((wanted - 1) * per_page)
    page: Page[Any] = Paginator(range(rows[0]["number"] if rows else 0), per_page).get_page(wanted)
    page.object_list = rows
    return page


def numbered(found: Any, *order: str) -> Any:
    """Of `found` in this order, what is between `after` and `until`: for `page_of`, to be written once."""
    places = found.annotate(nth=Window(RowNumber(), order_by=order), number=Window(Count("pk")))
    after, until = Given("after", models.IntegerField()), Given("until", models.IntegerField())
    return places.filter(nth__gt=after, nth__lte=until).order_by("nth")


def active_filters(form: forms.Form, query: QueryDict) -> list[Chip]:
    """The filters a person has set, one chip for each value. A form with errors has none to trust.

    A hidden field is none, but for one that holds the row a link led here from: that one has a name to show.
    """
    if not form.is_valid():
        return []
    chips = []
    for field in form:
        is_row = isinstance(form.cleaned_data[field.name], models.Model)
        if field.name not in form.changed_data or (field.is_hidden and not is_row):
            continue
        values = query.getlist(field.html_name)
        chips += [
            Chip(_words(field, value), _without(query, field.html_name, value)) for value in values if value
        ]
    return chips


def _words(field: forms.BoundField, value: str) -> str:
    """What the chosen value is called: the choice's label, or the label and what was typed."""
    if isinstance(field.field.widget, forms.CheckboxInput):
        return str(field.label)
    chosen = field.form.cleaned_data[field.name]
    if isinstance(chosen, models.Model) and isinstance(field.field, forms.ModelChoiceField):
        return str(field.field.label_from_instance(chosen))
    for key, label in getattr(field.field, "choices", ()):
        if force_str(key) == value:
            return str(label)
    return f"{field.label}: {value}"


def _without(query: QueryDict, name: str, value: str) -> str:
    """The same address without one value, and from the first page: the old page may not exist any more."""
    rest = query.copy()
    rest.setlist(name, [other for other in rest.getlist(name) if other != value])
    rest.pop("page", None)
    return f"?{rest.urlencode()}"
