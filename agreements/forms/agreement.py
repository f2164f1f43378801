"""Registering and changing an agreement, finding one, and ending one."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement
from agreements.models.agreement import AgreementKind, AgreementOrigin
from agreements.selectors.agreement import STATE_LABELS
from partnerships.forms.actor_names import ActorNamesMixin
from partnerships.forms.editing import EditingForm
from partnerships.models import Partnership
from partnerships.selectors.actor_names import Actor, ActorNames
from samskaping.core.forms import DateInput

FACTS = ("kind", "title", "partnership", "signed_on", "starts_on", "ends_on", "notice_days")
ARCHIVE = ("case_number", "access_code", "legal_basis")
# Long enough for any municipality's budget year, and then some.
MOST_NOTICE_DAYS = 730
WITH_WHOM = _("Hvem er avtalen mellom?")


def pdf_field(label: Any) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=False,
        help_text=_("Den signerte avtalen, høyst 20 MB. Ligger den i sakssystemet, er det nok med datoene."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )


def _day_field(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=False, help_text=help_text, widget=DateInput())


class FactsForm(ActorNamesMixin):
    """What both registering and changing ask for."""

    kind = forms.ChoiceField(label=_("Slag"), choices=AgreementKind)
    title = forms.CharField(
        label=_("Navn"),
        required=False,
        max_length=150,
        help_text=_("Står det tomt, heter den «Avtale med …»."),
    )
    partnership = forms.ModelChoiceField(
        label=_("Hører til samarbeidet"),
        queryset=Partnership.objects.none(),
        required=False,
        empty_label=_("Ikke noe bestemt"),
    )
    signed_on = _day_field(_("Signert"))
    starts_on = _day_field(_("Gjelder fra"))
    ends_on = _day_field(_("Gjelder til"), _("Tomt, hvis den gjelder til noen sier den opp."))
    notice_days = forms.IntegerField(
        label=_("Minn oss på den så mange dager før"), min_value=1, max_value=MOST_NOTICE_DAYS, initial=90
    )

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*FACTS, *ARCHIVE) if name in self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("Sluttdatoen må komme etter startdatoen."))
        if not self.parties():
            self.add_error("party_1", _("Skriv hvem avtalen er med."))
        return cleaned

    def _layout(self, parties: list[str], *last: Any) -> Layout:
        return Layout(
            Fieldset(
                WITH_WHOM,
                self.suggestions(),
                *parties,
            ),
            Fieldset(
                _("Hvor lenge"), Row(*self._there("signed_on", "starts_on")), Row("ends_on", "notice_days")
            ),
            Fieldset(_("Hva"), *self._there("kind", "title", "partnership")),
            *last,
        )

    def _there(self, *names: str) -> list[str]:
        return [name for name in names if name in self.fields]

    def _choose_partnership(self, partnerships: QuerySet[Partnership]) -> None:
        self.fields["partnership"].queryset = partnerships  # type: ignore[attr-defined]
        self.fields["party_1"].help_text = _(
            "Lag, frivilligsentral eller enhet. Finnes det ikke her fra før, legges det inn som lag."
        )


class RegisterForm(FactsForm):
    file = pdf_field(_("PDF"))

    def __init__(
        self,
        *args: Any,
        actors: ActorNames,
        own: list[Actor],
        partnerships: QuerySet[Partnership],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        parties = self.add_party_fields(actors, own)
        self._choose_partnership(partnerships)
        self.helper = FormHelper()
        self.helper.layout = self._layout(
            parties, "file", ButtonHolder(Submit("save", _("Registrer avtalen")))
        )


class AgreementForm(FactsForm, EditingForm):
    case_number = forms.CharField(label=_("Saksnummer"), required=False, max_length=40)
    access_code = forms.CharField(
        label=_("Tilgangskode"),
        required=False,
        max_length=10,
        help_text=_("Bare når noe i avtalen er unntatt offentlighet."),
    )
    legal_basis = forms.CharField(label=_("Hjemmel for unntaket"), required=False, max_length=120)

    def __init__(
        self,
        *args: Any,
        agreement: Agreement,
        actors: ActorNames,
        partnerships: QuerySet[Partnership],
        for_the_town: bool,
        **kwargs: Any,
    ) -> None:
        initial = {name: getattr(agreement, name) for name in (*FACTS, *ARCHIVE)}
        super().__init__(*args, version=agreement.version, initial=initial, **kwargs)
        parties = self.add_party_fields(actors, _actors(agreement))
        self._choose_partnership(partnerships)
        if agreement.partnership_id and not partnerships.filter(pk=agreement.partnership_id).exists():
            # Another party's: she may not know of it, and keeps it as it is.
            del self.fields["partnership"]
        if agreement.origin == AgreementOrigin.PORTAL:
            # Its kind is its text's, and the day it was signed is the portal's to know.
            del self.fields["kind"], self.fields["signed_on"]
        archive = [Fieldset(_("Til arkivet"), Row("case_number", "access_code"), "legal_basis")]
        if not for_the_town:
            # The municipality's case, and its word on who may read it.
            archive = []
            for name in ARCHIVE:
                del self.fields[name]
        self.helper = FormHelper()
        self.helper.layout = self._layout(
            parties, *archive, "version", ButtonHolder(Submit("save", _("Lagre avtalen")))
        )

    def standing(self, current: Agreement) -> dict[str, Any]:
        facts = {name: getattr(current, name) for name in (*FACTS, *ARCHIVE)}
        return {**facts, **self.standing_parties(_actors(current))}


class FileForm(forms.Form):
    file = pdf_field(_("PDF"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = True
        self.helper = FormHelper()
        self.helper.layout = Layout("file", ButtonHolder(Submit("save", _("Bruk denne filen"))))


class EndForm(forms.Form):
    on = forms.DateField(label=_("Siste dag"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()
        self.helper = FormHelper()
        self.helper.layout = Layout("on", ButtonHolder(Submit("save", _("Avslutt avtalen"))))

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(
                _("Er den ikke slutt ennå, så endre «Gjelder til». Da blir dere minnet på det.")
            )
        return day


class AgreementsFilter(forms.Form):
    q = forms.CharField(label=_("Navn, part eller noe som står i avtalen"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("Slag"), required=False, choices=[("", _("Alle")), *AgreementKind.choices]
    )
    vis = forms.ChoiceField(
        label=_("Vis"),
        required=False,
        choices=[(state.value, label) for state, label in STATE_LABELS.items()],
    )


def _actors(agreement: Agreement) -> list[Actor]:
    parties = agreement.parties.select_related("unit", "centre", "organisation")
    return [party.actor for party in parties]
