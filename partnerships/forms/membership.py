"""Inviting somebody, finding somebody, and setting until when a role lasts."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import PhoneField
from partnerships.models import Unit
from partnerships.selectors.membership import Grantable
from partnerships.selectors.words import role_word
from samskaping.accounts.models.user import LANGUAGES
from samskaping.accounts.permissions import CENTRE_ROLES, ORGANISATION_ROLES, UNIT_ROLES, Role
from samskaping.core.forms import DateInput
from samskaping.core.models import Municipality

# What each role can do here, in one line, for whoever chooses between them.
ABOUT_ROLE = {
    Role.COORDINATOR: _(
        "Ser og ordner alt i kommunen: samarbeid, avtaler, kommunens egne frivillige og tilganger."
    ),
    Role.CHIEF: _(
        "Ser hvordan det går, svarer på spørsmål til ledelsen og gir tilgang. Ser ikke frivilliges data."
    ),
    Role.UNIT_LEADER: _("Ser og ordner det som gjelder egen enhet og enhetene under."),
    Role.PLACE_CONTACT: _("Driver egne tilbud fra dag til dag: hvem som kommer, og hvordan de nås."),
    Role.STAFF: _("Ser hva som skjer i egen enhet, stiller spørsmål og takker."),
    Role.CENTRE_LEADER: _("Ordner sentralens samarbeid, frivillige, tilbud og avtaler."),
    Role.ORGANISATION_REP: _("Er likeverdig part for laget: starter, foreslår, signerer og sier nei."),
    Role.OBSERVER: _("Ser tall og rapporter uten personopplysninger."),
}


class InviteForm(forms.Form):
    """Only what the chosen role needs; the role itself is chosen on the page before."""

    name = forms.CharField(label=_("Navn"), max_length=120, help_text=_("For- og etternavn."))
    email = forms.EmailField(
        label=_("E-post"), required=False, help_text=_("Skriv e-post, mobilnummer eller begge.")
    )
    phone = PhoneField(required=False, help_text=_("Uten e-post sender vi invitasjonen på SMS."))
    language = forms.ChoiceField(label=_("Språk i invitasjonen"), choices=LANGUAGES)

    def __init__(self, *args: Any, role: Role, grantable: Grantable, **kwargs: Any) -> None:
        language = grantable.municipality.language
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = language
        self._role = role
        place = self._add_place(role, grantable)
        self.helper = FormHelper()
        # One of two is asked for, twice over: marking each as optional would mislead.
        self.helper.mark_optional = False
        self.helper.layout = Layout(
            *([Fieldset(_("Hvor"), *place)] if place else []),
            Fieldset(_("Hvem"), "name", "email", "phone", "language"),
            ButtonHolder(Submit("send", _("Send invitasjonen"))),
        )

    def _add_place(self, role: Role, grantable: Grantable) -> list[str]:
        required = role != Role.CHIEF
        if role in UNIT_ROLES | {Role.CHIEF}:
            help_text = (
                "" if required else _("Er kommunalsjefen sjef for én sektor? Ellers lar du det stå tomt.")
            )
            return self._place("unit", _("Enhet"), grantable.units(), grantable.whole, help_text)
        if role in CENTRE_ROLES:
            return self._place("centre", _("Frivilligsentral"), grantable.centres(), grantable.whole)
        if role in ORGANISATION_ROLES:
            return self._place(
                "organisation", _("Lag eller organisasjon"), grantable.organisations(), grantable.whole
            )
        return []

    def _place(self, name: str, label: Any, places: Any, whole: bool, help_text: Any = "") -> list[str]:
        """A list of what there is, and for those who answer for the whole municipality room for a new one."""
        field = forms.ModelChoiceField(places, label=label, required=False, help_text=help_text)
        field.empty_label = _("Velg")
        self.fields[name] = field
        if not whole:
            # Most have one only: then there is nothing to choose.
            only = list(places[:2])
            if len(only) == 1:
                field.initial, field.empty_label = only[0], None
            return [name]
        self.fields[f"new_{name}"] = forms.CharField(
            label=_("Står den ikke i lista? Skriv navnet"), required=False, max_length=150
        )
        return [name, f"new_{name}"]

    @property
    def place_name(self) -> str:
        """Which of unit, centre and organisation this role is for; empty for none."""
        return next((name for name in ("unit", "centre", "organisation") if name in self.fields), "")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        unreadable = self.has_error("email") or self.has_error("phone")
        if not unreadable and not (data.get("email") or data.get("phone")):
            self.add_error("email", _("Skriv en e-postadresse eller et mobilnummer."))
        name = self.place_name
        if name and not self.has_error(name):
            chosen = [value for value in (data.get(name), data.get(f"new_{name}")) if value]
            if len(chosen) > 1:
                self.add_error(f"new_{name}", _("Velg fra lista eller skriv et nytt navn, ikke begge deler."))
            if not chosen and self._role != Role.CHIEF:
                self.add_error(name, _("Velg hvor rollen gjelder."))
        return data


class MembersFilter(forms.Form):
    q = forms.CharField(label=_("Navn"), required=False, max_length=80)
    role = forms.ChoiceField(label=_("Rolle"), required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Enhet"), required=False, empty_label=_("Alle")
    )

    def __init__(self, *args: Any, municipality: Municipality, grantable: Grantable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [
            (role.value, role_word(role, municipality).capitalize()) for role in Role if role != Role.NATIONAL
        ]
        self.fields["role"].choices = [("", _("Alle")), *roles]  # type: ignore[attr-defined]
        if grantable.whole:
            self.fields["unit"].queryset = grantable.units()  # type: ignore[attr-defined]
        else:
            del self.fields["unit"], self.fields["role"]


class ChangeForm(forms.Form):
    valid_to = forms.DateField(
        label=_("Rollen varer til og med"),
        required=False,
        widget=DateInput,
        help_text=_("La det stå tomt når rollen varer til noen avslutter den."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("valid_to", ButtonHolder(Submit("save", _("Lagre"))))
