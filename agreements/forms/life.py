"""Renewing, withdrawing, and what is asked before an agreement goes to the archive."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from samskaping.core.forms import DateInput
from samskaping.core.models import ContentTemplate


class RenewForm(forms.Form):
    starts_on = forms.DateField(label=_("Gjelder fra"), widget=DateInput())
    ends_on = forms.DateField(
        label=_("Gjelder til"),
        required=False,
        widget=DateInput(),
        help_text=_("Tomt, hvis den gjelder til noen sier den opp."),
    )

    def __init__(
        self, *args: Any, days: tuple[date, date | None], texts: list[ContentTemplate], **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"starts_on": days[0], "ends_on": days[1]}
        super().__init__(*args, **kwargs)
        self._texts = {str(text.pk): text for text in texts}
        if texts:
            self.fields["text"] = forms.ChoiceField(
                label=_("Hvilken tekst skal den begynne med?"),
                choices=[(pk, text.text()["title"]) for pk, text in self._texts.items()],
                help_text=_("Den gamle avtalen ligger her som PDF, så ordene må begynne et sted."),
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *(["text"] if texts else []),
            Row("starts_on", "ends_on"),
            ButtonHolder(Submit("save", _("Begynn på fornyelsen"))),
        )

    def chosen_text(self) -> ContentTemplate | None:
        return self._texts.get(self.cleaned_data.get("text", ""))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("Sluttdatoen må komme etter startdatoen."))
        return cleaned


class WithdrawForm(forms.Form):
    because = forms.CharField(
        label=_("Hvorfor trekker dere avtalen tilbake?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Grunnen står i beskjeden som låses sammen med avtalen. Skriv ikke noe privat om noen."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        button = Submit("save", _("Trekk avtalen tilbake"), data_color="danger")
        self.helper.layout = Layout("because", ButtonHolder(button))
