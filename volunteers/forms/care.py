"""Follow-up: a step, another day, an hour for a talk, a note, and a line of thanks."""

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samskaping.core.forms import DateInput, TimeInput
from volunteers.models import CareStep
from volunteers.models.care import CareKind
from volunteers.services.care import NOTE_DAYS

NO_WORDS = _("Ikke om helse eller private forhold, og ikke navn på dem som får hjelp.")


class _OwnerField(forms.Form):
    owner = forms.TypedChoiceField(label=_("Hvem tar det?"), required=False, coerce=int, empty_value=None)

    def _owners(self, owners: list[tuple[int, str]], chosen: int | None) -> None:
        owner: Any = self.fields["owner"]
        owner.choices = [("", _("Den som har tid")), *owners]
        self.initial.setdefault("owner", chosen if chosen in dict(owners) else "")


class CareStepForm(_OwnerField):
    kind = forms.ChoiceField(label=_("Hva?"), choices=CareKind.choices, initial=CareKind.FOLLOW_UP_TALK)
    words = forms.CharField(label=_("Med egne ord"), required=False, max_length=150, help_text=NO_WORDS)
    due_on = forms.DateField(label=_("Når?"), widget=DateInput)

    def __init__(self, *args: Any, owners: list[tuple[int, str]], chosen: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owners(owners, chosen)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "kind", "words", Row("due_on", "owner"), ButtonHolder(Submit("add", _("Legg til steget")))
        )


class CareMoveForm(_OwnerField):
    due_on = forms.DateField(label=_("Ny dag"), widget=DateInput)

    def __init__(self, *args: Any, step: CareStep, owners: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["due_on"] = step.due_on
        self._owners(owners, step.owner_id)
        self.helper = FormHelper()
        self.helper.layout = Layout(Row("due_on", "owner"), ButtonHolder(Submit("move", _("Lagre"))))


class CareTalkForm(forms.Form):
    day = forms.DateField(label=_("Dag"), widget=DateInput)
    clock = forms.TimeField(label=_("Klokka"), widget=TimeInput)
    place = forms.CharField(
        label=_("Sted"), required=False, max_length=150, help_text=_("Et rom, en kafé, eller «på telefon».")
    )

    def __init__(self, *args: Any, step: CareStep, **kwargs: Any) -> None:
        at = timezone.localtime(step.at) if step.at else None
        day = at.date() if at else max(step.due_on, timezone.localdate())
        super().__init__(*args, **kwargs)
        self.initial.update(day=day, clock=at.time() if at else None, place=step.place)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row("day", "clock"), "place", ButtonHolder(Submit("set", _("Avtal og si fra")))
        )

    def at(self) -> datetime:
        data = self.cleaned_data
        return timezone.make_aware(datetime.combine(data["day"], data["clock"]))


class CareNoteForm(forms.Form):
    line = forms.CharField(
        label=_("Notat"),
        max_length=200,
        help_text=_("Til neste samtale. Ikke om helse eller private forhold: den frivillige kan lese det."),
    )
    days = forms.TypedChoiceField(
        label=_("Slettes av seg selv etter"),
        coerce=int,
        choices=[
            (NOTE_DAYS[0], _("en måned")),
            (NOTE_DAYS[1], _("tre måneder")),
            (NOTE_DAYS[2], _("et halvt år")),
        ],
        initial=NOTE_DAYS[1],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("line", "days", ButtonHolder(Submit("note", _("Lagre notatet"))))


class ThanksForm(forms.Form):
    words = forms.CharField(
        label=_("Takk for …"),
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Skriv om det som ble gjort og hva det betydde, uten navn på den som fikk hjelp."),
    )
    offer = forms.TypedChoiceField(label=_("Hvor var det?"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, offers: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer: Any = self.fields["offer"]
        offer.choices = [("", _("Generelt")), *offers]
        if len(offers) == 1:
            self.initial.setdefault("offer", offers[0][0])
        self.helper = FormHelper()
        self.helper.layout = Layout("words", "offer", ButtonHolder(Submit("thank", _("Send takken"))))
