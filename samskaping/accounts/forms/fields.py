"""Fields that every sign-in form shares."""

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _


class OnceMixin:
    """Refuses a field that was sent twice: whoever reads the first and whoever reads the last must agree."""

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()  # type: ignore[misc]
        data = self.data  # type: ignore[attr-defined]
        if isinstance(data, MultiValueDict):
            for name in self.fields:  # type: ignore[attr-defined]
                if len(data.getlist(self.add_prefix(name))) > 1:  # type: ignore[attr-defined]
                    raise forms.ValidationError(_("Vi forstod ikke skjemaet. Fyll det ut på nytt."))
        return cleaned


class CodeField(forms.CharField):
    """Six digits, however they are grouped; the device offers them from the message."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Kode"))
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={
                    "autocomplete": "one-time-code",
                    "inputmode": "numeric",
                    "autofocus": True,
                    "spellcheck": "false",
                    "class": "code-input",
                }
            ),
        )
        super().__init__(**kwargs)


def password_field(*, label: Any, new: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=200,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"}),
    )
