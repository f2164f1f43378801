"""A duty, who is to have it, when she leaves, and which day to look back to."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.forms.fields import PhoneField
from partnerships.models import Duty, Person
from partnerships.models.responsibility import DutyGroup, DutyLevel
from partnerships.selectors.responsibility_people import Sides
from partnerships.services.person import Side
from samskaping.accounts.models import User
from samskaping.core.forms import DateInput


class DutyFields(forms.Form):
    text = forms.CharField(
        label=_("Hva skal gjøres?"),
        max_length=200,
        help_text=_("Én setning. Ikke skriv navn eller noe om helse her."),
    )
    group = forms.ChoiceField(label=_("Hvem gjelder det?"), choices=DutyGroup.choices)
    level = forms.ChoiceField(
        label=_("Nivå"),
        choices=DutyLevel.choices,
        help_text=_("Strategisk er å bestemme retning, taktisk å planlegge, operativt å gjøre det."),
    )

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("text", "group", "level")}


class NewDutyForm(DutyFields):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "text", Row("group", "level"), ButtonHolder(Submit("add", _("Legg oppgaven i kartet")))
        )


class DutyForm(EditingForm, DutyFields):
    def __init__(self, *args: Any, duty: Duty, **kwargs: Any) -> None:
        given = {"text": duty.text, "group": duty.group, "level": duty.level}
        super().__init__(*args, version=duty.version, initial=given, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "text", Row("group", "level"), "version", ButtonHolder(Submit("save", _("Lagre oppgaven")))
        )


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self, *args: Any, me: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.me = me

    def label_from_instance(self, obj: Any) -> str:
        place = obj.controller_organisation or obj.controller_centre
        name = f"{obj.name}, {place}" if place else obj.name
        return str(_("Meg selv: %(name)s") % {"name": name}) if obj.user_id == self.me.pk else name


class HandOverForm(forms.Form):
    """One of three: somebody known, somebody new, or a position."""

    name = forms.CharField(label=_("Navn"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-post"), required=False)
    phone = PhoneField(required=False)
    position = forms.CharField(
        label=_("Stilling eller verv"),
        max_length=100,
        required=False,
        help_text=_("For eksempel «avdelingsleder» eller «styreleder». Ikke skriv navn her."),
    )
    side = forms.ChoiceField(label=_("På hvilken side?"), required=False)

    def __init__(
        self, *args: Any, people: QuerySet[Person], sides: Sides, me: User, button: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sides = sides
        self.fields["person"] = PersonChoice(
            queryset=people,
            me=me,
            label=_("Person"),
            required=False,
            empty_label=_("Velg en person"),
        )
        self.fields["side"].choices = sides.choices  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(_("Noen vi kjenner"), "person"),
            Fieldset(_("Eller noen som ikke står i lista"), "name", Row("email", "phone")),
            Fieldset(_("Eller en stilling"), "position"),
            Fieldset(_("For den nye personen eller stillingen"), "side"),
            ButtonHolder(Submit("ask", button)),
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        given = [name for name in ("person", "name", "position") if data.get(name)]
        if self.errors:
            return data
        if len(given) != 1:
            raise ValidationError(_("Velg én: en person, en ny person eller en stilling."))
        if data["name"]:
            if not (data["email"] or data["phone"]):
                self.add_error("email", _("Skriv e-post eller telefon, så vi kan spørre."))
            if not self.sides.may_add_people(data["side"]):
                self.add_error("side", _("Du kan bare legge inn nye folk på din egen side."))
        return data

    @property
    def chosen_side(self) -> Side:
        return self.sides.chosen(self.cleaned_data["side"])


class LeavesForm(forms.Form):
    leaves_on = forms.DateField(
        label=_("Siste dag"),
        required=False,
        widget=DateInput,
        help_text=_("Står det tomt, fortsetter den ansvarlige."),
    )

    def __init__(self, *args: Any, leaves_on: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"leaves_on": leaves_on}, **kwargs})
        self.helper = FormHelper()
        self.helper.layout = Layout("leaves_on", ButtonHolder(Submit("save", _("Lagre dagen"))))


class CompareForm(forms.Form):
    """How the map was on a day gone by."""

    dato = forms.DateField(label=_("Dagen"), required=False, widget=DateInput)

    def clean_dato(self) -> date | None:
        day: date | None = self.cleaned_data["dato"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("Velg i dag eller en dag som har vært."))
        return day
