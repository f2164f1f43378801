"""«Er denne avtalen ekte?»: the code from the foot of a page, or the file."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.chain import digest
from agreements.control_code import read
from agreements.verify import MAX_SIZE

_HASH = re.compile(r"[0-9a-f]{64}")


class CheckForm(forms.Form):
    code = forms.CharField(
        label=_("Kontrollkode"),
        required=False,
        max_length=60,
        help_text=_("Den står nederst på alle sidene, i fem grupper med fire tegn."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    file = forms.FileField(
        label=_("Eller filen"),
        required=False,
        help_text=_("PDF-en slik du fikk den. Vi tar ikke vare på den."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf", "data-hash-into": "id_sha256"}),
    )
    # What the browser worked out by itself; the file is then not sent at all.
    sha256 = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "code", "file", "sha256", ButtonHolder(Submit("check", _("Sjekk"), data_fullwidth="true"))
        )

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        code = read(typed)
        if typed.strip() and not code:
            raise forms.ValidationError(_("Koden har tjue tegn. Skriv alle fem gruppene."))
        return code

    def clean_sha256(self) -> str:
        """What is no hash is no file of ours, and nothing to scold anybody for."""
        said: str = self.cleaned_data["sha256"].lower()
        return said if _HASH.fullmatch(said) else ""

    def clean(self) -> None:
        data = self.cleaned_data
        if self.errors:
            return
        if not data.get("sha256") and (file := data.get("file")):
            # One byte past the largest is enough to know that we never made it.
            data["sha256"] = digest(file.read(MAX_SIZE + 1))
        if not data.get("code") and not data.get("sha256"):
            raise forms.ValidationError(_("Skriv kontrollkoden, eller legg inn filen."))
