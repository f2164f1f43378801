"""The participant's forms: finding back, and answering."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from samskaping.accounts.forms.fields import OnceMixin
from samskaping.core.sms import normal_number


class FindForm(OnceMixin, forms.Form):
    who = forms.CharField(
        label=_("E-post eller mobilnummer"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        send = Submit("send", _("Send meg lenken"), data_fullwidth="true")
        self.helper.layout = Layout("who", ButtonHolder(send))

    def clean_who(self) -> str:
        typed: str = self.cleaned_data["who"].strip()
        if "@" in typed:
            return str(forms.EmailField().clean(typed)).lower()
        number = normal_number(typed)
        if not number:
            raise forms.ValidationError(_("Skriv hele e-postadressen, eller et mobilnummer med åtte sifre."))
        return number


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Vil du være med?"),
        choices=[("yes", _("Ja, jeg vil være med")), ("no", _("Nei takk"))],
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(
        label=_("De andre i gruppa kan se fornavnet mitt"),
        required=False,
        initial=True,
        help_text=_("Du kan ombestemme deg når du vil."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        send = Submit("send", _("Send svaret"), data_fullwidth="true")
        self.helper.layout = Layout("answer", "consent", ButtonHolder(send))
