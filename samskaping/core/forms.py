"""What every form shares: widgets that speak to the device, and the list of what must be put right.

The markup is in the crispy pack `templates/designsystemet/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from crispy_forms.utils import render_crispy_form
from django import forms
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language


class DateInput(forms.DateInput):
    """The device's own date picker. Browsers send and expect the ISO form, whatever they show."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class Switch(forms.CheckboxInput):
    """On or off, for what takes effect; a checkbox is for agreeing and choosing."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"role": "switch", **(attrs or {})})


class LongChoice(forms.CheckboxSelectMultiple):
    """Many to choose among, of which most people need the first ones: those, and what is chosen, stand open;
    the rest are behind a click."""

    def __init__(self, *, first: int, more: str | Promise, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.first, self.more = first, more


class NameInput(forms.TextInput):
    """A name, with suggestions the browser fetches when somebody comes to the field.

    `names` is the address of `name_options`. Without script, and before they come, one writes as before.
    """

    def __init__(self, names: str | Promise) -> None:
        fetches = {"get": names, "trigger": "focus once", "target": "next datalist", "params": "none"}
        attrs = {f"data-hx-{name}": value for name, value in fetches.items()}
        super().__init__({"autocomplete": "off", **attrs})

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        names = f"{(attrs or {}).get('id', name)}_names"
        field = super().render(name, value, {**(attrs or {}), "list": names}, renderer)
        return format_html('{}<datalist id="{}"></datalist>', field, names)


def name_options(names: Iterable[str]) -> SafeString:
    """What a NameInput suggests."""
    return format_html_join("", '<option value="{}"></option>', ((name,) for name in names))


def blank(form: type[forms.Form], auto_id: str) -> SafeString:
    """The fields of a form nobody has filled in, for a page that offers it beside what it is for.

    They are the same for everybody, and are made once for each process and language. Not for a form
    that depends on the day or on who looks. The page writes the form tag around them, with the token.
    """
    return _blank(form, auto_id, get_language())


@cache
def _blank(form: type[forms.Form], auto_id: str, _language: str | None) -> SafeString:
    made: Any = form(auto_id=auto_id)
    made.helper.form_tag, made.helper.disable_csrf = False, True
    fields: SafeString = render_crispy_form(made)
    return fields


class Option(NamedTuple):
    """One choice of a radio or checkbox group, ready to show."""

    control: SafeString
    id: str
    label: str
    # Behind the click, where there is one.
    is_more: bool = False


class ErrorLine(NamedTuple):
    """One line of the error summary; `id` is the control it leads to, empty for the form as a whole."""

    text: str
    id: str


def control(field: BoundField) -> SafeString:
    """The field's control with the class Designsystemet styles, beside whatever the widget already has.

    Placeholders are left out: they vanish when one begins to type, where a help text stays.
    """
    return field.as_widget(attrs={"class": _classes(field), "placeholder": False})


def options(field: BoundField) -> list[Option]:
    """The choices of a radio or checkbox group. Groups of choices inside the group are not supported."""
    attrs = field.build_widget_attrs({"class": _classes(field), "id": field.auto_id})
    widget = field.field.widget
    choices = widget.subwidgets(field.html_name, field.value(), attrs)
    first = widget.first if isinstance(widget, LongChoice) else None
    return [
        Option(
            control=format_html(
                '<input type="{}" name="{}" value="{}"{}>',
                choice["type"],
                choice["name"],
                choice["value"],
                flatatt(choice["attrs"]),
            ),
            id=choice["attrs"]["id"],
            label=choice["label"],
            is_more=first is not None and number >= first and not choice["selected"],
        )
        for number, choice in enumerate(choices)
    ]


def first_control_id(field: BoundField) -> str:
    """The id a link to this field goes to: a group has none of its own, so its first choice stands in."""
    if field.is_hidden:
        return ""
    return f"{field.auto_id}_0" if field.use_fieldset else field.auto_id


def summarise_errors(form: forms.BaseForm | BaseFormSet[Any]) -> list[ErrorLine]:
    """Every error of a form or formset, in reading order, each with the control it belongs to.

    Marks the form, so that the crispy pack does not say the form-wide ones a second time.
    """
    if isinstance(form, BaseFormSet):
        lines = [ErrorLine(str(text), "") for text in form.non_form_errors()]
        for single in form.forms:
            lines += summarise_errors(single)
    else:
        lines = [ErrorLine(str(text), "") for text in form.non_field_errors()]
        for field in form:
            lines += [ErrorLine(_named(field, str(text)), first_control_id(field)) for text in field.errors]
    form.is_summarised = True  # type: ignore[union-attr]
    return lines


def _named(field: BoundField, error: str) -> str:
    """«Navn: Fyll ut dette.» A label that is a question already ends with a sign of its own."""
    label = str(field.label)
    return f"{label}{' ' if label.endswith(('?', '.', ':')) else ': '}{error}"


def _classes(field: BoundField) -> str:
    return f"ds-input {field.field.widget.attrs.get('class', '')}".strip()
