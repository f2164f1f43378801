"""Choosing a new password."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from samskaping.accounts.forms.fields import OnceMixin, password_field
from samskaping.accounts.models import User


class NewPasswordForm(OnceMixin, forms.Form):
    """Written once: whoever mistypes asks for a new code, and password managers write it anyway."""

    password = password_field(
        label=_("Nytt passord"),
        new=True,
        help_text=_(
            "Minst tolv tegn. Fire vanlige ord etter hverandre er lett å huske og vanskelig å gjette."
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Lagre passordet")))

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password
