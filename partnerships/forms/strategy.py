"""A strategy's words and dates, its document, its decision, and what a side says to it."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.forms.lines import LinesField
from partnerships.models import Strategy
from partnerships.models.strategy import Stance, StrategyState
from samskaping.core.forms import DateInput

_DATES = ("decided_on", "administrative_on", "valid_from", "valid_to", "revise_by")
_WORDS = ("body", "case_number", "administrative_decision")
_DECISION = (
    Fieldset(_("Politisk vedtak"), "body", Row("case_number", "decided_on")),
    Fieldset(_("Administrativ beslutning"), "administrative_decision", "administrative_on"),
    Fieldset(_("Hvor lenge"), Row("valid_from", "valid_to"), "revise_by"),
)


class DecisionForm(EditingForm):
    """Who decided what and when; its fields also stand in the form of the whole strategy."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _WORDS:
            field: Any = Strategy._meta.get_field(name)
            self.fields[name] = forms.CharField(
                label=capfirst(str(field.verbose_name)), required=False, max_length=field.max_length
            )
        for name in _DATES:
            date: Any = Strategy._meta.get_field(name)
            label = capfirst(str(date.verbose_name))
            self.fields[name] = forms.DateField(label=label, required=False, widget=DateInput)
        self.fields["body"].help_text = _("For eksempel kommunestyret.")
        self.fields["administrative_decision"].help_text = _("Stilling og hva som ble besluttet. Ikke navn.")
        self.fields["revise_by"].help_text = _("Vi minner dere på det to måneder før.")
        self.helper = FormHelper()
        self.helper.layout = Layout(*_DECISION, "version", ButtonHolder(Submit("save", _("La den gjelde"))))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", ValidationError(_("Sluttdatoen må komme etter startdatoen.")))
        return cleaned

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*_WORDS, *_DATES)}


class StrategyForm(DecisionForm):
    """Everything; what is in force keeps its words, and shows only what may be put right."""

    def __init__(self, *args: Any, strategy: Strategy | None, **kwargs: Any) -> None:
        super().__init__(*args, version=strategy.version if strategy else 0, **kwargs)
        self.has_text = strategy is None or strategy.state != StrategyState.IN_FORCE
        text = []
        if self.has_text:
            self.fields["title"] = forms.CharField(label=_("Navn"), max_length=150)
            self.fields["summary"] = forms.CharField(
                label=_("Kort fortalt"),
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 4}),
            )
            self.fields["points"] = LinesField(
                label=_("Punkter"),
                help_text=_("Ett punkt på hver linje. Samarbeid kan vise til punktene."),
                lines_at_most=60,
                rows=8,
            )
            text = ["title", "summary", "points"]
        self.fields["document_url"] = forms.URLField(
            label=_("Lenke til dokumentet"), required=False, assume_scheme="https", max_length=200
        )
        self.initial.update(self.standing(strategy) if strategy else {})
        self.helper.layout = Layout(
            Fieldset(_("Strategien"), *text, "document_url"),
            *_DECISION,
            "version",
            ButtonHolder(Submit("save", _("Lagre"))),
        )

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields if name not in ("version", "points")}

    def points(self) -> list[str] | None:
        return self.cleaned_data["points"] if self.has_text else None

    def standing(self, current: Strategy) -> dict[str, Any]:
        found = {name: getattr(current, name) for name in self.fields if name not in ("version", "points")}
        if self.has_text:
            found["points"] = [point.text for point in current.points.order_by("order")]
        return found


class DocumentForm(forms.Form):
    document = forms.FileField(
        label=_("Dokumentet som PDF"),
        help_text=_("Høyst 20 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("document", ButtonHolder(Submit("save", _("Legg ved"))))


class AnswerForm(forms.Form):
    stance = forms.ChoiceField(
        label=_("Hva sier dere?"),
        choices=[
            (Stance.CONFIRMED, _("Vi står bak den")),
            (Stance.WISHES_CHANGE, _("Vi ønsker en endring")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Hva ønsker dere endret?"),
        help_text=_("De som arbeider med strategien, leser det."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("stance", "words", "version", ButtonHolder(Submit("save", _("Svar"))))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("stance") == Stance.WISHES_CHANGE and not cleaned.get("words"):
            self.add_error("words", ValidationError(_("Skriv hva dere ønsker endret.")))
        return cleaned


class StrategiesFilter(forms.Form):
    q = forms.CharField(label=_("Navn"), required=False, max_length=80)
    status = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args: Any, states: Iterable[StrategyState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", _("Alle")), *((state.value, state.label) for state in states)]  # type: ignore[attr-defined]
