"""Fields several forms share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from samskaping.core.sms import normal_number, shown_number


class PhoneField(forms.CharField):
    """Takes a number the way people write it, keeps it the way SMS needs it."""

    widget = forms.TelInput(attrs={"autocomplete": "tel"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 20, "label": _("Mobilnummer"), **kwargs})

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        number = normal_number(typed)
        if not number:
            raise ValidationError(_("Skriv åtte sifre, eller begynn med + og landskoden."), code="phone")
        return number

    def prepare_value(self, value: Any) -> Any:
        return shown_number(value) if isinstance(value, str) else value


class CodeField(forms.CharField):
    """Six digits, with or without a space, filled in by the phone when it can."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Koden på seks sifre"),
            max_length=12,
            widget=forms.TextInput(
                attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
            ),
            **kwargs,
        )
