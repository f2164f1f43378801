"""Finding, starting and describing an offer, and saying when it is."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.forms.fields import PhoneField
from partnerships.forms.lines import CARE, LinesField
from partnerships.models import Offer, Person, RequirementKind
from partnerships.models.areas import Area
from partnerships.models.offer import OfferState
from partnerships.recurrence import Every, Repeats, Times, repeats_of
from partnerships.selectors.offer_times import times_of
from samskaping.core.forms import DateInput, TimeInput

_TIME_FIELDS = ("first_on", "from_time", "to_time")


class OfferFilter(forms.Form):
    q = forms.CharField(label=_("Søk"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Alle unntatt avsluttede")), *OfferState.choices]
    )
    area = forms.ChoiceField(label=_("Område"), required=False, choices=[("", _("Alle")), *Area.choices])
    mine = forms.BooleanField(label=_("Bare mine"), required=False)


class _WithTimes(forms.Form):
    """Day and clock, and how it goes on. All of them, or none."""

    first_on = forms.DateField(label=_("Første gang"), required=False, widget=DateInput)
    from_time = forms.TimeField(label=_("Fra kl."), required=False, widget=TimeInput)
    to_time = forms.TimeField(label=_("Til kl."), required=False, widget=TimeInput)
    every = forms.ChoiceField(
        label=_("Hvor ofte?"), choices=Every.choices, initial=Every.WEEK, widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        given = [name for name in _TIME_FIELDS if data.get(name)]
        for name in _TIME_FIELDS:
            if given and name not in given and name not in self.errors:
                self.add_error(name, _("Skriv dag, fra og til, eller la alt stå tomt."))
        if len(given) == len(_TIME_FIELDS) and data["from_time"] == data["to_time"]:
            self.add_error("to_time", _("Velg en annen tid enn den det begynner."))
        return data

    def times(self) -> Times | None:
        data = self.cleaned_data
        if not data["first_on"]:
            return None
        repeats = Repeats(
            Every(data["every"]),
            tuple(int(day) for day in data.get("weekdays", ())),
            data.get("until"),
        )
        return Times(
            data["first_on"],
            data["from_time"],
            data["to_time"],
            repeats.rule(data["first_on"]),
            data.get("skips_holidays", True),
        )


class OfferStartForm(_WithTimes):
    """What, where and when. The rest can wait."""

    title = forms.CharField(
        label=_("Hva heter tilbudet?"), max_length=150, help_text=_("For eksempel «Turgruppe på Nes».")
    )
    place = forms.CharField(label=_("Hvor møtes dere?"), required=False, max_length=200)

    def __init__(
        self,
        *args: Any,
        sides: list[tuple[str, str]],
        templates: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if len(sides) > 1:
            self.fields["own"] = forms.ChoiceField(label=_("Hvem holder det?"), choices=sides, required=False)
        self.fields["template"] = forms.ChoiceField(
            label=_("Hva vil dere begynne med?"),
            choices=[("", _("Noe annet")), *templates],
            required=False,
            widget=forms.RadioSelect,
            help_text=_("En mal fyller ut det de fleste spør om. Dere kan endre alt."),
        )
        self.fields["every"].required = False
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.layout = Layout(
            "title",
            *(["own"] if "own" in self.fields else []),
            "template",
            "place",
            Row("first_on", "from_time", "to_time"),
            "every",
            ButtonHolder(Submit("start", _("Start tilbudet"))),
        )

    def clean_every(self) -> str:
        return self.cleaned_data["every"] or Every.WEEK


class OfferForm(EditingForm):
    title = forms.CharField(label=_("Navn"), max_length=150)
    about = forms.CharField(
        label=_("Hva vi gjør"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=CARE,
    )
    for_whom = forms.CharField(label=_("Hvem det er for"), required=False, max_length=200)
    areas = forms.MultipleChoiceField(
        label=_("Områder"), required=False, choices=Area.choices, widget=forms.CheckboxSelectMultiple
    )
    place = forms.CharField(label=_("Sted"), required=False, max_length=200)
    getting_there = forms.CharField(
        label=_("Slik kommer folk dit"),
        required=False,
        max_length=300,
        help_text=_("Buss, parkering, inngang, og hvem de kan følge med."),
    )
    capacity = forms.IntegerField(
        label=_("Plass til"),
        required=False,
        min_value=1,
        max_value=10000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    contact = forms.ModelChoiceField(
        label=_("Kontaktperson"), queryset=Person.objects.none(), required=False, empty_label=_("Ingen ennå")
    )
    ring = PhoneField(
        label=_("Telefon til tilbudet"),
        required=False,
        help_text=_("Når folk ikke skal ringe kontaktpersonens eget nummer."),
    )
    sign_up_url = forms.URLField(
        label=_("Lenke til påmelding"), required=False, max_length=400, assume_scheme="https"
    )
    insurance = forms.CharField(label=_("Er jeg forsikret?"), required=False, max_length=300)
    expenses = forms.CharField(label=_("Får jeg dekket utgifter?"), required=False, max_length=300)
    expect = LinesField(label=_("Når du kommer"), help_text=_("Én ting på hver linje."), lines_at_most=8)
    expect_volunteer = LinesField(label=_("Når du er frivillig"), lines_at_most=8)
    expect_place = LinesField(label=_("På stedet"), lines_at_most=8)

    def __init__(self, *args: Any, offer: Offer, people: QuerySet[Person], **kwargs: Any) -> None:
        names = [name for name in self.base_fields if name != "version"]
        initial = {name: getattr(offer, name) for name in names}
        super().__init__(*args, version=offer.version, initial=initial, **kwargs)
        contact: Any = self.fields["contact"]
        contact.queryset = people
        contact.label_from_instance = lambda person: person.name
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "title",
            "about",
            "for_whom",
            Row("place", "capacity"),
            "getting_there",
            Fieldset(_("Det folk spør om"), "contact", "ring", "insurance", "expenses", "sign_up_url"),
            Fieldset(_("Dette kan du vente deg"), "expect", "expect_volunteer", "expect_place"),
            Fieldset(_("Hva det gjelder"), "areas"),
            "version",
            ButtonHolder(Submit("save", _("Lagre"))),
        )

    def changes(self) -> dict[str, Any]:
        changed = {name: self.cleaned_data[name] for name in self.base_fields if name != "version"}
        changed["title"] = " ".join(changed["title"].split())
        return changed


class TimesForm(EditingForm, _WithTimes):
    weekdays = forms.MultipleChoiceField(
        label=_("Hvilke dager?"),
        required=False,
        choices=[(day, capfirst(WEEKDAYS[day])) for day in range(7)],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Når det er hver eller annenhver uke. Ingen kryss: samme ukedag som den første."),
    )
    until = forms.DateField(
        label=_("Siste gang"),
        required=False,
        widget=DateInput,
        help_text=_("La det stå tomt når det går til dere sier noe annet."),
    )
    skips_holidays = forms.BooleanField(label=_("Ikke på helligdager"), required=False)

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        repeats = repeats_of(offer.rule)
        initial = {
            **{name: getattr(offer, name) for name in (*_TIME_FIELDS, "skips_holidays")},
            "every": repeats.every if offer.first_on else Every.WEEK,
            "weekdays": [str(day) for day in repeats.weekdays] if repeats.every != Every.MONTH else [],
            "until": repeats.until,
        }
        super().__init__(*args, version=offer.version, initial=initial, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(*_TIME_FIELDS),
            "every",
            "weekdays",
            Row("until"),
            "skips_holidays",
            "version",
            ButtonHolder(Submit("save", _("Lagre tidene"))),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, until = data.get("first_on"), data.get("until")
        if first and until and until < first:
            self.add_error("until", _("Siste gang må komme etter den første."))
        weekly = data.get("every") in (Every.WEEK, Every.TWO_WEEKS)
        chosen = data.get("weekdays")
        if first and weekly and chosen and str(first.weekday()) not in chosen:
            self.add_error("first_on", _("Velg en dag som er en av ukedagene du har krysset av."))
        return data

    def standing(self, current: Offer) -> dict[str, Any]:
        times = times_of(current)
        repeats = repeats_of(current.rule)
        return {
            **{name: getattr(times, name, None) for name in (*_TIME_FIELDS, "skips_holidays")},
            "every": repeats.every,
            "weekdays": [str(day) for day in repeats.weekdays],
            "until": repeats.until,
        }


def _because(
    label: Any, help_text: Any = "", *, required: bool = False, length: int = 300
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=help_text,
    )


class OfferPauseForm(forms.Form):
    until = forms.DateField(
        label=_("Når er dere i gang igjen?"),
        required=False,
        widget=DateInput,
        help_text=_("Fra den dagen står det i kalenderen igjen. La det stå tomt hvis dere ikke vet."),
    )
    because = _because(_("Hvorfor?"), _("Alle det gjelder, får vite det. Skriv ikke om enkeltpersoner."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "until", "because", ButtonHolder(Submit("save", _("Sett på pause og si fra")))
        )


class OfferEndForm(forms.Form):
    ended_on = forms.DateField(label=_("Siste dag"), widget=DateInput)
    because = _because(_("Hvorfor?"), _("Alle det gjelder, får vite det. Skriv ikke om enkeltpersoner."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["ended_on"] = today
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "ended_on", "because", ButtonHolder(Submit("save", _("Avslutt og si fra")))
        )


class RequirementForm(forms.Form):
    kind = forms.ModelChoiceField(label=_("Krav"), queryset=RequirementKind.objects.none())
    because = _because(_("Hvorfor trengs det?"), required=True)

    def __init__(self, *args: Any, kinds: QuerySet[RequirementKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = kinds  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.layout = Layout("kind", "because", ButtonHolder(Submit("save", _("Legg til kravet"))))


class RequirementOutForm(forms.Form):
    because = _because(_("Hvorfor trengs det ikke?"), required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("because", ButtonHolder(Submit("save", _("Ta bort kravet"))))
