"""The municipality's own words for the preparation, with points of its own."""

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.selectors.process_preparation import WRITTEN
from partnerships.selectors.task_check import in_words
from samskaping.core.models import ContentTemplate

NEW_ROWS = 2


class AdaptForm(forms.Form):
    """`read` is the version she changes; somebody else's newer one is not overwritten."""

    read = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, template: ContentTemplate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._points: list[dict[str, Any]] = template.data["points"]
        self.initial["read"] = template.pk
        groups: list[Any] = []
        for number, point in enumerate(self._points):
            names = self._add(number, title=in_words(point["title"]), why=in_words(point["why"]))
            if point["key"] not in WRITTEN:
                self.fields[f"out_{number}"] = forms.BooleanField(label=_("Ta bort punktet"), required=False)
                names.append(f"out_{number}")
            groups.append(Fieldset(in_words(point["title"]), *names))
        for number in range(len(self._points), len(self._points) + NEW_ROWS):
            groups.append(Fieldset(_("Eget punkt"), *self._add(number, required=False)))
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.layout = Layout(
            *groups, "read", ButtonHolder(Submit("save", _("Lagre listen for kommunen")))
        )

    def _add(self, number: int, *, title: str = "", why: str = "", required: bool = True) -> list[str]:
        names = [f"title_{number}", f"why_{number}"]
        self.fields[names[0]] = forms.CharField(label=_("Punkt"), max_length=150, required=required)
        self.fields[names[1]] = forms.CharField(
            label=_("Hvorfor"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
        self.initial[names[0]], self.initial[names[1]] = title, why
        return names

    def points(self) -> list[dict[str, Any]]:
        """As they are kept. What she did not touch keeps its languages; her own words are shown in all."""
        data = self.cleaned_data
        found = []
        for number, point in enumerate(self._points):
            if data.get(f"out_{number}"):
                continue
            told = {}
            for part in ("title", "why"):
                typed = data[f"{part}_{number}"]
                told[part] = point[part] if typed == in_words(point[part]) else {"nb": typed}
            found.append({"key": point["key"], **told})
        for number in range(len(self._points), len(self._points) + NEW_ROWS):
            if title := data[f"title_{number}"]:
                why = data[f"why_{number}"]
                found.append(
                    {"key": f"own-{uuid.uuid4().hex[:8]}", "title": {"nb": title}, "why": {"nb": why}}
                )
        return found
