"""Asking, answering, sending on, and finding one question among many."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Partnership, Person
from partnerships.models.signal import SignalKind
from partnerships.selectors.signal import SHOWN_LABELS, Tab
from partnerships.selectors.signal_people import ANSWER_WITHIN
from samskaping.core.forms import DateInput
from samskaping.core.working_days import working_days_later

WARNING = _("Ikke skriv om helse, og ikke navn på mottakere.")


class RaiseForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Hva er det?"),
        choices=[(kind.value, kind.label) for kind in (SignalKind.QUESTION, SignalKind.CHANGE)],
        initial=SignalKind.QUESTION,
        widget=forms.RadioSelect,
    )
    to = forms.ChoiceField(label=_("Hvem skal svare?"))
    subject = forms.CharField(label=_("Emne"), max_length=150, help_text=_("Noen få ord, uten navn."))
    text = forms.CharField(
        label=_("Hva lurer du på?"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=WARNING,
    )
    due_on = forms.DateField(
        label=_("Når trenger dere svaret?"), widget=DateInput, help_text=_("Vi foreslår ti arbeidsdager.")
    )
    asker = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Spør du for noen andre?"),
        required=False,
        empty_label=_("Nei, jeg spør selv"),
        help_text=_("For en som ringte eller sa det. Svaret går til henne eller ham."),
    )

    def __init__(
        self, *args: Any, to: Sequence[tuple[str, Any]], others: QuerySet[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = to  # type: ignore[attr-defined]
        self.fields["due_on"].initial = working_days_later(timezone.localdate(), ANSWER_WITHIN)
        self.fields["asker"].queryset = others  # type: ignore[attr-defined]
        self.fields["asker"].label_from_instance = lambda person: person.name  # type: ignore[attr-defined]
        names = ["kind", "to", "subject", "text", "due_on", "asker"]
        if not others.exists():
            del self.fields["asker"]
            names.remove("asker")
        self.helper = FormHelper()
        self.helper.layout = Layout(*names, ButtonHolder(Submit("send", _("Send spørsmålet"))))

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Velg i dag eller en dag som kommer."))
        return day


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Svar"), max_length=3000, widget=forms.Textarea(attrs={"rows": 6}), help_text=WARNING
    )
    said_by = forms.ChoiceField(label=_("Hvem svarer?"), widget=forms.RadioSelect)
    decision = forms.BooleanField(
        label=_("Dette er en beslutning. Fortell den til partene i samarbeidet."), required=False
    )

    def __init__(
        self, *args: Any, said_by: Sequence[tuple[str, Any]], may_decide: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        names = ["answer", "said_by", "decision"]
        self.fields["said_by"].choices = said_by  # type: ignore[attr-defined]
        self.fields["said_by"].initial = said_by[0][0]
        if len(said_by) == 1:
            self.fields["said_by"].widget = forms.HiddenInput()
        if not may_decide:
            del self.fields["decision"]
            names.remove("decision")
        self.helper = FormHelper()
        self.helper.layout = Layout(*names, ButtonHolder(Submit("send", _("Send svaret"))))


class ForwardForm(forms.Form):
    receiver = forms.ModelChoiceField(Person.objects.none(), label=_("Hvem vet mer?"), empty_label=_("Velg"))

    def __init__(self, *args: Any, choices: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receiver"].queryset = choices  # type: ignore[attr-defined]
        self.fields["receiver"].label_from_instance = lambda person: person.name  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.layout = Layout("receiver", ButtonHolder(Submit("send", _("Send videre"))))


class SignalsFilter(forms.Form):
    q = forms.CharField(label=_("Søk"), required=False, max_length=80)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Alle")), *((shown.value, label) for shown, label in SHOWN_LABELS.items())],
    )
    # Where a partnership's page leads here; else one searches for its name.
    samarbeid = forms.ModelChoiceField(Partnership.objects.none(), required=False, widget=forms.HiddenInput)
    # Which of the lists; kept when somebody filters.
    vis = forms.ChoiceField(
        required=False, choices=[(tab.value, tab.value) for tab in Tab], widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, partnerships: QuerySet[Partnership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["samarbeid"].queryset = partnerships  # type: ignore[attr-defined]
