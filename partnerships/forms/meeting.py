"""Planning a meeting, asking about days, answering, writing what was agreed, and saying whether it was so."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.forms.lines import LinesField
from partnerships.models import AgendaItem, Meeting, MeetingSlot, MinutesCopy, Participant
from partnerships.models.meeting import MeetingKind, SlotChoice
from partnerships.models.notice import Answer
from partnerships.selectors.meeting import when
from partnerships.services.meeting import Time
from partnerships.services.meeting_poll import AT_MOST
from samskaping.core.forms import DateInput, TimeInput

# Rows to fill in at a time; saved ones stand above.
EMPTY_ROWS = 3


class TimeFields(forms.Form):
    """A day and the clock on the wall, from and to. Moved across summer time, it stays the same clock."""

    day = forms.DateField(label=_("Dag"), required=False, widget=DateInput)
    from_time = forms.TimeField(label=_("Fra kl."), required=False, widget=TimeInput)
    to_time = forms.TimeField(label=_("Til kl."), required=False, widget=TimeInput)

    def time(self) -> Time | None:
        """None when nothing is filled in. Adds an error, and gives None, when only some of it is."""
        day, from_time, to_time = (self.cleaned_data.get(name) for name in ("day", "from_time", "to_time"))
        if not (day or from_time or to_time):
            return None
        for name, value in (("day", day), ("from_time", from_time), ("to_time", to_time)):
            if value is None and name not in self.errors:
                self.add_error(name, _("Fyll ut dag, fra og til."))
        if day is None or from_time is None or to_time is None:
            return None
        try:
            found = Time(_moment(day, from_time), _moment(day, to_time))
        except forms.ValidationError as error:
            self.add_error("from_time", error)
            return None
        if found.ends_at <= found.starts_at:
            self.add_error("to_time", _("Møtet må slutte etter at det begynner."))
            return None
        return found


def _moment(day: date, clock: time) -> datetime:
    """Raises ValidationError for an hour that is not on the clock that night."""
    moment: datetime = from_current_timezone(datetime.combine(day, clock))
    return moment


def _standing_time(meeting: Meeting) -> dict[str, Any]:
    if meeting.starts_at is None or meeting.ends_at is None:
        return {}
    start, end = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    return {"day": start.date(), "from_time": start.time(), "to_time": end.time()}


class _Details(forms.Form):
    title = forms.CharField(label=_("Hva skal dere snakke om?"), max_length=150)
    place = forms.CharField(
        label=_("Sted"),
        required=False,
        max_length=200,
        help_text=_("Møt hverandre på hjemmebane: bytt gjerne på hvor dere er."),
    )
    host = forms.CharField(
        label=_("Vert"), required=False, max_length=150, help_text=_("Hvem som låser opp og tar imot.")
    )
    food = forms.CharField(
        label=_("Mat"), required=False, max_length=150, help_text=_("Noe å spise gjør at flere blir.")
    )


class MeetingForm(_Details, TimeFields):
    # The meeting's name in calendars, chosen before it is saved: pressed twice, it is one meeting.
    uid = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("Hvem er møtet for?"), choices=MeetingKind.choices, widget=forms.RadioSelect
    )
    agenda = LinesField(
        label=_("Saker"),
        each_at_most=200,
        help_text=_("Én på hver linje. Alle i gruppa kan legge til flere."),
    )

    def __init__(self, *args: Any, kinds: Sequence[MeetingKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["kind"].initial = kinds[0].value
        if len(kinds) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "kind",
            "title",
            "agenda",
            Fieldset(
                _("Når? La det stå tomt hvis dere skal finne en dag sammen."),
                Row("day", "from_time", "to_time"),
            ),
            "place",
            Row("host", "food"),
            "uid",
            ButtonHolder(Submit("save", _("Lagre møtet"))),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["time"] = self.time()
        return cleaned


class MeetingEditForm(EditingForm, _Details, TimeFields):
    field_order = ("title", "day", "from_time", "to_time", "place", "host", "food", "version")

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        initial = {**standing(meeting), **kwargs.pop("initial", {})}
        super().__init__(*args, version=meeting.version, initial=initial, **kwargs)
        self._is_set = meeting.starts_at is not None
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "title",
            Fieldset(_("Når"), Row("day", "from_time", "to_time")),
            "place",
            Row("host", "food"),
            "version",
            ButtonHolder(Submit("save", _("Lagre, og si fra til gruppa") if self._is_set else _("Lagre"))),
        )

    def standing(self, current: Meeting) -> dict[str, Any]:
        return standing(current)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["time"] = self.time()
        if self._is_set and cleaned["time"] is None and not self.errors:
            self.add_error("day", _("Møtet er avtalt. Velg en annen tid, eller avlys det."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        found: Time | None = self.cleaned_data["time"]
        times = {"starts_at": found.starts_at, "ends_at": found.ends_at} if found else {}
        return {**{name: self.cleaned_data[name] for name in ("title", "place", "host", "food")}, **times}


def standing(meeting: Meeting) -> dict[str, Any]:
    """What the fields begin with."""
    details = {name: getattr(meeting, name) for name in ("title", "place", "host", "food")}
    return {**details, **_standing_time(meeting)}


# --- Which day suits ------------------------------------------------------------------------------------
class SlotForm(TimeFields):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Row("day", "from_time", "to_time"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["time"] = self.time()
        return cleaned


def slot_forms(slots: Sequence[MeetingSlot], data: Any) -> list[SlotForm]:
    """The times that stand, and empty rows to fill in; an emptied row is taken away."""
    rows = min(AT_MOST, len(slots) + EMPTY_ROWS)
    forms_made = []
    for number in range(rows):
        slot = slots[number] if number < len(slots) else None
        initial: dict[str, Any] = {}
        if slot is not None:
            start, end = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
            initial = {"day": start.date(), "from_time": start.time(), "to_time": end.time()}
        forms_made.append(SlotForm(data, prefix=f"tid{number}", initial=initial))
    return forms_made


class AnswerDaysForm(forms.Form):
    """One choice for each time that is left."""

    def __init__(
        self, *args: Any, slots: Sequence[MeetingSlot], answered: dict[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for slot in slots:
            self.fields[f"slot{slot.pk}"] = forms.ChoiceField(
                label=when(slot.starts_at, slot.ends_at),
                choices=SlotChoice.choices,
                widget=forms.RadioSelect,
                initial=answered.get(slot.pk, ""),
                required=False,
            )
        self._slots = [slot.pk for slot in slots]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *(f"slot{pk}" for pk in self._slots), ButtonHolder(Submit("save", _("Send svaret")))
        )

    def choices(self) -> dict[int, SlotChoice]:
        """Times without an answer are left as they were."""
        typed = {pk: self.cleaned_data[f"slot{pk}"] for pk in self._slots}
        return {pk: SlotChoice(choice) for pk, choice in typed.items() if choice}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            self.add_error(None, _("Kryss av for minst én tid."))
        return cleaned


# --- The agenda and the minutes -------------------------------------------------------------------------
class AddItemForm(forms.Form):
    text = forms.CharField(label=_("En sak til"), max_length=200)

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = action
        self.helper.layout = Layout("text", ButtonHolder(Submit("add", _("Legg til saken"))))


class ItemForm(EditingForm):
    """One item of the agenda and what was agreed under it. Many stand on one page, each saved by itself."""

    text = forms.CharField(label=_("Sak"), max_length=200)
    agreed = forms.CharField(
        label=_("Dette ble vi enige om"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    # What she read, as a mark: who did not touch it saves nothing, whatever somebody else did meanwhile.
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, item: AgendaItem) -> None:
        initial = {"text": item.text, "agreed": item.agreed, "was": _mark(item.text, item.agreed)}
        super().__init__(data, version=item.version, prefix=f"sak{item.pk}", initial=initial)
        self.item = item
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("text", "agreed", "was", "version")

    @property
    def is_touched(self) -> bool:
        typed = {name: str(self.data.get(self.add_prefix(name), "")) for name in ("text", "agreed", "was")}
        return self.is_bound and bool(typed["was"]) and _mark(typed["text"], typed["agreed"]) != typed["was"]

    def clean_agreed(self) -> str:
        """One line end, whatever machine it was written on."""
        return str(self.cleaned_data["agreed"]).replace("\r\n", "\n")

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("text", "agreed")}


class NewItemForm(forms.Form):
    """What came up in the meeting, under the others."""

    text = forms.CharField(label=_("En sak som kom opp"), max_length=200, required=False)
    agreed = forms.CharField(
        label=_("Dette ble vi enige om"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="ny")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("text", "agreed")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("agreed") and not cleaned.get("text"):
            self.add_error("text", _("Skriv hva saken var, med noen få ord."))
        return cleaned


def _mark(text: str, agreed: str) -> str:
    """Browsers send other line ends than they were given."""
    read = "\0".join(part.replace("\r\n", "\n").strip() for part in (text, agreed))
    return hashlib.sha256(read.encode()).hexdigest()[:16]


# --- Who came, and whether it was so --------------------------------------------------------------------
class AttendanceForm(forms.Form):
    there = forms.MultipleChoiceField(
        label=_("Hvem var der?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, named: Sequence[tuple[Participant, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by_key = {str(participant.pk): participant for participant, _name in named}
        self.fields["there"].choices = [(str(one.pk), name) for one, name in named]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.layout = Layout("there", ButtonHolder(Submit("save", _("Lagre oppmøtet"))))

    def came(self) -> list[Participant]:
        return [self._by_key[key] for key in self.cleaned_data["there"]]


class MinutesAnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Stemmer referatet?"),
        choices=(
            (Answer.YES.value, _("Ja, det stemmer")),
            (Answer.NO.value, _("Nei, noe må være annerledes")),
        ),
        widget=forms.RadioSelect,
    )
    objection = forms.CharField(
        label=_("Hva vil du ha annerledes?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Bare det som gjelder referatet. Gruppa ser ikke hvem som skrev det."),
    )

    def __init__(self, data: Any = None, *, copy: MinutesCopy, action: str = "") -> None:
        super().__init__(data, initial={"answer": copy.answer, "objection": copy.objection})
        self.helper = FormHelper()
        self.helper.form_action = action
        self.helper.layout = Layout("answer", "objection", ButtonHolder(Submit("save", _("Send svaret"))))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("answer") == Answer.NO and not cleaned.get("objection"):
            self.add_error("objection", _("Skriv kort hva som må være annerledes."))
        return cleaned
