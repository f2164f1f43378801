"""Driving and what was laid out."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Offer
from samskaping.core.forms import DateInput
from volunteers.models import Volunteer
from volunteers.models.shift import ExpenseKind
from volunteers.selectors.known import keeper_of


class _KeptField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A row of hers, by who keeps it: that is who pays."""

    def label_from_instance(self, volunteer: Volunteer) -> str:
        return keeper_of(volunteer.person)


class ExpenseForm(forms.Form):
    volunteer = _KeptField(
        label=_("Hvem betaler?"), queryset=Volunteer.objects.none(), empty_label=None, required=False
    )
    kind = forms.ChoiceField(label=_("Hva er det?"), choices=ExpenseKind, widget=forms.RadioSelect)
    day = forms.DateField(label=_("Dag"), widget=DateInput)
    km = forms.DecimalField(
        label=_("Kilometer"), required=False, min_value=0, max_value=9999, decimal_places=1, localize=True
    )
    amount = forms.DecimalField(
        label=_("Kroner"), required=False, min_value=0, max_value=99999, decimal_places=2, localize=True
    )
    offer = forms.ModelChoiceField(
        label=_("Hvor var du frivillig?"),
        queryset=Offer.objects.none(),
        required=False,
        empty_label=_("Noe annet"),
    )
    words = forms.CharField(
        label=_("Hva det gjaldt"),
        required=False,
        max_length=150,
        help_text=_("For eksempel «til og fra Nes». Skriv ikke navn på den du hjalp."),
    )

    def __init__(self, *args: Any, volunteers: Any = None, offers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["offer"].queryset = offers
        self.initial.setdefault("day", timezone.localdate())
        self.initial.setdefault("kind", ExpenseKind.DRIVING)
        several = volunteers is not None and len(volunteers) > 1
        if several:
            fields["volunteer"].queryset = volunteers
            fields["volunteer"].required = True
        else:
            del fields["volunteer"]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *(["volunteer"] if several else []),
            "kind",
            Row("day", "km", "amount"),
            "offer",
            "words",
            ButtonHolder(Submit("note", _("Før utlegget"))),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("km") and not data.get("amount"):
            self.add_error("km", _("Skriv hvor langt, eller hvor mye det kostet."))
        day = data.get("day")
        if day is not None and day > timezone.localdate():
            self.add_error("day", _("Velg en dag som har vært."))
        return data

    def noted(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "day", "km", "amount", "offer", "words")}


class RefuseForm(forms.Form):
    because = forms.CharField(
        label=_("Hvorfor ikke?"),
        max_length=150,
        help_text=_("Den frivillige ser det du skriver."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("because", ButtonHolder(Submit("refuse", _("Si nei til utlegget"))))
