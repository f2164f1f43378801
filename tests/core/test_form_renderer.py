"""The controls we write ourselves are Django's, but for the white space between their elements."""

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from samskaping.core.form_renderer import FormRenderer
from samskaping.core.forms import DateInput, NameInput, Switch, TimeInput

ODD = {
    "class": "a \"b\" <c> & 'd'",
    "required": True,
    "placeholder": False,
    "maxlength": 1200,
    "data-safe": mark_safe("&amp;"),
}
CHOICES: list[Any] = [
    ("", _("Navn")),
    (1, "En & <to>"),
    (True, 1200),
    (_("Navn"), [("a", mark_safe("<b>")), ("b", "«B»")]),
]
CONTROLS = [
    (forms.TextInput(ODD), "<script>&'\""),
    (forms.TextInput(), None),
    (forms.TextInput(), ""),
    (forms.NumberInput(), 1200),
    (forms.NumberInput(), 0),
    (forms.EmailInput(), "a@b.example"),
    (forms.TelInput(), mark_safe("&amp;")),
    (forms.HiddenInput(), 12),
    (forms.PasswordInput(), "secret"),
    (forms.FileInput(), None),
    (DateInput(), date(2026, 11, 21)),
    (TimeInput(), "08:30"),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(ODD), "x"),
    (Switch(), False),
    (NameInput("/names/"), "Turlaget"),
    (forms.Textarea(ODD), "\n<b>one</b>\ntwo"),
    (forms.Textarea(), None),
    (forms.Select(ODD, choices=CHOICES), "a"),
    (forms.Select(choices=CHOICES), None),
    (forms.Select(choices=CHOICES), "True"),
    (forms.Select(choices=[]), None),
    (forms.SelectMultiple(choices=CHOICES), ["1", "b"]),
    (forms.NullBooleanSelect(), True),
    (forms.RadioSelect(choices=CHOICES), "1"),
    (forms.ClearableFileInput(), None),
]


def close(html: str) -> str:
    return re.sub(r">\s+<", "><", html)


@pytest.mark.parametrize(
    ("widget", "value"), CONTROLS, ids=[f"{type(widget).__name__}-{value}" for widget, value in CONTROLS]
)
def test_is_what_django_writes(widget: forms.Widget, value: Any) -> None:
    attrs = {"id": "id_it", "aria-describedby": "<it>"}
    ours = widget.render("it[]", value, attrs, FormRenderer())
    assert close(ours) == close(widget.render("it[]", value, attrs, TemplatesSetting()))
    assert hasattr(ours, "__html__")
