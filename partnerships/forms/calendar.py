"""What a secret address to the calendar shows."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


class FeedForm(forms.Form):
    what = forms.ChoiceField(
        label=_("Hva skal den vise?"),
        choices=[("mine", _("Bare mine")), ("all", _("Alt jeg ser i kalenderen her"))],
        initial="mine",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = reverse_lazy("calendar_feed_new")
        self.helper.layout = Layout("what", ButtonHolder(Submit("make", _("Lag en lenke"))))
