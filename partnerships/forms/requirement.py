"""A municipality's own kind of requirement."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.models import RequirementKind

_LANGUAGES = ("nb", "nn", "en")


class RequirementKindForm(EditingForm):
    name_nb = forms.CharField(label=_("Navn på bokmål"), max_length=80)
    name_nn = forms.CharField(label=_("Navn på nynorsk"), required=False, max_length=80)
    name_en = forms.CharField(label=_("Navn på engelsk"), required=False, max_length=80)
    about = forms.CharField(
        label=_("Om kravet"),
        help_text=_("Én setning om hva det er, og hvem som ordner det."),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    renew_months = forms.IntegerField(
        label=_("Fornyes etter"),
        help_text=_("Antall måneder. Tomt: det varer."),
        required=False,
        min_value=1,
        max_value=120,
    )

    def __init__(self, *args: Any, kind: RequirementKind | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind is not None:
            self.initial = {**self.standing(kind), **self.initial}
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *(f"name_{language}" for language in _LANGUAGES),
            "about",
            "renew_months",
            "version",
            ButtonHolder(Submit("save", _("Lagre kravet"))),
        )

    def standing(self, current: RequirementKind) -> dict[str, Any]:
        names = {f"name_{language}": current.names.get(language, "") for language in _LANGUAGES}
        return {**names, "about": current.about.get("nb", ""), "renew_months": current.renew_months}

    def facts(self) -> dict[str, Any]:
        names = {language: self.cleaned_data[f"name_{language}"] for language in _LANGUAGES}
        about = self.cleaned_data["about"]
        return {
            "names": {language: name for language, name in names.items() if name},
            "about": {"nb": about} if about else {},
            "renew_months": self.cleaned_data["renew_months"],
        }
