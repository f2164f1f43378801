"""What is asked of whoever signs, one choice for each kind of agreement."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.models.agreement import AgreementKind
from agreements.models.envelope import OFFERED_FLOORS, Floor


class SigningRulesForm(forms.Form):
    def __init__(self, *args: Any, standing: Mapping[AgreementKind, Floor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in AgreementKind:
            self.fields[kind] = forms.ChoiceField(
                label=kind.label,
                choices=[(floor, floor.label) for floor in OFFERED_FLOORS],
                initial=standing[kind],
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(*AgreementKind, ButtonHolder(Submit("save", _("Lagre kravene"))))

    def floors(self) -> dict[AgreementKind, Floor]:
        return {kind: Floor(self.cleaned_data[kind]) for kind in AgreementKind}
