"""What somebody writes who has no account, and no wish for one: one screen, few fields."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.models.areas import Area
from samskaping.accounts.models.user import LANGUAGES
from samskaping.core.sms import normal_number
from volunteers.models.volunteer import HowMuch, Language, WhenFree
from volunteers.services.sign_up import Somebody, Words

NO_HEALTH = _("Ikke skriv om helse, verken din egen eller andres.")


class FindForm(forms.Form):
    """A plain GET form: what is chosen stands in the address, and nothing is remembered."""

    kommune = forms.ChoiceField(label=_("Kommune"), required=False)
    q = forms.CharField(label=_("Sted eller søkeord"), required=False, max_length=60)
    tema = forms.ChoiceField(label=_("Tema"), required=False, choices=[("", _("Alle")), *Area.choices])
    tid = forms.ChoiceField(
        label=_("Når det passer"), required=False, choices=[("", _("Når som helst")), *WhenFree.choices]
    )
    mye = forms.ChoiceField(label=_("Hvor mye"), required=False, choices=[("", _("Alt")), *HowMuch.choices])
    sprak = forms.ChoiceField(
        label=_("Språk du snakker"), required=False, choices=[("", _("Alle")), *Language.choices]
    )

    def __init__(self, *args: Any, towns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(towns) > 1:
            self.fields["kommune"].choices = [("", _("Alle")), *towns]  # type: ignore[attr-defined]
        else:
            del self.fields["kommune"]


class ReachForm(forms.Form):
    """Her name, and one way to reach her."""

    name = forms.CharField(
        label=_("Navnet ditt"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    reach = forms.CharField(
        label=_("E-post eller telefon"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_reach(self) -> str:
        """An address in small letters, or a number as SMS needs it."""
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

    @property
    def address(self) -> str:
        return str(self.cleaned_data.get("reach", ""))

    def language(self) -> str:
        """What she reads the page in is what she is written to in."""
        chosen = get_language() or "nb"
        return chosen if chosen in dict(LANGUAGES) else "nb"

    def somebody(self) -> Somebody:
        is_email = "@" in self.address
        return Somebody(
            name=self.cleaned_data["name"],
            email=self.address if is_email else "",
            phone="" if is_email else self.address,
            language=self.language(),
            about=self.about(),
        )

    def about(self) -> Words:
        return Words()


class QuestionForm(ReachForm):
    words = forms.CharField(
        label=_("Hva lurer du på?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=NO_HEALTH,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        send = Submit("send", _("Send spørsmålet"), data_fullwidth="true")
        self.helper.layout = Layout("words", "name", "reach", ButtonHolder(send))

    def about(self) -> Words:
        return Words(words=self.cleaned_data["words"])


class InterestForm(ReachForm):
    interests = forms.MultipleChoiceField(
        label=_("Hva vil du gjerne være med på?"),
        required=False,
        choices=Area.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    how_much = forms.ChoiceField(
        label=_("Hvor mye?"),
        required=False,
        choices=[("", _("Vet ikke ennå")), *HowMuch.choices],
        widget=forms.RadioSelect,
    )
    free = forms.MultipleChoiceField(
        label=_("Når passer det?"),
        required=False,
        choices=WhenFree.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.CharField(
        label=_("Noe mer du vil si?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=NO_HEALTH,
    )
    under_18 = forms.BooleanField(
        label=_("Jeg er under 18 år"),
        required=False,
        help_text=_("Da spør vi en foresatt også, før du begynner."),
    )

    def __init__(self, *args: Any, for_opening: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ["name", "reach", "interests", "how_much", "free", "words", "under_18"]
        if for_opening:
            # What she wants to do and how much is said by what she chose.
            for name in ("interests", "how_much"):
                del self.fields[name]
                names.remove(name)
        self.helper = FormHelper()
        send = Submit("send", _("Send"), data_fullwidth="true")
        self.helper.layout = Layout(*names, ButtonHolder(send))

    def about(self) -> Words:
        given = self.cleaned_data
        return Words(
            words=given["words"],
            interests=given.get("interests", []),
            how_much=given.get("how_much", ""),
            free=given["free"],
            under_18=given["under_18"],
        )


class JoinForm(ReachForm):
    """At once: a name, a way to reach you, a code, done."""

    reach = forms.CharField(
        label=_("E-post eller mobilnummer"),
        max_length=254,
        help_text=_("Hit sender vi en kode med én gang."),
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    under_18 = forms.BooleanField(
        label=_("Jeg er under 18 år"),
        required=False,
        help_text=_("Da snakker vi med deg og en foresatt først."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        send = Submit("send", _("Send meg koden"), data_fullwidth="true")
        self.helper.layout = Layout("name", "reach", "under_18", ButtonHolder(send))

    def about(self) -> Words:
        return Words(under_18=self.cleaned_data["under_18"])
