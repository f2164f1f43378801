"""Noting what a volunteer has, letting her off, and the facts of a police certificate."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.models import Membership, RequirementKind
from samskaping.core.forms import DateInput
from volunteers.models import PoliceFact
from volunteers.models.requirement import MetBy, PoliceBasis, PoliceOutcome
from volunteers.services.requirement import holds_for

HOW = [(MetBy.SHOWN, _("Den frivillige viste det fram")), (MetBy.REGISTERED, _("Hadde det fra før"))]


class MetForm(forms.Form):
    how = forms.ChoiceField(label=_("Hvordan?"), choices=HOW, initial=MetBy.SHOWN, widget=forms.RadioSelect)
    on = forms.DateField(label=_("I orden fra"), widget=DateInput)
    holds_to = forms.DateField(
        label=_("Gjelder til og med"),
        required=False,
        widget=DateInput,
        help_text=_("La stå tomt når det gjelder så lenge som kravet sier."),
    )

    def __init__(self, *args: Any, kind: RequirementKind, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"on": today}, **kwargs})
        if kind.renew_months:
            text = _(
                "Fornyes etter %(months)s måneder. Står det tomt, blir det %(day)s når det er i orden i dag."
            )
            self.fields["holds_to"].help_text = str(text) % {
                "months": kind.renew_months,
                "day": f"{holds_for(kind, today):%d.%m.%Y}",
            }
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "how", Row("on", "holds_to"), ButtonHolder(Submit("met", _("Før at det er i orden")))
        )


class ExemptionForm(forms.Form):
    because = forms.CharField(
        label=_("Hvorfor?"),
        max_length=200,
        help_text=_("Skriv om oppdraget, ikke om helse eller private forhold."),
    )
    until = forms.DateField(label=_("Til og med"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("because", "until", ButtonHolder(Submit("exempt", _("Gi unntak"))))


class PoliceForm(forms.Form):
    """Facts only. There is no field for words, and none for a file."""

    outcome = forms.ChoiceField(label=_("Status"), choices=PoliceOutcome.choices, widget=forms.RadioSelect)
    basis = forms.ChoiceField(
        label=_("Hvilken lov kreves den etter?"),
        choices=[("", _("Velg")), *PoliceBasis.choices],
        required=False,
    )
    asked_on = forms.DateField(label=_("Bedt om"), required=False, widget=DateInput)
    issued_on = forms.DateField(
        label=_("Utstedt"),
        required=False,
        widget=DateInput,
        help_text=_("Høyst tre måneder før den ble vist."),
    )
    shown_on = forms.DateField(label=_("Vist"), required=False, widget=DateInput)
    renew_by = forms.DateField(label=_("Fornyes innen"), required=False, widget=DateInput)

    def __init__(self, *args: Any, fact: PoliceFact | None, **kwargs: Any) -> None:
        initial = {"outcome": PoliceOutcome.ASKED}
        if fact is not None:
            initial = {name: getattr(fact, name) for name in self.base_fields}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *("outcome", "basis", Row("asked_on", "issued_on"), Row("shown_on", "renew_by")),
            ButtonHolder(Submit("save", _("Lagre"))),
        )

    def clean_basis(self) -> PoliceBasis | None:
        chosen = self.cleaned_data["basis"]
        return PoliceBasis(chosen) if chosen else None

    def clean_outcome(self) -> PoliceOutcome:
        return PoliceOutcome(self.cleaned_data["outcome"])


class ResponsibleForm(forms.Form):
    responsible = forms.ChoiceField(label=_("Ansvarlig"), required=False)
    deputy = forms.ChoiceField(label=_("Vara"), required=False)

    def __init__(self, *args: Any, members: "list[Membership]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.users = {str(member.user_id): member.user for member in members}
        names = {str(member.user_id): member.person.name for member in members if member.person}
        for name in ("responsible", "deputy"):
            field: Any = self.fields[name]
            field.choices = [("", _("Ingen")), *names.items()]
        self.helper = FormHelper()
        self.helper.layout = Layout("responsible", "deputy", ButtonHolder(Submit("save", _("Lagre"))))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("deputy") and data.get("deputy") == data.get("responsible"):
            self.add_error("deputy", _("Den ansvarlige og vara er to forskjellige."))
        return data
