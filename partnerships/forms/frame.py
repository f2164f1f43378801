"""«Rammer»: what it rests on, what is cleared, what there is to work with. Nothing has to be filled in."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.forms.lines import CARE
from partnerships.models import Frame, Strategy, StrategyPoint
from partnerships.models.frame import WorkingForm
from partnerships.selectors.frame import rests_on_value
from samskaping.core.forms import DateInput

# The question of level 1, in two sentences each.
EXPLAINED = (
    (
        _("Samskaping"),
        _("Vi finner ut sammen hva tilbudet skal være, også med dem det er for. Svaret er ikke bestemt."),
    ),
    (
        _("Samproduksjon"),
        _("Tilbudet er bestemt, og vi gjør det sammen. Kommunen og de frivillige har hver sine oppgaver."),
    ),
)
TEXTS = ("mandate", "clarifications", "resources")
REST = ("working_form", *TEXTS, "hours_a_week", "decided_by", "decided_on", "revise_by")


class FrameForm(EditingForm):
    rests_on = forms.ChoiceField(label=_("Hva hviler samarbeidet på?"), required=False)
    working_form = forms.ChoiceField(
        label=_("Samskaping eller samproduksjon?"),
        required=False,
        choices=[("", _("Vi har ikke tatt stilling til det")), *WorkingForm.choices],
        widget=forms.RadioSelect,
    )
    hours_a_week = forms.DecimalField(
        label=_("Timer i uka som er satt av"),
        required=False,
        min_value=0,
        max_digits=4,
        decimal_places=1,
        localize=True,
    )
    decided_by = forms.CharField(
        label=_("Hvem har sagt ja"),
        help_text=_("Stilling, utvalg eller styre. Skriv ikke navn."),
        required=False,
        max_length=150,
    )
    decided_on = forms.DateField(label=_("Når"), required=False, widget=DateInput)
    revise_by = forms.DateField(
        label=_("Ses over innen"),
        help_text=_("Alle parter får beskjed to måneder før."),
        required=False,
        widget=DateInput,
    )

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rests_on"].choices = choices  # type: ignore[attr-defined]
        for name in TEXTS:
            field: Any = Frame._meta.get_field(name)
            self.fields[name] = forms.CharField(
                label=capfirst(str(field.verbose_name)),
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.fields["clarifications"].help_text = CARE
        explained = format_html_join("", "<p><b>{}.</b> {}</p>", EXPLAINED)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(_("Forankring"), "rests_on", "decided_by", "decided_on"),
            Fieldset(_("Arbeidsform"), HTML(format_html("{}", explained)), "working_form"),
            Fieldset(_("Handlingsrom"), "mandate", "clarifications"),
            Fieldset(_("Det dere har å gå på"), "resources", Row("hours_a_week", "revise_by")),
            "version",
            ButtonHolder(Submit("save", _("Lagre rammene"))),
        )

    def changes(self) -> dict[str, Any]:
        strategy_id, _dot, point_id = self.cleaned_data["rests_on"].partition(".")
        return {
            "strategy": Strategy.objects.filter(pk=strategy_id).first() if strategy_id else None,
            "point": StrategyPoint.objects.filter(pk=point_id).first() if point_id else None,
            **{name: self.cleaned_data[name] for name in REST},
        }

    def standing(self, current: Frame) -> dict[str, Any]:
        return standing(current)


def standing(frame: Frame | None) -> dict[str, Any]:
    """What the fields begin with."""
    if frame is None:
        return {}
    return {"rests_on": rests_on_value(frame), **{name: getattr(frame, name) for name in REST}}
