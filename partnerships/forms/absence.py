"""From, to, and who takes over."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.models import Membership, Person
from partnerships.selectors.absence import deputies_for
from samskaping.core.forms import DateInput


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Person) -> str:
        return obj.name


class AbsenceForm(forms.Form):
    away_from = forms.DateField(label=_("Borte fra og med"), widget=DateInput)
    away_to = forms.DateField(label=_("Til og med"), widget=DateInput)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"] = PersonChoice(
            deputies_for(membership),
            label=_("Stedfortreder"),
            required=False,
            empty_label=_("Ingen"),
            help_text=_("Får det som haster, så lenge du er borte. Avtal det først."),
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row("away_from", "away_to"), "deputy", ButtonHolder(Submit("save", _("Meld meg borte")))
        )
