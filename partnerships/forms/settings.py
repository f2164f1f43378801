"""What a municipality decides for itself: three short forms, one for each page."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.forms.fields import PhoneField
from partnerships.models import MunicipalitySettings
from partnerships.selectors.words import LEVEL_LABELS, LEVELS, NAMED_ROLES
from samskaping.accounts.permissions import ROLE_LABELS
from samskaping.core.modules import modules

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def _link(label: Any, help_text: Any = "") -> forms.URLField:
    return forms.URLField(
        label=label, required=False, help_text=help_text, assume_scheme="https", max_length=200
    )


class SettingsForm(EditingForm, forms.ModelForm):  # type: ignore[type-arg]
    """Bound to a row that is never saved from here: services.settings does that, under a lock."""

    contact_phone = PhoneField(label=_("Telefon"), required=False)
    accessibility_statement_url = _link(
        _("Tilgjengelighetserklæring"), _("Den dere har registrert hos Uu-tilsynet.")
    )
    whistleblowing_url = _link(_("Varsling"))
    deviation_url = _link(_("Avvik"))
    concern_url = _link(_("Bekymringsmelding"))

    class Meta:
        model = MunicipalitySettings
        fields = (
            "display_name",
            "language",
            "contact_name",
            "contact_email",
            "contact_phone",
            "reply_days",
            "archive_email",
            "accessibility_statement_url",
            "whistleblowing_url",
            "deviation_url",
            "concern_url",
            "login_domain",
        )

    def __init__(self, *args: Any, instance: MunicipalitySettings, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, version=instance.version, **kwargs)
        self.fields["contact_name"].help_text = _(
            "Den innbyggere og lag kan ringe. Vises i meldinger og på sidene."
        )
        shown = _(
            "Portalen er ikke en kanal for dette. Vi viser lenkene til deres egne der folk kan tro det."
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(_("Navn og språk"), "display_name", "language"),
            Fieldset(_("Kontaktpunkt"), "contact_name", Row("contact_email", "contact_phone"), "reply_days"),
            Fieldset(_("Arkiv"), "archive_email"),
            Fieldset(
                _("Deres egne kanaler"),
                HTML(format_html('<p class="muted">{}</p>', shown)),
                "whistleblowing_url",
                "deviation_url",
                "concern_url",
                "accessibility_statement_url",
            ),
            Fieldset(_("Innlogging"), "login_domain"),
            "version",
            ButtonHolder(Submit("save", _("Lagre innstillingene"))),
        )

    def clean_login_domain(self) -> str:
        domain = self.cleaned_data["login_domain"].strip().lower().removeprefix("@")
        if domain and not _DOMAIN.fullmatch(domain):
            raise ValidationError(_("Skriv bare domenet, slik det står etter @ i adressene deres."))
        return str(domain)

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class WordsForm(EditingForm):
    """Our word as the label, theirs in the field; an empty field is our word."""

    def __init__(self, *args: Any, words: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [
            (f"level.{n}", _("Nivå %(n)s: %(word)s") % {"n": n, "word": LEVEL_LABELS[n]}) for n in LEVELS
        ]
        roles = [(f"role.{role}", str(ROLE_LABELS[role]).capitalize()) for role in NAMED_ROLES]
        self._keys = [key for key, _label in levels + roles]
        for key, label in levels + roles:
            self.fields[_field(key)] = forms.CharField(
                label=label, required=False, max_length=60, initial=words.get(key, "")
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(_("Nivåene"), *[_field(key) for key, _label in levels]),
            Fieldset(_("Rollene"), *[_field(key) for key, _label in roles]),
            "version",
            ButtonHolder(Submit("save", _("Lagre ordene"))),
        )

    def words(self) -> dict[str, str]:
        typed = {key: " ".join(self.cleaned_data[_field(key)].split()) for key in self._keys}
        return {key: word for key, word in typed.items() if word}

    def standing(self, current: MunicipalitySettings) -> dict[str, Any]:
        return {_field(key): current.words.get(key, "") for key in self._keys}


def _field(key: str) -> str:
    return key.replace(".", "_")


class ModulesForm(EditingForm):
    """One tick for each module some part of the portal has put up."""

    def __init__(self, *args: Any, chosen: dict[str, bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for module in modules.all():
            self.fields[module.key] = forms.BooleanField(
                label=str(module.label),
                help_text=str(module.about),
                required=False,
                initial=chosen.get(module.key, module.on_from_start),
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields, ButtonHolder(Submit("save", _("Lagre modulene"))))

    def chosen(self) -> dict[str, bool]:
        return {module.key: self.cleaned_data[module.key] for module in modules.all()}

    def standing(self, current: MunicipalitySettings) -> dict[str, Any]:
        return {m.key: current.modules.get(m.key, m.on_from_start) for m in modules.all()}


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=_("Kommunevåpen eller logo"),
        help_text=_("PNG, JPEG eller WebP, høyst 5 MB. Vi lager den om, så bare bildet blir med."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("logo", ButtonHolder(Submit("save", _("Bruk dette bildet"))))
