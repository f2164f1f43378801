"""What the portal keeps about people. Apps say it here, from `AppConfig.ready()`.

One list serves three needs: an export shows all of it, an erasure takes all of it, and a guard test asks
that no field with words in it is forgotten. The subject is whatever the app knows people as (a Person);
core holds no person.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Count, QuerySet
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from samskaping.core.one_query import Question, ask, number_in

Words = str | Promise


@dataclass(frozen=True)
class PersonalRows:
    """Rows of one kind about one person: what they are called, how they are found, what an export shows.

    `erase` takes them away; None when they go with the row they hang on. `why_kept` says, in words for her,
    what stays and on what ground; then nothing is erased.
    """

    key: str
    label: Words
    find: Callable[[Any], "QuerySet[Any]"]
    fields: tuple[str, ...]
    erase: Callable[[Any], object] | None = None
    why_kept: Words = ""
    # For rows whose fields are no words: what an export says of one.
    words: Callable[[Any], dict[str, str]] | None = None
    # What only she herself is shown, not who keeps her data: her sign-in.
    only_to_herself: bool = False


_kept: dict[str, PersonalRows] = {}


def personal_rows(rows: PersonalRows) -> None:
    """Raises ValueError when the key is taken. The order of telling is the order of erasing."""
    if rows.key in _kept:
        message = f"There already are personal rows called {rows.key!r}."
        raise ValueError(message)
    _kept[rows.key] = rows


def all_personal_rows() -> list[PersonalRows]:
    return list(_kept.values())


@dataclass(frozen=True)
class Shown:
    """One section of an export: a heading and the rows under it, each as label → words."""

    key: str
    label: str
    rows: list[dict[str, str]]


def export_of(subject: Any, *, herself: bool) -> list[Shown]:
    """Everything about her, in the language that is active. Empty sections are left out."""
    found = []
    for kept in all_personal_rows():
        if kept.only_to_herself and not herself:
            continue
        rows = [kept.words(row) if kept.words else in_words(row, kept.fields) for row in kept.find(subject)]
        if rows:
            found.append(Shown(kept.key, str(kept.label), rows))
    return found


@dataclass(frozen=True)
class Fate:
    """What an erasure does with one kind: how many go, or why they stay."""

    label: str
    count: int
    stays_because: str = ""


def erasure_plan(subject: Any) -> list[Fate]:
    """What goes and what stays, as told before anything does. Her sign-in is hers, and goes with the last."""
    kinds = [kept for kept in all_personal_rows() if not kept.only_to_herself]
    counts = _counts(subject, kinds)
    return [Fate(str(kept.label), counts[kept.key], str(kept.why_kept)) for kept in kinds if counts[kept.key]]


def _counts(subject: Any, kinds: Iterable[PersonalRows]) -> dict[str, int]:
    """How many rows of each, in one question to the database."""
    answers = ask({kept.key: Question(kept.find(subject).order_by(), number=Count("pk")) for kept in kinds})
    return {key: number_in(rows) for key, rows in answers.items()}


def erase_rows(subject: Any) -> dict[str, int]:
    """Takes away what may go, in the caller's transaction. Returns how many of each, for the trace."""
    gone = {}
    for kept in all_personal_rows():
        if kept.erase is None or kept.why_kept:
            continue
        count = kept.find(subject).count()
        if count:
            kept.erase(subject)
            gone[kept.key] = count
    return gone


def in_words(row: models.Model, fields: Iterable[str]) -> dict[str, str]:
    """A row as somebody reads it: labels and values in words, empty ones left out."""
    shown = {}
    for name in fields:
        value = _value(row, name)
        if value:
            shown[_label(row, name)] = value
    return shown


def _label(row: models.Model, name: str) -> str:
    """The field's own; for what a relation leads to, what that is called."""
    first, _dot, rest = name.partition("__")
    if rest:
        related = row._meta.get_field(first).related_model
        assert isinstance(related, type)  # noqa: S101 - a relation leads to a model
        return _label(related(), rest) if "__" in rest else str(capfirst(related._meta.verbose_name))
    return str(capfirst(row._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def _value(row: Any, name: str) -> str:
    first, _dot, rest = name.partition("__")
    if rest:
        related = getattr(row, first)
        return "" if related is None else _value(related, rest)
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nei")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    return str(value)
