"""Asking for a code, and writing it."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from samskaping.accounts.forms.fields import CodeField, OnceMixin
from samskaping.accounts.services.code import is_address, same_however_typed


class AskCodeForm(OnceMixin, forms.Form):
    """One field: whoever signs in knows which of the two she gave."""

    who = forms.CharField(
        label=_("E-post eller mobilnummer"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False  # the page adds where to go afterwards
        self.helper.disable_csrf = True
        self.helper.add_input(Submit("send", _("Send meg en kode"), data_fullwidth=""))

    def clean_who(self) -> str:
        typed: str = self.cleaned_data["who"]
        if is_address(typed):
            forms.EmailField().clean(typed)
        elif not same_however_typed(typed):
            raise forms.ValidationError(_("Skriv hele e-postadressen, eller et mobilnummer med åtte sifre."))
        return typed


class AskPasswordCodeForm(OnceMixin, forms.Form):
    who = forms.EmailField(
        label=_("E-post"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("send", _("Send meg en kode"), data_fullwidth=""))


class EnterCodeForm(OnceMixin, forms.Form):
    code = CodeField(help_text=_("Seks sifre."))

    def __init__(self, *args: Any, action: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("send", action or _("Logg inn"), data_fullwidth=""))
