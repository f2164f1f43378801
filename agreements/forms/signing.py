"""What whoever signs fills in: the consent and her name, why not, who else, and what she wonders about."""

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from agreements import chain
from agreements.letters import not_shown
from agreements.services.signature import Consent
from partnerships.forms.fields import PhoneField
from samskaping.accounts.forms.fields import OnceMixin


def full_name(typed: str) -> str:
    """As it will be printed on the signature page. Raises ValidationError for what cannot stand there."""
    name = " ".join(typed.split())
    if " " not in name:
        raise forms.ValidationError(_("Skriv både fornavn og etternavn."))
    if odd := not_shown(escape(name)):
        raise forms.ValidationError(
            _("Skriv navnet med latinske bokstaver. Vi kan ikke trykke: %(letters)s."),
            params={"letters": " ".join(odd[:10])},
        )
    return name


class SignForm(OnceMixin, forms.Form):
    """`document` and `agreed` are the hashes of the agreement and the consent that the page showed; `key`
    makes the same press twice one signature."""

    consent = forms.BooleanField(error_messages={"required": _("Kryss av for at du godtar avtalen.")})
    name = forms.CharField(
        label=_("Hele navnet ditt"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    document = forms.CharField(max_length=64, widget=forms.HiddenInput)
    agreed = forms.CharField(max_length=64, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, words: Consent, sha256: str, button: Any = "", **kwargs: Any) -> None:
        self._agreed = chain.digest(words.words.encode())
        kwargs["initial"] = {"document": sha256, "agreed": self._agreed, "key": uuid.uuid4()}
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = words.words
        self.helper = FormHelper()
        send = Submit("sign", button or _("Signer nå"), data_fullwidth="true")
        self.helper.layout = Layout("consent", "name", "document", "agreed", "key", ButtonHolder(send))

    def clean_name(self) -> str:
        return full_name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any] | None:
        """Other words than those she ticked, in another language or newer: she is shown these, unticked."""
        given = super().clean()
        if self.data.get("agreed") != self._agreed:
            shown: Any = self.data
            self.data = shown = shown.copy()
            shown["agreed"] = self._agreed
            shown.pop("consent", None)
            self.add_error(
                "consent", _("Teksten du godtar, er endret siden du åpnet siden. Les den på nytt.")
            )
        return given


class TogetherForm(SignForm):
    """On a screen beside a witness, who says who it is."""

    witnessed = forms.BooleanField(
        error_messages={"required": _("Kryss av for at du sitter sammen med personen.")}
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["witnessed"].label = _(
            "Jeg sitter sammen med %(name)s, som har lest avtalen og selv skriver navnet sitt her."
        ) % {"name": name}
        self.helper.layout = Layout(
            "consent",
            "name",
            "witnessed",
            "document",
            "agreed",
            "key",
            ButtonHolder(Submit("sign", _("Signer nå"))),
        )


class DeclineForm(forms.Form):
    because = forms.CharField(
        label=_("Hvorfor ikke?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Alle som er spurt, får lese dette."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        send = Submit("decline", _("Jeg vil ikke signere"), data_fullwidth="true")
        self.helper.layout = Layout("because", ButtonHolder(send))


class RetractForm(DeclineForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["because"].label = _("Hvorfor?")
        send = Submit("retract", _("Angre signaturen"), data_fullwidth="true")
        self.helper.layout = Layout("because", ButtonHolder(send))


class ForwardForm(forms.Form):
    name = forms.CharField(label=_("Hvem er rett person?"), max_length=120)
    email = forms.EmailField(label=_("E-post"), required=False)
    phone = PhoneField(label=_("Mobilnummer"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        send = Submit("forward", _("Send den videre"), data_fullwidth="true")
        self.helper.layout = Layout("name", "email", "phone", ButtonHolder(send))

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not (given.get("email") or given.get("phone")):
            self.add_error("email", _("Skriv en e-postadresse eller et mobilnummer."))
        return given


class AskForm(forms.Form):
    text = forms.CharField(
        label=_("Hva lurer du på?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Den som sendte avtalen, svarer deg. Alle parter kan lese det. Ikke skriv om helse."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "text", ButtonHolder(Submit("ask", _("Send spørsmålet"), data_fullwidth="true"))
        )
