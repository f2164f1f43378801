"""Lists with filters: what is chosen, and the address that takes one choice away."""

from __future__ import annotations

from typing import NamedTuple

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.encoding import force_str


class Chip(NamedTuple):
    """A filter in use: what it says, and the list without it."""

    label: str
    url: str


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
