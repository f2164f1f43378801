"""What a process came to, and what is worth celebrating."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.forms.lines import CARE
from partnerships.models import ProcessResult
from partnerships.models.process_result import ResultKind
from samskaping.core.forms import DateInput


class ResultForm(EditingForm):
    title = forms.CharField(
        label=_("Hva kom dere fram til?"), max_length=150, help_text=_("For eksempel «Middag hver onsdag».")
    )
    kind = forms.ChoiceField(
        label=_("Hva skal det bli?"), choices=ResultKind.choices, widget=forms.RadioSelect
    )
    about = forms.CharField(
        label=_("Mer om det"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=CARE,
    )

    def __init__(self, *args: Any, result: ProcessResult | None, **kwargs: Any) -> None:
        names = ("title", "kind", "about")
        initial = {name: getattr(result, name) for name in names} if result else {"kind": ResultKind.OFFER}
        super().__init__(*args, version=result.version if result else 0, initial=initial, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "title", "kind", "about", "version", ButtonHolder(Submit("save", _("Lagre resultatet")))
        )

    def changes(self) -> dict[str, Any]:
        words = " ".join(self.cleaned_data["title"].split())
        kind = ResultKind(self.cleaned_data["kind"])
        return {"title": words, "kind": kind, "about": self.cleaned_data["about"]}


class WinForm(forms.Form):
    text = forms.CharField(label=_("Hva er verdt å feire?"), max_length=300, help_text=CARE)
    on = forms.DateField(label=_("Når var det?"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("text", "on", ButtonHolder(Submit("save", _("Lagre"))))
