"""How an offer keeps track of its volunteers; and the hours of a day that is in no calendar."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from samskaping.core.forms import DateInput
from volunteers.models import OfferCrew, Volunteer

_NUMBER = {"inputmode": "numeric"}


class CrewForm(EditingForm):
    needed = forms.IntegerField(
        label=_("Hvor mange trengs hver gang?"),
        required=False,
        min_value=0,
        max_value=500,
        widget=forms.NumberInput(attrs=_NUMBER),
        help_text=_("Da ser dere når det mangler noen."),
    )
    places = forms.IntegerField(
        label=_("Hvor mange er det plass til?"),
        required=False,
        min_value=1,
        max_value=500,
        widget=forms.NumberInput(attrs=_NUMBER),
        help_text=_("Tomt er så mange som vil. Blir det fullt, får de neste stå på venteliste."),
    )
    asks_day_before = forms.BooleanField(
        label=_("Spør «kan du fortsatt?» dagen før"),
        required=False,
        help_text=_("På SMS eller e-post, med ja og nei. Den som får brev, blir spurt en uke før."),
    )
    counts_hours = forms.BooleanField(label=_("Regn timer ut fra oppmøtet"), required=False)
    outside_url = forms.URLField(
        label=_("Lenke til appen dere bruker"),
        required=False,
        max_length=400,
        assume_scheme="https",
        help_text=_("Bruker dere Friskus, Nyby, Frivillig.no eller noe annet til vaktene, så lenk dit."),
    )

    def __init__(self, *args: Any, crew: OfferCrew, has_shifts: bool, **kwargs: Any) -> None:
        initial = {name: getattr(crew, name) for name in self.base_fields if hasattr(crew, name)}
        super().__init__(*args, version=crew.version, initial=initial, **kwargs)
        names = ["needed", "places", "asks_day_before", "counts_hours"]
        if not has_shifts:
            for name in names:
                del self.fields[name]
        rows = (Row("needed", "places"), "asks_day_before", "counts_hours") if has_shifts else ()
        self.helper = FormHelper()
        self.helper.layout = Layout(*rows, "outside_url", "version", ButtonHolder(Submit("save", _("Lagre"))))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needed, places = data.get("needed"), data.get("places")
        if needed is not None and places is not None and places < needed:
            self.add_error("places", _("Det må være plass til så mange som trengs."))
        return data

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, volunteer: Volunteer) -> str:
        return volunteer.person.name


class HoursForm(forms.Form):
    day = forms.DateField(label=_("Dag"), widget=DateInput)
    hours = forms.DecimalField(
        label=_("Timer for hver"),
        min_value=0,
        max_value=24,
        decimal_places=2,
        help_text=_("For eksempel 1,5. Skriver du 0, tas timene denne dagen bort."),
        localize=True,
    )
    people = PeopleField(
        label=_("Hvem"),
        queryset=Volunteer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("De du ser navnet på, og som er med på tilbudet."),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("day", timezone.localdate())
        field: Any = self.fields["people"]
        field.queryset = people
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row("day", "hours"), "people", ButtonHolder(Submit("save", _("Før timene")))
        )

    def minutes(self) -> dict[Volunteer, int]:
        each = round(float(self.cleaned_data["hours"]) * 60)
        return dict.fromkeys(self.cleaned_data["people"], each)
