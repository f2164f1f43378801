"""Which partnership a process belongs to."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.models import Partnership

NEW = "new"


class AttachForm(forms.Form):
    def __init__(self, *args: Any, partnerships: list[Partnership], may_start: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._found = {str(one.pk): one for one in partnerships}
        choices: list[tuple[str, Any]] = [(key, one.title) for key, one in self._found.items()]
        if may_start:
            choices.append((NEW, _("Lag et nytt, lett samarbeid med samme navn")))
        self.fields["partnership"] = forms.ChoiceField(
            label=_("Hvilket samarbeid?"), choices=choices, widget=forms.RadioSelect
        )
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.layout = Layout("partnership", ButtonHolder(Submit("save", _("Knytt til"))))

    def chosen(self) -> Partnership | None:
        """None: a new one."""
        return self._found.get(self.cleaned_data["partnership"])
