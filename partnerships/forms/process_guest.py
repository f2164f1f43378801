"""Letting a guest or mentor read one process."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import PhoneField
from samskaping.core.forms import DateInput


class ProcessGuestForm(forms.Form):
    name = forms.CharField(label=_("Navn"), max_length=120, help_text=_("For- og etternavn."))
    email = forms.EmailField(
        label=_("E-post"), required=False, help_text=_("Skriv e-post, mobilnummer eller begge.")
    )
    phone = PhoneField(required=False)
    valid_to = forms.DateField(label=_("Kan lese til og med"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.layout = Layout(
            "name", Row("email", "phone"), "valid_to", ButtonHolder(Submit("send", _("Send invitasjonen")))
        )

    def clean_valid_to(self) -> Any:
        day = self.cleaned_data["valid_to"]
        if day < timezone.localdate():
            raise ValidationError(_("Velg en dag som kommer."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        unreadable = self.has_error("email") or self.has_error("phone")
        if not unreadable and not (data.get("email") or data.get("phone")):
            self.add_error("email", _("Skriv en e-postadresse eller et mobilnummer."))
        return data
