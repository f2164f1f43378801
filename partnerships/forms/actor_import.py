"""Sending a spreadsheet, and saying what its columns mean."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.actor_columns import LABELS
from partnerships.sheet_columns import Column

PREFIX = "column_"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Regnearket"),
        help_text=_("Excel (.xlsx) eller .csv, høyst 5 MB og 1 000 rader. Ett lag på hver rad."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("file", ButtonHolder(Submit("read", _("Les regnearket"))))


class ColumnsForm(forms.Form):
    """One choice for each of the spreadsheet's columns, named as it is there."""

    def __init__(
        self,
        *args: Any,
        found: list[Column],
        chosen: dict[str, str],
        labels: Mapping[str, Any] = LABELS,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for column in found:
            self.fields[f"{PREFIX}{column.index}"] = forms.ChoiceField(
                label=column.heading,
                choices=[("", _("Tas ikke med")), *labels.items()],
                required=False,
                initial=chosen.get(str(column.index), ""),
                # Help texts are shown as they are, and this one is somebody's spreadsheet.
                help_text=format_html(gettext("For eksempel: {}"), column.example[:80])
                if column.example
                else "",
            )
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.layout = Layout(*self.fields, ButtonHolder(Submit("save", _("Bruk disse"))))

    def columns(self) -> dict[str, str]:
        return {name.removeprefix(PREFIX): field for name, field in self.cleaned_data.items() if field}
