"""A form that knows which version was read, and shows both when somebody else saved meanwhile."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from partnerships.models.edited import Edited
from partnerships.selectors.editing import changed_by
from partnerships.services.editing import ChangedMeanwhile
from samskaping.accounts.models import User


@dataclass(frozen=True)
class Both:
    """One field, as she typed it and as it stands."""

    label: str
    typed: str
    stands: str


class EditingForm(forms.Form):
    """Put `"version"` in the layout. After a conflict the crispy pack shows `meanwhile` over the fields.

    Fields are compared with the row's by name; a form whose fields are not the row's says so in `standing`.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = version
        self.is_overtaken = False
        self.meanwhile: list[Both] = []

    def standing(self, current: Any) -> dict[str, Any]:
        """What is saved now, by the names of the form's fields."""
        return {name: getattr(current, name) for name in self.fields if hasattr(current, name)}

    def saved_by(self, save: Callable[[int], object], viewer: User | None) -> bool:
        """Calls `save` with the version that was read. False when somebody else was first.

        Then what was typed stays in the form, beside what stands now, and the next press is made knowing it.
        """
        try:
            save(self.cleaned_data["version"])
        except ChangedMeanwhile as conflict:
            current = conflict.current
            self.is_overtaken = True
            self.meanwhile = list(self._both(current))
            self.add_error(None, changed_by(current, viewer))
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data[self.add_prefix("version")] = current.version
            self.data = data
            return False
        return True

    def _both(self, current: Edited) -> Iterator[Both]:
        standing = self.standing(current)
        for name, field in self.fields.items():
            typed = self.cleaned_data.get(name)
            if name != "version" and name in standing and standing[name] != typed:
                label = str(field.label or self[name].label)
                yield Both(label, _in_words(field, typed), _in_words(field, standing[name]))


def _in_words(field: forms.Field, value: Any) -> str:
    """As somebody reads it; a list has a line for each."""
    if isinstance(value, list | tuple | set):
        return "\n".join(_in_words(field, one) for one in value) or _("tomt")
    if value is None or value == "":
        return _("tomt")
    if isinstance(value, bool):
        return _("ja") if value else _("nei")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(_flat(field.choices)).get(str(value), value))
    return str(value)


def _flat(choices: Any) -> Iterator[tuple[str, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), label
