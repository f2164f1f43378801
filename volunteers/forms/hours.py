"""Hours a volunteer tells herself, and how long it really was."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Offer
from samskaping.core.forms import DateInput


class CorrectForm(forms.Form):
    hours = forms.DecimalField(label=_("Timer"), min_value=0, max_value=24, decimal_places=2, localize=True)

    def minutes(self) -> int:
        return round(float(self.cleaned_data["hours"]) * 60)


class TellForm(CorrectForm):
    offer = forms.ModelChoiceField(
        label=_("Hvor var du frivillig?"), queryset=Offer.objects.none(), empty_label=None
    )
    day = forms.DateField(label=_("Dag"), widget=DateInput)

    def __init__(self, *args: Any, offers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["offer"].queryset = offers
        self.initial.setdefault("day", timezone.localdate())
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "offer", Row("day", "hours"), ButtonHolder(Submit("tell", _("Før timene")))
        )
