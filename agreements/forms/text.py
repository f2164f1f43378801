"""A municipality's or a club's own wording of a text, one language at a time."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.clauses import OPENING, Clause
from agreements.forms.draft import HOW_TO_WRITE, MOST_TEXT

_ROWS = 8


def _words(**given: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Tekst"),
        required=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": _ROWS}),
        **given,
    )


class TextForm(forms.Form):
    title = forms.CharField(label=_("Navn på teksten"), max_length=120, help_text=HOW_TO_WRITE)
    new_heading = forms.CharField(label=_("Overskrift"), max_length=120, required=False)
    # What she read (services.text.fingerprint).
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, title: str, clauses: list[Clause], seen: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clauses = clauses
        self.initial.update(title=title, seen=seen)
        parts = []
        for number, clause in enumerate(clauses):
            names = [f"text_{number}"]
            self.fields[f"text_{number}"] = _words(initial=clause.text)
            if clause.key != OPENING:
                self.fields[f"heading_{number}"] = forms.CharField(
                    label=_("Overskrift"), max_length=120, initial=clause.heading
                )
                names.insert(0, f"heading_{number}")
            parts.append(Fieldset(clause.heading or _("Innledning"), *names))
        self.fields["new_text"] = _words()
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "title",
            *parts,
            Fieldset(_("Nytt punkt"), "new_heading", "new_text"),
            "seen",
            ButtonHolder(Submit("save", _("Lagre teksten"))),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(cleaned.get("new_heading")) != bool(cleaned.get("new_text")):
            self.add_error("new_text", _("Et nytt punkt trenger både overskrift og tekst."))
        for name, value in list(cleaned.items()):
            # A line that begins with ## would be taken for a heading of a section.
            if name.startswith(("text_", "new_text")) and any(
                line.startswith("## ") for line in value.split("\n")
            ):
                self.add_error(name, _("Lag heller et nytt punkt enn en overskrift i teksten."))
        return cleaned

    def clauses(self) -> list[Clause]:
        said = self.cleaned_data
        return [
            Clause(
                clause.key,
                " ".join(said.get(f"heading_{number}", "").split()),
                said[f"text_{number}"].replace("\r\n", "\n").strip(),
            )
            for number, clause in enumerate(self._clauses)
        ]

    def new(self) -> Clause | None:
        said = self.cleaned_data
        if not said["new_heading"]:
            return None
        return Clause(
            "", " ".join(said["new_heading"].split()), said["new_text"].replace("\r\n", "\n").strip()
        )
