"""«Hvor langt opp i trappa er vi?»: a choice for each step, and what they will do next."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.models import StairCheck
from partnerships.selectors.stairs import NOT_YET, PARTLY, REACHED, Step

ANSWERS = ((REACHED, _("Ja, slik er det hos oss")), (PARTLY, _("Litt")), (NOT_YET, _("Ikke ennå")))


class StairForm(EditingForm):
    def __init__(self, *args: Any, steps: list[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keys = [step.key for step in steps]
        for step in steps:
            self.fields[f"step_{step.key}"] = forms.ChoiceField(
                label=step.title,
                help_text=step.look,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                initial=step.answer or step.before,
            )
        self.fields["next_step"] = forms.CharField(
            label=_("Vårt neste steg"),
            help_text=_("Tomt: vi foreslår det nærmeste. Skriv ikke navn på mottakere."),
            required=False,
            max_length=300,
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *(f"step_{key}" for key in self._keys),
            "next_step",
            "version",
            ButtonHolder(Submit("save", _("Lagre"))),
        )

    def answers(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"step_{key}"] for key in self._keys}

    def standing(self, current: StairCheck) -> dict[str, Any]:
        answers = {f"step_{key}": current.answers.get(key, "") for key in self._keys}
        return {**answers, "next_step": current.next_step}
