"""What the sides write together, what each writes alone, and what one wants otherwise."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.forms.lines import CARE, LinesField
from partnerships.selectors.understanding import LINES


class TogetherForm(EditingForm):
    shall = LinesField(
        label=_("Dette skal vi"), help_text=_("Én ting på hver linje. Tre til fem holder lenge.")
    )
    shall_not = LinesField(
        label=_("Dette skal vi ikke"),
        help_text=_("Det noen ellers kan komme til å tro. For eksempel: «Vi gir ikke medisiner.»"),
    )
    recipients_can_expect = LinesField(
        label=_("Dette kan mottakerne vente seg"),
        help_text=_("Slik dere ville sagt det til dem det gjelder."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(*LINES, "version", ButtonHolder(Submit("save", _("Lagre"))))

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in LINES}


class SideForm(EditingForm):
    wishes = forms.CharField(
        label=_("Dette ønsker vi"),
        help_text=_("Med deres egne ord."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    gains = forms.CharField(
        label=_("Dette får vi ut av det"),
        help_text=CARE,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    # Which version of the whole she read.
    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["number"] = number
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "wishes", "gains", "version", "number", ButtonHolder(Submit("save", _("Lagre")))
        )

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("wishes", "gains")}


class ObjectionForm(forms.Form):
    words = forms.CharField(
        label=_("Hva vil dere ha annerledes?"),
        help_text=_("De andre ser det ved siden av teksten. Dere kan også endre teksten selv."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("words", "version", ButtonHolder(Submit("save", _("Send ønsket"))))
