"""Ten seconds after a call, and where a letter is to go."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Person
from partnerships.models.notice import Answer, CallOutcome
from samskaping.core.forms import DateInput


class CallForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Hvordan gikk det?"), choices=CallOutcome.choices, widget=forms.RadioSelect
    )
    line = forms.CharField(
        label=_("Notat"),
        max_length=200,
        required=False,
        help_text=_("Én linje. Ikke skriv om helse eller annet som er privat."),
    )
    again_on = forms.DateField(
        label=_("Ring igjen"),
        required=False,
        widget=DateInput,
        help_text=_("Om ingen svarte. Står det tomt, blir det neste arbeidsdag."),
    )

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks:
            self.fields["answer"] = forms.ChoiceField(
                label=_("Hva ble svaret?"),
                choices=[("", _("Ikke noe svar ennå")), *Answer.choices],
                widget=forms.RadioSelect,
                required=False,
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "outcome",
            *(["answer"] if asks else []),
            "line",
            "again_on",
            ButtonHolder(Submit("save", _("Lagre samtalen"))),
        )

    def clean_again_on(self) -> date | None:
        day: date | None = self.cleaned_data["again_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("Velg i dag eller en dag som kommer."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("answer") and cleaned.get("outcome") != CallOutcome.REACHED:
            self.add_error("answer", _("Et svar krever at dere fikk snakket sammen."))
        return cleaned


class PostAddressForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Person
        fields = ("street", "postal_code", "post_town")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True
        self.fields["street"].widget.attrs["autocomplete"] = "off"
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "street", Row("postal_code", "post_town"), ButtonHolder(Submit("save", _("Lagre adressen")))
        )
