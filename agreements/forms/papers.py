"""Which papers a volunteer is sent, for whom, and who signs for them."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.services.papers import Signs
from partnerships.selectors.actor_names import Actor
from samskaping.core.forms import DateInput
from samskaping.core.models import ContentTemplate

NONE = [("", _("Ikke nå"))]


class PapersForm(forms.Form):
    """Filled in beforehand, so that one press is enough. What is begun already is not asked for again."""

    declaration = forms.ChoiceField(label=_("Taushetserklæring"), required=False)
    agreement = forms.ChoiceField(label=_("Frivilligavtale"), required=False)
    side = forms.ChoiceField(label=_("Hvem er avtalen med?"))
    signs = forms.ChoiceField(label=_("Hvem signerer for dere?"), required=False)
    deadline = forms.DateField(label=_("Frist for å signere"), required=False, widget=DateInput())
    message = forms.CharField(
        label=_("Hilsen"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    leave_out = forms.BooleanField(
        label=_("Ta ut det som står tomt"),
        required=False,
        help_text=_("Ellers fyller du det ut på tilbudet eller samarbeidet først."),
    )

    def __init__(
        self,
        *args: Any,
        declarations: Sequence[ContentTemplate],
        agreements: Sequence[ContentTemplate],
        sides: dict[str, Actor],
        signers: Sequence[Signs],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._texts = {text.key: text for text in (*declarations, *agreements)}
        self._sides, self._signers = sides, {str(one.person.pk): one for one in signers}
        for name, texts in (("declaration", declarations), ("agreement", agreements)):
            if texts:
                self._choose(name, [*NONE, *((text.key, text.text()["title"]) for text in texts)])
            else:
                del self.fields[name]
        self._choose("side", [(key, side.name) for key, side in sides.items()])
        self._choose("signs", [(key, self._called(one)) for key, one in self._signers.items()])
        if not agreements:
            del self.fields["signs"]
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields, ButtonHolder(Submit("send", _("Send til signering"))))

    def clean_deadline(self) -> Any:
        day = self.cleaned_data["deadline"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("Velg en dag som kommer."))
        return day

    def chosen_texts(self) -> list[ContentTemplate]:
        keys = (self.cleaned_data.get(name) for name in ("declaration", "agreement"))
        return [self._texts[key] for key in keys if key]

    def chosen_side(self) -> Actor:
        return self._sides[self.cleaned_data["side"]]

    def chosen_signs(self) -> Signs | None:
        return self._signers.get(self.cleaned_data.get("signs", ""))

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    @staticmethod
    def _called(one: Signs) -> str:
        return f"{one.person.name} ({one.role})" if one.role else one.person.name
