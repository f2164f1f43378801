"""Answering somebody who wrote from the public pages."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.models import Person

TEXT = {"rows": 5, "dir": "auto"}


class AnswerForm(forms.Form):
    """`text` is written beforehand where there is something to begin with."""

    text = forms.CharField(label=_("Svaret"), max_length=1000, widget=forms.Textarea(attrs=TEXT))

    def __init__(self, *args: Any, button: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("text", ButtonHolder(Submit("answer", button)))


class TakeInForm(forms.Form):
    """Who she is here already, where somebody is like her; and a few words to begin with."""

    same = forms.ChoiceField(label=_("Er det en av disse?"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Noen ord til velkomst"), max_length=1000, widget=forms.Textarea(attrs=TEXT)
    )

    def __init__(self, *args: Any, like: list[Person], labels: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by_key = {str(person.pk): person for person in like}
        names = ["same", "text"] if like else ["text"]
        if like:
            choices = [(str(person.pk), labels[person.pk]) for person in like]
            self.fields["same"].choices = [*choices, ("new", _("Nei, dette er en annen"))]  # type: ignore[attr-defined]
        else:
            del self.fields["same"]
        self.helper = FormHelper()
        self.helper.layout = Layout(*names, ButtonHolder(Submit("take_in", _("Ta inn som frivillig"))))

    def person(self) -> Person | None:
        return self._by_key.get(self.cleaned_data.get("same", ""))
