"""What staff keep about a person, and the sentences erasing her needs."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import PhoneField
from partnerships.models import Person
from partnerships.models.person import Channel
from samskaping.accounts.models.user import LANGUAGES
from samskaping.core.sms import shown_number

HERS = _("Personen logger inn med denne og bytter den selv under «Min konto».")


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Navn"), max_length=120)
    language = forms.ChoiceField(label=_("Språk"), choices=LANGUAGES, widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=_("Vil nås på"), choices=Channel.choices, widget=forms.RadioSelect)
    email = forms.EmailField(label=_("E-post"), required=False)
    phone = PhoneField(label=_("Telefon"), required=False)
    street = forms.CharField(label=_("Gateadresse"), required=False, max_length=120)
    postal_code = forms.CharField(
        label=_("Postnummer"),
        required=False,
        max_length=4,
        validators=[RegexValidator(r"^[0-9]{4}$", _("Et postnummer har fire sifre."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    post_town = forms.CharField(label=_("Poststed"), required=False, max_length=60)
    hide_contact = forms.BooleanField(
        label=_("Skjul kontaktopplysningene"),
        required=False,
        help_text=_("Da ser andre bare navnet. Ingen skal spørre hvorfor, og grunnen skrives ikke ned."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(person, name) for name in self.fields}
        self.initial["phone"] = shown_number(person.phone)
        user = person.user
        for name, own in (("email", user and user.email), ("phone", user and user.phone)):
            if own:
                self.fields[name].disabled = True
                self.fields[name].help_text = HERS
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(_("Om personen"), "name", "language"),
            Fieldset(_("Slik når vi personen"), "channel", "email", "phone"),
            Fieldset(_("Postadresse"), "street", Row("postal_code", "post_town"), "hide_contact"),
            ButtonHolder(Submit("save", _("Lagre"))),
        )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def changes(self) -> dict[str, Any]:
        """What may be saved: a field that is hers to change is no part of it."""
        return {name: value for name, value in self.cleaned_data.items() if not self.fields[name].disabled}


class RefuseForm(forms.Form):
    because = forms.CharField(
        label=_("Hvorfor kan opplysningene ikke slettes?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Svaret sendes til personen. Skriv hvilken plikt som gjelder, og hvor lenge."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("because", ButtonHolder(Submit("refuse", _("Send svaret"))))


class PeriodForm(forms.Form):
    """One rule's period; empty goes back to ours."""

    days = forms.IntegerField(label=_("Dager"), required=False, min_value=1, max_value=36500)
