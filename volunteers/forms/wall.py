"""A screen on the wall."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.models import Unit


class WallForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("Enhet"), queryset=Unit.objects.none(), empty_label=None)
    name = forms.CharField(
        label=_("Hvor henger skjermen?"), max_length=80, help_text=_("For eksempel «Vaktrommet i 2. etasje».")
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = units
        self.helper = FormHelper()
        self.helper.layout = Layout("unit", "name", ButtonHolder(Submit("make", _("Lag lenke"))))
