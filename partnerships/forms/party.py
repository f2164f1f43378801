"""Asking parties in, answering, and whom to ring."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import PhoneField
from partnerships.selectors.partnership_start import Actors, key_of
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key


class PartyAskForm(forms.Form):
    """One of ours, by name; or the municipality next door, and what the one we mean is called."""

    name = forms.CharField(
        label=_("Hvem vil dere ha med?"),
        max_length=150,
        widget=forms.TextInput(attrs={"list": "actors", "autocomplete": "off"}),
        help_text=_("En enhet, en frivilligsentral, et lag eller en bedrift."),
    )
    municipality = forms.CharField(
        label=_("Fra en annen kommune?"),
        required=False,
        max_length=80,
        help_text=_(
            "Skriv navnet eller kommunenummeret. Da spør vi koordinatoren der, som finner den riktige."
        ),
    )
    words = forms.CharField(
        label=_("Noen ord til dem som svarer"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, actors: Actors, owner: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._actors = actors
        # The demo's towns ask each other, and nobody else asks them.
        self._others = Municipality.objects.filter(is_demo=owner.is_demo).exclude(
            Q(pk=owner.pk) | Q(pk=actors.municipality.pk)
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "name", "municipality", "words", ButtonHolder(Submit("ask", _("Spør om de vil være med")))
        )

    def clean_municipality(self) -> Municipality | None:
        typed = self.cleaned_data["municipality"]
        if not typed:
            return None
        # Two places have the name Herøy: then the number tells them apart.
        found = list(self._others.filter(Q(number=typed.strip()) | Q(name_key=sort_key(typed)))[:2])
        if not found:
            raise ValidationError(_("Vi finner ingen annen kommune med dette navnet eller nummeret."))
        if len(found) > 1:
            raise ValidationError(_("Flere kommuner har dette navnet. Skriv kommunenummeret."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["actor"] = None
        if data.get("name") and not data.get("municipality") and not self.has_error("municipality"):
            data["actor"] = self._actors.named(data["name"])
            if data["actor"] is None and not self._actors.may_add:
                self.add_error("name", _("Vi finner ikke denne i kommunen. Be koordinatoren legge den inn."))
        return data


class AnswerForm(forms.Form):
    words = forms.CharField(
        label=_("Noen ord til de andre"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Alle partene ser dem i loggen. Ingen må si hvorfor."),
    )


class NeighbourAnswerForm(AnswerForm):
    """Yes needs to know who of ours it is."""

    actor = forms.ChoiceField(label=_("Hvem hos dere er det?"), required=False)

    def __init__(self, *args: Any, actors: Actors, asked_for: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by_key = {key_of(actor): actor for actor in actors.all}
        choices = [(key, actor.name) for key, actor in self._by_key.items()]
        self.fields["actor"].choices = [("", _("Velg")), *choices]  # type: ignore[attr-defined]
        guess = actors.named(asked_for)
        self.fields["actor"].initial = key_of(guess) if guess else ""
        self.order_fields(["actor", "words"])

    def chosen(self) -> Any:
        return self._by_key.get(self.cleaned_data["actor"])


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Navn"), max_length=120)
    title = forms.CharField(
        label=_("Rolle"),
        required=False,
        max_length=80,
        help_text=_("For eksempel «leder» eller «turansvarlig»."),
    )
    phone = PhoneField(label=_("Telefon"), required=False)
    email = forms.EmailField(label=_("E-post"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.layout = Layout(
            Fieldset(_("Hvem kan de andre ringe?"), "name", "title", Row("phone", "email")),
            ButtonHolder(Submit("save", _("Legg til kontakten"))),
        )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        unreadable = self.has_error("email") or self.has_error("phone")
        if not unreadable and not (data.get("email") or data.get("phone")):
            self.add_error("phone", _("Skriv et telefonnummer eller en e-postadresse."))
        return data
