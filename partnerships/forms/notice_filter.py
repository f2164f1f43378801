"""Finding one notice among many."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.models.person import Channel
from partnerships.selectors.notice import Tab, kind_choices


class NoticesFilter(forms.Form):
    q = forms.CharField(label=_("Navn"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("Hva"), required=False)
    channel = forms.ChoiceField(
        label=_("Hvordan"), required=False, choices=[("", _("Alle")), *Channel.choices]
    )
    # Which of the three lists; kept when somebody filters.
    vis = forms.ChoiceField(
        required=False, choices=[(tab.value, tab.value) for tab in Tab], widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Alle")), *kind_choices()]  # type: ignore[attr-defined]
