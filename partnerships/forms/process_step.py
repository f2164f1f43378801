"""The problem, the preparation, the stop sign, the phases, and the end of a process."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.forms.lines import CARE
from partnerships.models import CodesignProcess, ProcessPhase
from partnerships.selectors.process_preparation import Point
from samskaping.core.forms import DateInput


class ProblemForm(EditingForm):
    problem = forms.CharField(
        label=_("Hva det handler om"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=CARE,
    )
    because = forms.CharField(
        label=_("Hva forsto dere på en ny måte?"),
        required=False,
        max_length=300,
        help_text=_("Én setning. Da ser alle hvorfor ordene er endret."),
    )

    def __init__(self, *args: Any, process: CodesignProcess, **kwargs: Any) -> None:
        super().__init__(*args, version=process.version, initial={"problem": process.problem}, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("problem", "because", "version", ButtonHolder(Submit("save", _("Lagre"))))


class PreparationForm(EditingForm):
    """The points of the preparation: four answered in a line or two, the others ticked off."""

    def __init__(self, *args: Any, process: CodesignProcess, points: Iterable[Point], **kwargs: Any) -> None:
        super().__init__(*args, version=process.version, **kwargs)
        self._written: list[str] = []
        self._ticked: list[str] = []
        layout: list[Any] = []
        for point in points:
            if point.is_written:
                self._add_words(process, point)
                layout.append(point.key)
            else:
                self._add_tick(point)
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.layout = Layout(
            *layout,
            Fieldset(_("Huskeliste"), *(f"tick_{key}" for key in self._ticked)),
            "version",
            ButtonHolder(Submit("save", _("Lagre forberedelsen"))),
        )

    def _add_words(self, process: CodesignProcess, point: Point) -> None:
        field: Any = CodesignProcess._meta.get_field(point.key)
        own = getattr(process, point.key)
        help_text = point.why
        if point.words and not own:
            # Said on level 1 already: nobody is asked for it twice.
            help_text = _("%(why)s Fra før står det: «%(words)s».") % {
                "why": point.why,
                "words": point.words,
            }
        self._written.append(point.key)
        self.initial[point.key] = own
        self.fields[point.key] = forms.CharField(
            label=point.title,
            required=False,
            max_length=field.max_length,
            help_text=help_text,
            widget=forms.Textarea(attrs={"rows": 3}) if field.max_length > 200 else forms.TextInput,
        )

    def _add_tick(self, point: Point) -> None:
        self._ticked.append(point.key)
        self.initial[f"tick_{point.key}"] = point.is_done
        self.fields[f"tick_{point.key}"] = forms.BooleanField(
            label=point.title, required=False, help_text=point.why
        )

    def words(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in self._written}

    def ticked(self) -> list[str]:
        return [key for key in self._ticked if self.cleaned_data[f"tick_{key}"]]

    def standing(self, current: CodesignProcess) -> dict[str, Any]:
        found: dict[str, Any] = {key: getattr(current, key) for key in self._written}
        return {**found, **{f"tick_{key}": key in current.prepared for key in self._ticked}}


class AnywayForm(forms.Form):
    because = forms.CharField(
        label=_("Hvorfor inviterer dere likevel?"),
        max_length=300,
        help_text=_("Én setning. Den står på siden til prosessen, så dere kan se tilbake på den."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "because",
            ButtonHolder(Submit("anyway", _("Inviter likevel"))),
        )


class ProcessEndForm(forms.Form):
    ended_on = forms.DateField(label=_("Siste dag"), widget=DateInput)
    because = forms.CharField(
        label=_("Hvordan gikk det, og hva kan andre lære av det?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Det som ikke gikk, er like nyttig å vite som det som gikk. Skriv ikke om enkeltpersoner."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "ended_on", "because", ButtonHolder(Submit("save", _("Avslutt prosessen")))
        )


class ProcessPhaseForm(EditingForm):
    starts_on = forms.DateField(label=_("Fra"), required=False, widget=DateInput)
    ends_on = forms.DateField(label=_("Til"), required=False, widget=DateInput)
    amount = forms.IntegerField(label=_("Kroner"), required=False, min_value=0, max_value=2_000_000_000)
    paid_by = forms.CharField(
        label=_("Hvem betaler"),
        required=False,
        max_length=150,
        help_text=_("For eksempel budsjettet til enheten, eller et fond."),
    )

    def __init__(self, *args: Any, phase: ProcessPhase | None, **kwargs: Any) -> None:
        names = ("starts_on", "ends_on", "amount", "paid_by")
        initial = {name: getattr(phase, name) for name in names} if phase else {}
        super().__init__(*args, version=phase.version if phase else 0, initial=initial, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row("starts_on", "ends_on"),
            Row("amount", "paid_by"),
            "version",
            ButtonHolder(Submit("save", _("Lagre fasen"))),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("Sluttdatoen må komme etter startdatoen."))
        return data

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("starts_on", "ends_on", "amount", "paid_by")}
