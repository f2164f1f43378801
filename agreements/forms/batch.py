"""Who gets an agreement of their own: pasted as a list, one on each line."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.services.batch import MOST
from partnerships.selectors.actor_names import Actor
from partnerships.services.person import Somebody
from samskaping.core.forms import DateInput
from samskaping.core.models import ContentTemplate
from samskaping.core.sms import normal_number

_BETWEEN = re.compile(r"[;\t,]")
_WRONG_SHOWN = 5


class BatchForm(forms.Form):
    text = forms.ChoiceField(label=_("Hvilken tekst?"))
    side = forms.ChoiceField(label=_("Hvem gir de løftet til?"))
    people = forms.CharField(
        label=_("Hvem skal signere?"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_(
            "Én på hver linje: navn; e-post eller mobil. Du kan lime inn to kolonner fra et regneark. De får "
            "hver sin avtale, i den kanalen de har."
        ),
    )
    title = forms.CharField(
        label=_("Hva skal bunken hete?"),
        required=False,
        max_length=150,
        help_text=_("Bare dere ser det. Står det tomt, heter den det samme som teksten."),
    )
    message = forms.CharField(
        label=_("Hilsen"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    deadline = forms.DateField(label=_("Frist for å signere"), required=False, widget=DateInput())

    def __init__(
        self, *args: Any, texts: list[ContentTemplate], sides: dict[str, Actor], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._texts = {str(text.pk): text for text in texts}
        self._sides = sides
        choices: Any = self.fields["text"]
        choices.choices = [(pk, text.text()["title"]) for pk, text in self._texts.items()]
        choices = self.fields["side"]
        choices.choices = [(key, side.name) for key, side in sides.items()]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row("text", "side"),
            "people",
            "message",
            Row("deadline", "title"),
            ButtonHolder(Submit("save", _("Send til alle"))),
        )

    def chosen_text(self) -> ContentTemplate:
        return self._texts[self.cleaned_data["text"]]

    def chosen_side(self) -> Actor:
        return self._sides[self.cleaned_data["side"]]

    def clean_people(self) -> list[Somebody]:
        """Tells which lines are wrong, some of them; nothing is sent before all are right."""
        found: list[Somebody] = []
        wrong: list[int] = []
        # By address: who is reached there, and on which line she stands first.
        first: dict[str, tuple[str, int]] = {}
        same: list[str] = []
        lines = self.cleaned_data["people"].splitlines()
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            somebody = _somebody(line)
            if somebody is None:
                wrong.append(number)
                continue
            found.append(somebody)
            name, before = first.setdefault(somebody.email or somebody.phone, (somebody.name, number))
            if name != somebody.name:
                same.append(f"{before}/{number}")
        if wrong:
            numbers = ", ".join(map(str, wrong[:_WRONG_SHOWN]))
            text = gettext("Skriv navn; e-post eller mobil på hver linje. Se på linje %(numbers)s.")
            raise ValidationError(text % {"numbers": numbers + ("…" if len(wrong) > _WRONG_SHOWN else "")})
        if same:
            # Two people are told from each other by where they are reached.
            numbers = ", ".join(same[:_WRONG_SHOWN])
            raise ValidationError(gettext("Samme adresse på linje %(numbers)s.") % {"numbers": numbers})
        if len(found) > MOST:
            raise ValidationError(gettext("Send til høyst 1 000 om gangen."))
        return found


def _somebody(line: str) -> Somebody | None:
    """«Kari Prøve; kari@prove.example»; None for what is neither."""
    parts = [part.strip() for part in _BETWEEN.split(line) if part.strip()]
    if len(parts) != 2 or len(parts[0]) > 120:
        return None
    name, address = " ".join(parts[0].split()), parts[1]
    if "@" in address:
        try:
            validate_email(address)
        except ValidationError:
            return None
        return Somebody(name, email=address.lower())
    number = normal_number(address)
    return Somebody(name, phone=number) if number else None
