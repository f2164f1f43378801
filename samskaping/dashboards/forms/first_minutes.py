"""What a new municipality is asked in its first ten minutes: as little as will do."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.forms.agreement import pdf_field
from agreements.models.agreement import AgreementKind
from partnerships.forms.actor_names import ActorNamesMixin
from partnerships.models import Organisation, Person
from partnerships.models.areas import Area
from partnerships.selectors.actor_names import ActorNames
from samskaping.core.forms import DateInput

EARLIEST = 1900


class GoingForm(ActorNamesMixin):
    """«Vi har noe i gang»: what, with whom, since when."""

    title = forms.CharField(
        label=_("Hva er i gang?"), max_length=150, help_text=_("Turgruppe, språkkafé, våketjeneste …")
    )
    area = forms.ChoiceField(
        label=_("Hva handler det om?"), required=False, choices=[("", _("Vet ikke ennå")), *Area.choices]
    )
    since = forms.IntegerField(label=_("Siden hvilket år?"), required=False, min_value=EARLIEST)

    def __init__(self, *args: Any, actors: ActorNames, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = self.add_party_fields(actors, [])
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "title",
            Fieldset(_("Hvem er med?"), self.suggestions(), *parties),
            Row("area", "since"),
            ButtonHolder(Submit("save", _("Legg til"))),
        )

    def clean_since(self) -> date:
        """Something that goes on has begun: without a year, this one."""
        today = timezone.localdate()
        year = self.cleaned_data["since"] or today.year
        if year > today.year:
            raise forms.ValidationError(_("Skriv i år eller et år som har vært."))
        return min(date(year, 1, 1), today)


class SignedForm(ActorNamesMixin):
    """An agreement with what people remember: with whom, until when."""

    title = forms.CharField(
        label=_("Navn"),
        required=False,
        max_length=150,
        help_text=_("Står det tomt, heter den «Avtale med …»."),
    )
    ends_on = forms.DateField(
        label=_("Gjelder til"),
        required=False,
        help_text=_("Tomt, hvis den gjelder til noen sier den opp."),
        widget=DateInput(),
    )
    file = pdf_field(_("PDF"))

    def __init__(self, *args: Any, actors: ActorNames, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = self.add_party_fields(actors, [])
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(_("Hvem er avtalen mellom?"), self.suggestions(), *parties),
            "title",
            "ends_on",
            "file",
            ButtonHolder(Submit("save", _("Legg til"))),
        )

    def facts(self) -> dict[str, Any]:
        kept = {name: self.cleaned_data[name] for name in ("title", "ends_on")}
        return {**kept, "kind": AgreementKind.COOPERATION}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.parties():
            self.add_error("party_1", _("Skriv hvem avtalen er med."))
        return cleaned


class SendForm(forms.Form):
    """Whom to send the sheet to: those who can be reached by e-mail."""

    people = forms.ModelMultipleChoiceField(
        label=_("Kolleger"),
        required=False,
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    organisations = forms.ModelMultipleChoiceField(
        label=_("Lag"),
        required=False,
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, people: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]
        self.fields["organisations"].queryset = organisations  # type: ignore[attr-defined]
        shown = [name for name, rows in (("people", people), ("organisations", organisations)) if rows]
        for name in set(self.fields) - set(shown):
            del self.fields[name]
        self.helper = FormHelper()
        self.helper.layout = Layout(*shown, ButtonHolder(Submit("save", _("Send"))))
