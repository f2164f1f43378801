"""An idea, as anybody writes it; and the answer."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Submit
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.models import Membership
from partnerships.models.areas import Area
from partnerships.models.initiative import InitiativeState
from partnerships.services.initiative import Giver
from samskaping.accounts.models.user import LANGUAGES
from samskaping.core.sms import normal_number

# The small yes, written beforehand; so is the kind no.
YES_TEXT = _("Ja, gjør det! Det er en fin idé. Si fra om du trenger noe fra oss.")
NO_TEXT = _("Takk for ideen. Vi får det ikke til nå, og dette er grunnen: ")


class IdeaForm(forms.Form):
    town = forms.ChoiceField(label=_("Hvilken kommune gjelder det?"))
    title = forms.CharField(
        label=_("Ideen i én setning"),
        max_length=150,
        help_text=_("For eksempel «Sitteplass ved brua» eller «Strikkekafé på sykehjemmet»."),
    )
    text = forms.CharField(
        label=_("Litt mer om den"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("Ikke skriv om andres helse, og ikke navn på andre."),
    )
    where = forms.CharField(label=_("Hvor i kommunen?"), required=False, max_length=120)
    area = forms.ChoiceField(
        label=_("Hva handler den om?"), required=False, choices=[("", _("Vet ikke")), *Area.choices]
    )
    name = forms.CharField(
        label=_("Navnet ditt"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    reach = forms.CharField(
        label=_("E-post eller telefon"),
        required=False,
        max_length=254,
        help_text=_("Hvis du vil ha svar. Uten den kan vi ikke si hva det ble til."),
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, towns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ["title", "text", "where", "area"]
        if len(towns) > 1:
            self.fields["town"].choices = [("", _("Velg")), *towns]  # type: ignore[attr-defined]
            names.insert(0, "town")
        else:
            del self.fields["town"]
        self.helper = FormHelper()
        send = Submit("send", _("Send ideen"), data_fullwidth="true")
        self.helper.layout = Layout(
            *names, Fieldset(_("Hvem du er, om du vil"), "name", "reach"), ButtonHolder(send)
        )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_reach(self) -> str:
        typed: str = self.cleaned_data["reach"].strip()
        if not typed:
            return ""
        if "@" in typed:
            return str(forms.EmailField().clean(typed)).lower()
        number = normal_number(typed)
        if not number:
            raise forms.ValidationError(
                _("Skriv hele e-postadressen, eller et telefonnummer med åtte sifre.")
            )
        return number

    def giver(self) -> Giver:
        reach = self.cleaned_data["reach"]
        is_email, chosen = "@" in reach, get_language() or "nb"
        return Giver(
            name=self.cleaned_data["name"],
            email=reach if is_email else "",
            phone="" if is_email else reach,
            language=chosen if chosen in dict(LANGUAGES) else "nb",
        )


class IdeaAnswerForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Svaret"),
        choices=[
            (InitiativeState.ANSWERED.value, _("Et svar med ord")),
            (InitiativeState.NO.value, _("Ikke nå, med en grunn")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Det du vil si"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("state", "text", ButtonHolder(Submit("answer", _("Send svaret"))))


class IdeaYesForm(forms.Form):
    """One press is enough: the words are there already. `alone`: on a page of its own, to be mended."""

    text = forms.CharField(
        label=_("Det du vil si"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )

    def __init__(self, *args: Any, alone: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = alone, not alone
        button = [ButtonHolder(Submit("answer", _("Ja, gjør det")))] if alone else []
        self.helper.layout = Layout("text", *button)


class IdeaHolderForm(forms.Form):
    holder = forms.ChoiceField(label=_("Hvem svarer?"))

    def __init__(self, *args: Any, holders: Sequence[Membership], now: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"holder": now}, **kwargs})
        self._by_key = {str(one.pk): one for one in holders}
        self.fields["holder"].choices = [  # type: ignore[attr-defined]
            (key, f"{one.person.name if one.person else ''}, {one.role_label}")
            for key, one in self._by_key.items()
        ]
        self.helper = FormHelper()
        self.helper.layout = Layout("holder", ButtonHolder(Submit("hand", _("Gi ideen videre"))))

    def chosen(self) -> Membership:
        return self._by_key[self.cleaned_data["holder"]]
