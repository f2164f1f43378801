"""Asking for one volunteer, with the least that must be said of the one it is for."""

from datetime import timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import PhoneField
from partnerships.models import RequirementKind, Unit
from partnerships.recurrence import moments
from samskaping.core.forms import DateInput, TimeInput
from volunteers.models.errand import ErrandKind


class ErrandForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("Enhet"), queryset=Unit.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("Hva trengs?"), choices=ErrandKind, widget=forms.RadioSelect)
    day = forms.DateField(label=_("Dag"), widget=DateInput)
    from_time = forms.TimeField(label=_("Fra kl."), widget=TimeInput)
    to_time = forms.TimeField(label=_("Til kl."), widget=TimeInput)
    area_words = forms.CharField(
        label=_("Hvor, omtrent?"),
        required=False,
        max_length=120,
        help_text=_("For eksempel «i sentrum». Ikke adressen."),
    )
    words = forms.CharField(
        label=_("Litt mer om det"),
        required=False,
        max_length=200,
        help_text=_("Skriv ikke navn, adresse eller noe om helse. Alle som kan ta oppdraget, ser det."),
    )
    requirements = forms.ModelMultipleChoiceField(
        label=_("Det den frivillige må ha"),
        queryset=RequirementKind.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    first_name = forms.CharField(label=_("Fornavn på den det gjelder"), max_length=40)
    meet_at = forms.CharField(
        label=_("Der dere møtes"),
        max_length=150,
        help_text=_("For eksempel adressen, eller «i resepsjonen»."),
    )
    ring = PhoneField(
        label=_("Telefon til enheten"),
        required=False,
        help_text=_("Dit ringer den frivillige hvis noe skjer. Ikke nummeret til den det gjelder."),
    )

    def __init__(self, *args: Any, units: Any, requirements: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = units
        fields["requirements"].queryset = requirements
        self.initial.setdefault("day", timezone.localdate() + timedelta(days=2))
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "unit",
            "kind",
            Row("day", "from_time", "to_time"),
            "area_words",
            "words",
            "requirements",
            Fieldset(_("Bare til den som tar oppdraget"), "first_name", "meet_at", "ring"),
            ButtonHolder(Submit("post", _("Legg ut oppdraget"))),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("day") and data.get("from_time") and data.get("to_time"):
            data["starts_at"], data["ends_at"] = moments(data["day"], data["from_time"], data["to_time"])
            if data["starts_at"] <= timezone.now():
                self.add_error("day", _("Velg en tid som kommer."))
        return data

    def asked(self) -> dict[str, Any]:
        names = (
            *("unit", "kind", "starts_at", "ends_at", "area_words", "words", "requirements"),
            *("first_name", "meet_at", "ring"),
        )
        return {name: self.cleaned_data[name] for name in names}
