"""What a field was and became, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from partnerships.selectors.history_names import Names, Wanted
from partnerships.selectors.words import LEVEL_LABELS, role_word
from samskaping.accounts.permissions import ROLE_LABELS, Role
from samskaping.core.models import Municipality, StoredFile
from samskaping.core.modules import modules

# Whose row it is never changes; the trace beside it says who acted.
_NOT_TOLD = frozenset({"municipality", "user", "membership"})
_OF_EVENTS = ("pgh_", "transaction_at")


@dataclass(frozen=True)
class Change:
    """One field. Both values empty: it was changed, and what stood there is not kept."""

    label: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        told = {"label": self.label, "before": self.before, "after": self.after}
        if self.before and self.after:
            return _("«%(label)s» fra %(before)s til %(after)s") % told
        if self.after:
            return _("«%(label)s» satt til %(after)s") % told
        if self.before:
            return _("«%(label)s» tatt bort, var %(before)s") % told
        return _("«%(label)s» er endret") % told


@dataclass(frozen=True)
class Difference:
    """A field whose value is another one; both as they stand in the table."""

    field: Any
    before: Any
    after: Any


def kept_fields(event: type[models.Model]) -> list[Any]:
    return [field for field in event._meta.concrete_fields if not field.name.startswith(_OF_EVENTS)]


def differences(before: models.Model, after: models.Model) -> Iterator[Difference]:
    for field in kept_fields(type(after)):
        was, became = getattr(before, field.attname), getattr(after, field.attname)
        if was != became and field.name not in _NOT_TOLD:
            yield Difference(field, was, became)


def ask_for(difference: Difference, wanted: Wanted) -> None:
    """Notes whose names the difference needs."""
    model = difference.field.related_model
    for pk in (difference.before, difference.after):
        if model is not None and pk is not None:
            wanted.add(model._meta.label_lower, pk)


def changes(difference: Difference, names: Names, municipality: Municipality | None) -> Iterator[Change]:
    field = difference.field
    if isinstance(field, models.JSONField):
        was, became = difference.before or {}, difference.after or {}
        for key in sorted(was.keys() | became.keys()):
            if was.get(key) != became.get(key):
                yield Change(_key_label(key), _plain(was.get(key)), _plain(became.get(key)))
        return
    told = [_value(field, value, names, municipality) for value in (difference.before, difference.after)]
    yield Change(str(field.verbose_name), *told)


def _value(field: Any, value: Any, names: Names, municipality: Municipality | None) -> str:
    if value is None or value == "":
        return ""
    if field.name == "role":
        return role_word(value, municipality)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.related_model is not None:
        if field.related_model is StoredFile:
            return _("et bilde") if field.name == "logo" else _("en fil")
        return names.what(field.related_model._meta.label_lower, value)
    return _plain(value)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nei")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    if isinstance(value, int):
        return str(formats.number_format(value))
    return str(value)


def _key_label(key: str) -> str:
    """«role.observer», «level.2», or the name of a module."""
    kind, _dot, name = key.partition(".")
    if kind == "role" and name in set(Role):
        return str(ROLE_LABELS[Role(name)])
    if kind == "level" and name.isdigit():
        return str(LEVEL_LABELS[int(name)])
    module = next((module for module in modules.all() if module.key == key), None)
    return str(module.label) if module else capfirst(key)
