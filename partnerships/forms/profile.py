"""About oneself."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import PhoneField
from partnerships.models import Person
from partnerships.models.person import Channel, Digest
from samskaping.accounts.models.user import LANGUAGES


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Navn"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Språk"), choices=LANGUAGES, widget=forms.RadioSelect)
    channel = forms.ChoiceField(
        label=_("Slik vil jeg nås"),
        choices=Channel.choices,
        widget=forms.RadioSelect,
        help_text=_("Brev og telefon er like gode svar. De som følger deg opp, får vite det."),
    )
    digest = forms.ChoiceField(
        label=_("Påminnelser på e-post"),
        choices=Digest.choices,
        widget=forms.RadioSelect,
        help_text=_("Det som haster, kommer uansett med en gang."),
    )
    street = forms.CharField(
        label=_("Gateadresse"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    postal_code = forms.CharField(
        label=_("Postnummer"),
        required=False,
        max_length=4,
        validators=[RegexValidator(r"^[0-9]{4}$", _("Et postnummer har fire sifre."))],
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    post_town = forms.CharField(label=_("Poststed"), required=False, max_length=60)
    hide_contact = forms.BooleanField(
        label=_("Skjul kontaktopplysningene mine"),
        required=False,
        help_text=_(
            "Da ser andre navnet ditt, men ikke adresse, e-post og telefon. Du trenger ikke si hvorfor."
        ),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        names = (
            "name", "language", "channel", "digest", "street", "postal_code", "post_town", "hide_contact"
        )  # fmt: skip
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(person, name) for name in names}
        self._person = person
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(_("Om meg"), "name", "language"),
            Fieldset(
                _("Post og kontakt"),
                "channel",
                "digest",
                "street",
                Row("postal_code", "post_town"),
                "hide_contact",
            ),
            ButtonHolder(Submit("save", _("Lagre"))),
        )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        """A channel needs somewhere to send to."""
        data = super().clean() or {}
        missing = {
            Channel.EMAIL: not self._person.email
            and _("Legg inn en e-postadresse først, eller velg noe annet."),
            Channel.SMS: not self._person.phone and _("Legg inn et mobilnummer først, eller velg noe annet."),
            Channel.PHONE: not self._person.phone
            and _("Legg inn et telefonnummer først, eller velg noe annet."),
            Channel.LETTER: not (data.get("street") and data.get("postal_code") and data.get("post_town"))
            and _("Skriv hele postadressen, så brevet kommer fram."),
        }
        problem = missing.get(data.get("channel", ""))
        if problem:
            self.add_error("channel", problem)
        return data


class NewEmailForm(forms.Form):
    value = forms.EmailField(
        label=_("Ny e-postadresse"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("value", ButtonHolder(Submit("send", _("Send en kode dit"))))

    def clean_value(self) -> str:
        return str(self.cleaned_data["value"]).lower()


class NewPhoneForm(forms.Form):
    value = PhoneField(label=_("Nytt mobilnummer"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("value", ButtonHolder(Submit("send", _("Send en kode dit"))))
