"""The five plain questions, and what is decided from what they come to. One page, one press to save."""

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout, Row
from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from partnerships.forms.lines import CARE, LinesField
from partnerships.models import RequirementKind, TaskCheck
from partnerships.models.task_check import TaskOutcome, TaskVariant
from partnerships.selectors.task_check import NO, UNSURE, YES, Verdict, asked, in_words
from partnerships.services.task_check import Decision

ANSWERS = ((YES, _("Ja")), (NO, _("Nei")), (UNSURE, _("Usikker")))


class AnswersForm(forms.Form):
    """Answers to the questions in `data`; those of a variant count when the variant is ticked."""

    task = forms.CharField(
        label=_("Hva skal de frivillige gjøre?"),
        help_text=_("Noen få ord, for eksempel «Følge til frisøren»."),
        max_length=200,
    )

    def __init__(self, *args: Any, questions: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._questions = questions
        layout: list[Any] = ["task", Fieldset(_("Fem spørsmål"), *self._ask(""))]
        for variant in TaskVariant:
            name = f"is_{variant}"
            self.fields[name] = forms.BooleanField(label=_APPLIES[variant], required=False)
            layout.append(Fieldset(variant.label, name, *self._ask(variant.value), css_class="variant"))
        layout.insert(
            2, HTML(format_html('<p class="muted">{}</p>', _("Kryss av for det som også gjelder.")))
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*layout)

    def _ask(self, variant: str) -> list[str]:
        names = []
        for question in self._questions["questions"]:
            if question["variant"] == variant:
                name = f"q_{question['key']}"
                self.fields[name] = forms.ChoiceField(
                    label=in_words(question["text"]),
                    help_text=in_words(question["help"]),
                    choices=ANSWERS,
                    widget=forms.RadioSelect,
                    # Which of a variant's must be answered is known when the ticks are.
                    required=not variant,
                )
                names.append(name)
        return names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for question in asked(self._questions, self.variants):
            name = f"q_{question['key']}"
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Velg et svar. «Usikker» er også et svar."))
        return cleaned

    @property
    def variants(self) -> list[str]:
        return [variant.value for variant in TaskVariant if self.cleaned_data.get(f"is_{variant}")]

    @property
    def answers(self) -> dict[str, str]:
        return {
            question["key"]: self.cleaned_data[f"q_{question['key']}"]
            for question in asked(self._questions, self.variants)
        }

    def fingerprint(self) -> str:
        """What was answered, so that a decision is known to be about these answers."""
        return ",".join([*self.variants, *(f"{key}={answer}" for key, answer in self.answers.items())])


def as_answered(check: TaskCheck) -> dict[str, Any]:
    """The answers of an earlier check, as the form takes them."""
    ticks = {f"is_{variant}": "on" for variant in check.variants}
    return {"task": check.task, **ticks, **{f"q_{key}": answer for key, answer in check.answers.items()}}


class DecisionForm(forms.Form):
    """Filled in from the answers. Where people see it otherwise they say why."""

    outcome = forms.ChoiceField(label=_("Svaret"), choices=TaskOutcome.choices)
    clarify_with = forms.CharField(
        label=_("Avklares med"),
        help_text=_("Når noe skal avklares først. Skriv stilling, ikke navn."),
        required=False,
        max_length=150,
    )
    requirements = forms.ModelMultipleChoiceField(
        label=_("Krav til den frivillige"),
        queryset=RequirementKind.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    conditions = LinesField(
        label=_("Dette skal stå i avtalen"), help_text=_("Én ting på hver linje."), rows=5
    )
    changed_because = forms.CharField(
        label=_("Hvorfor dere endret forslaget"),
        help_text=_("Bare når dere endrer svaret, et krav eller en linje vi foreslo."),
        required=False,
        max_length=300,
    )
    decided_by = forms.CharField(
        label=_("Hvem avgjorde"), help_text=_("Stilling eller utvalg. Skriv ikke navn."), max_length=150
    )
    decided_on = forms.DateField(
        label=_("Når"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ground = forms.CharField(
        label=_("Begrunnelse"),
        help_text=CARE,
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    look_again_on = forms.DateField(
        label=_("Ses på igjen"),
        help_text=_("Vi sier fra i tide."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, verdict: Verdict, kinds: Iterable[RequirementKind], fingerprint: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._verdict = verdict
        kinds = list(kinds)
        self._suggested = {
            kind.pk for kind in kinds if kind.municipality_id is None and kind.key in verdict.requirements
        }
        field = self.fields["requirements"]
        field.queryset = RequirementKind.objects.filter(pk__in=[kind.pk for kind in kinds])  # type: ignore[attr-defined]
        suggested = {
            "outcome": verdict.outcome,
            "clarify_with": verdict.clarify_with,
            "requirements": sorted(self._suggested),
            "conditions": list(verdict.conditions),
            "decided_on": timezone.localdate(),
            "seen": fingerprint,
        }
        self.initial = {**suggested, **self.initial}
        self.fields["outcome"].choices = _may_choose(verdict)  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "outcome", "clarify_with", "requirements", "conditions", "changed_because", "ground",
            Row("decided_by", "decided_on", "look_again_on"), "seen",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("outcome") == TaskOutcome.CLARIFY_FIRST and not cleaned.get("clarify_with"):
            self.add_error("clarify_with", _("Skriv hvem dere avklarer det med."))
        if self._differs(cleaned) and not cleaned.get("changed_because"):
            self.add_error("changed_because", _("Skriv kort hvorfor. Da vet de som kommer etter dere det."))
        decided, again = cleaned.get("decided_on"), cleaned.get("look_again_on")
        if decided and decided > timezone.localdate():
            self.add_error("decided_on", _("Velg i dag eller en dag som har vært."))
        if decided and again and again <= decided:
            self.add_error("look_again_on", _("Velg en dag etter at det ble avgjort."))
        return cleaned

    def _differs(self, cleaned: dict[str, Any]) -> bool:
        """More conditions need no reason; one that is gone does."""
        chosen = {kind.pk for kind in cleaned.get("requirements") or ()}
        return (
            cleaned.get("outcome") != self._verdict.outcome
            or bool(self._suggested - chosen)
            or not set(self._verdict.conditions) <= set(cleaned.get("conditions") or ())
        )

    def decision(self) -> Decision:
        cleaned = self.cleaned_data
        return Decision(
            outcome=TaskOutcome(cleaned["outcome"]),
            clarify_with=cleaned["clarify_with"],
            requirements=list(cleaned["requirements"]),
            conditions=cleaned["conditions"],
            changed_because=cleaned["changed_because"] if self._differs(cleaned) else "",
            ground=cleaned["ground"],
            law=list(self._verdict.law),
            decided_by=cleaned["decided_by"],
            decided_on=cleaned["decided_on"],
            look_again_on=cleaned["look_again_on"],
        )


class PartnershipNameForm(forms.Form):
    """Where there is no partnership yet: saving begins one."""

    title = forms.CharField(
        label=_("Hva skal samarbeidet hete?"), help_text=_("Svaret lagres der."), max_length=150
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


def _may_choose(verdict: Verdict) -> list[tuple[str, Any]]:
    """What the law leaves to the municipality cannot be decided away here, only clarified."""
    if verdict.outcome != TaskOutcome.MUNICIPAL:
        return list(TaskOutcome.choices)
    allowed = (TaskOutcome.MUNICIPAL, TaskOutcome.CLARIFY_FIRST)
    return [(outcome.value, outcome.label) for outcome in allowed]


_APPLIES = {
    TaskVariant.TRANSPORT: _("Det er skyss"),
    TaskVariant.CHILDREN: _("Det er med barn og unge"),
    TaskVariant.ALONE: _("Den frivillige er alene med én person"),
    TaskVariant.NIGHT: _("Det er om natta"),
}
