"""The invited person's two forms: the code, and the few words about herself."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import CodeField
from partnerships.models import Invitation
from samskaping.accounts.models import User
from samskaping.accounts.models.user import LANGUAGES


class CodeForm(forms.Form):
    """`wrote`: what she was sending when she was asked for a code, to go along with it."""

    code = CodeField()

    def __init__(self, *args: Any, button: Any = "", wrote: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if wrote is not None:
            self.fields["wrote"] = forms.CharField(
                widget=forms.HiddenInput, required=False, strip=False, initial=wrote
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields, ButtonHolder(Submit("check", button or _("Gå videre"))))


class WelcomeForm(forms.Form):
    name = forms.CharField(
        label=_("Navnet ditt"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Språk"), choices=LANGUAGES, widget=forms.RadioSelect)
    password = forms.CharField(
        label=_("Passord"),
        required=False,
        strip=False,
        help_text=_("Minst tolv tegn. La det stå tomt hvis du heller vil logge inn med en kode hver gang."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, account: User | None, **kwargs: Any) -> None:
        person = invitation.person
        kwargs.setdefault("initial", {"name": person.name, "language": person.language})
        super().__init__(*args, **kwargs)
        # Whoever has a password keeps it, and an address that cannot sign in with one needs none.
        if (account and account.has_usable_password()) or not person.email:
            del self.fields["password"]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *self.fields, ButtonHolder(Submit("accept", _("Bli med"), data_fullwidth="true"))
        )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            try:
                validate_password(password)
            except ValidationError as error:
                raise ValidationError(error.messages) from error
        return password
