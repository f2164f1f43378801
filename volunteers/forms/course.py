"""Making and moving a course, calling it off, and finding somebody to sign up."""

from datetime import date, datetime, time
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Row, Submit
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.models import RequirementKind
from samskaping.core.forms import DateInput, TimeInput
from volunteers.models import Course
from volunteers.models.course import CourseFor

NAMES = ("title", "about", "kind", "open_to", "place", "places")


class _CourseFields(forms.Form):
    title = forms.CharField(label=_("Hva heter kurset?"), max_length=120)
    about = forms.CharField(
        label=_("Hva lærer en der?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    day = forms.DateField(label=_("Dag"), widget=DateInput)
    from_time = forms.TimeField(label=_("Fra kl."), widget=TimeInput)
    to_time = forms.TimeField(label=_("Til kl."), widget=TimeInput)
    last_day = forms.DateField(
        label=_("Siste dag"),
        required=False,
        widget=DateInput,
        help_text=_("Bare når det går over flere dager."),
    )
    place = forms.CharField(label=_("Sted"), required=False, max_length=150)
    places = forms.IntegerField(
        label=_("Plass til"),
        required=False,
        min_value=1,
        max_value=5000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("Tomt er plass til alle. Når det er fullt, blir det venteliste."),
    )
    open_to = forms.ChoiceField(
        label=_("Hvem er det for?"),
        choices=CourseFor.choices,
        initial=CourseFor.ALL,
        widget=forms.RadioSelect,
    )
    kind = forms.ModelChoiceField(
        label=_("Gir dette kravet"),
        queryset=RequirementKind.objects.none(),
        required=False,
        empty_label=_("Ingen"),
        help_text=_("Frivillige som var der, får kravet i orden av seg selv."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not {"day", "from_time", "to_time"} <= data.keys():
            return data
        last: date = data.get("last_day") or data["day"]
        data["starts_at"], data["ends_at"] = _at(data["day"], data["from_time"]), _at(last, data["to_time"])
        if data["ends_at"] <= data["starts_at"]:
            self.add_error("to_time", _("Kurset må slutte etter at det begynner."))
        return data

    def about_it(self) -> dict[str, Any]:
        """For the service."""
        return {name: self.cleaned_data[name] for name in (*NAMES, "starts_at", "ends_at")}

    def _kinds(self, kinds: QuerySet[RequirementKind]) -> None:
        kind: Any = self.fields["kind"]
        kind.queryset = kinds.filter(is_police_certificate=False)


_LAYOUT = (
    *("title", "about"),
    Row("day", "from_time", "to_time"),
    "last_day",
    Row("place", "places"),
    *("open_to", "kind"),
)


class CourseNewForm(_CourseFields):
    def __init__(
        self, *args: Any, sides: list[tuple[str, str]], kinds: QuerySet[RequirementKind], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._kinds(kinds)
        if len(sides) > 1:
            self.fields["own"] = forms.ChoiceField(label=_("Hvem holder det?"), choices=sides, required=False)
        self.helper = FormHelper()
        own = ["own"] if "own" in self.fields else []
        self.helper.layout = Layout(*_LAYOUT, *own, ButtonHolder(Submit("make", _("Lag kurset"))))


class CourseForm(_CourseFields, EditingForm):
    def __init__(self, *args: Any, course: Course, kinds: QuerySet[RequirementKind], **kwargs: Any) -> None:
        super().__init__(*args, version=course.version, initial=self.standing(course), **kwargs)
        self._kinds(kinds)
        self.helper = FormHelper()
        self.helper.layout = Layout(*_LAYOUT, "version", ButtonHolder(Submit("save", _("Lagre"))))

    def standing(self, current: Any) -> dict[str, Any]:
        first, last = timezone.localtime(current.starts_at), timezone.localtime(current.ends_at)
        return {
            **{name: getattr(current, name) for name in NAMES},
            "day": first.date(),
            "from_time": first.time().replace(second=0, microsecond=0),
            "to_time": last.time().replace(second=0, microsecond=0),
            "last_day": last.date() if last.date() != first.date() else None,
        }


class CourseCancelForm(forms.Form):
    because = forms.CharField(
        label=_("Hvorfor avlyses det?"), max_length=200, help_text=_("De påmeldte får lese dette.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "because", ButtonHolder(Submit("cancel", _("Avlys og si fra"), data_color="danger"))
        )


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
