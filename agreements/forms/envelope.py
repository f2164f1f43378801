"""Who is asked to sign, in what order and by when; and signing on paper."""

from collections.abc import Collection, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from agreements.control_code import read
from agreements.forms.signing import full_name
from agreements.models import AgreementParty, FrozenDocument
from agreements.models.envelope import OFFERED_FLOORS, Floor
from agreements.selectors.envelope import Candidate
from partnerships.forms.fields import PhoneField
from samskaping.core.forms import DateInput

HERSELF, COPY = "self", "copy"
_DETAILS = '<details class="ds-details"><summary>{}</summary><div class="stack">'


class EnvelopeForm(forms.Form):
    """`version` is the draft's as the page was opened: another is not sent unread."""

    in_order = forms.BooleanField(
        label=_("Én etter én"),
        required=False,
        help_text=_("Ellers blir alle spurt med en gang."),
    )
    deadline = forms.DateField(label=_("Frist"), required=False, widget=DateInput)
    message = forms.CharField(
        label=_("Hilsen til dem som signerer"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Fieldset(_("Hvordan"), "in_order", "deadline", "message"), "version")

    def clean_deadline(self) -> Any:
        day = self.cleaned_data["deadline"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("Velg en dag som kommer."))
        return day


class AskedForm(forms.Form):
    """One who is asked: somebody from the list, or somebody new by her name and address. May stand empty.

    `may_name`: the parties that whoever fills it in speaks for.
    """

    side = forms.ChoiceField(label=_("For hvem"))
    person = forms.ChoiceField(label=_("Hvem"), required=False)
    role = forms.CharField(
        label=_("Rolle"), max_length=80, required=False, help_text=_("For eksempel «leder».")
    )
    name = forms.CharField(label=_("Navn"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-post"), required=False)
    phone = PhoneField(label=_("Mobilnummer"), required=False)
    number = forms.IntegerField(label=_("Rekkefølge"), min_value=1, max_value=50, initial=1)
    floor = forms.ChoiceField(
        label=_("Må minst signere med"),
        choices=[(floor, floor.label) for floor in OFFERED_FLOORS],
        initial=Floor.CODE,
    )

    def __init__(
        self,
        *args: Any,
        parties: Sequence[AgreementParty],
        people: Sequence[Candidate],
        legend: Any,
        may_name: Collection[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._parties = {str(party.pk): party for party in parties}
        self._people = {str(one.person.pk): one.person for one in people}
        # The list's own come first, and after them those who stood there.
        self._roles = {str(one.person.pk): one.role for one in reversed(people)}
        self._pairs = {(one.person.pk, one.party.pk) for one in people if one.party is not None}
        self._may_name = may_name
        sides: Any = self.fields["side"]
        sides.choices = [
            *((key, party.actor.name) for key, party in self._parties.items()),
            (HERSELF, _("Seg selv")),
            (COPY, _("Ingen, får bare kopi")),
        ]
        chosen: Any = self.fields["person"]
        chosen.choices = [("", _("En annen, eller ingen")), *_named(people)]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Fieldset(
                legend,
                Row("side", "person"),
                Row("role", "number"),
                HTML(format_html(_DETAILS, _("En annen enn dem på lista, eller en sikrere måte"))),
                "name",
                Row("email", "phone"),
                "floor",
                HTML("</div></details>"),
            )
        )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("name") and not given.get("person"):
            if not (given.get("email") or given.get("phone")):
                self.add_error("email", _("Skriv en e-postadresse eller et mobilnummer."))
        elif (given.get("email") or given.get("phone")) and not given.get("person"):
            self.add_error("name", _("Skriv navnet."))
        if not self.errors and self.is_used and not self._is_for_her_to_say():
            self.add_error(
                "person",
                _("Velg en av dem på lista som hører til parten, eller be dem selv si hvem som signerer."),
            )
        return given

    def _is_for_her_to_say(self) -> bool:
        """Who signs for another side is one of those it has here already: nobody makes up a person for it."""
        party = self.party
        if party is None or party.pk in self._may_name:
            return True
        return self.known is not None and (self.known.pk, party.pk) in self._pairs

    @property
    def is_used(self) -> bool:
        return bool(self.cleaned_data.get("person") or self.cleaned_data.get("name"))

    @property
    def party(self) -> AgreementParty | None:
        return self._parties.get(self.cleaned_data["side"])

    @property
    def role_or_known(self) -> str:
        """As she wrote it, else what the list says of whoever she chose."""
        return self.cleaned_data["role"] or self._roles.get(self.cleaned_data.get("person", ""), "")[:80]

    @property
    def known(self) -> Any:
        """The person that was chosen; None for somebody new."""
        return self._people.get(self.cleaned_data.get("person", ""))


def _named(people: Sequence[Candidate]) -> list[tuple[str, str]]:
    names: dict[str, str] = {}
    for one in people:
        of = one.party.actor.name if one.party is not None else ""
        beside = ", ".join(part for part in (one.role, of) if part)
        names.setdefault(str(one.person.pk), f"{one.person.name} ({beside})" if beside else one.person.name)
    return list(names.items())


class VoidForm(forms.Form):
    because = forms.CharField(
        label=_("Hvorfor?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Alle som er spurt, får lese dette. Det som er signert, gjelder ikke lenger."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("because", ButtonHolder(Submit("void", _("Trekk den tilbake"))))


class PaperForm(forms.Form):
    """The scan, and the code that shows that it is this very agreement."""

    scan = forms.FileField(
        label=_("Skannet avtale"),
        help_text=_("Alle sidene som én PDF, høyst 20 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    code = forms.CharField(
        label=_("Kontrollkoden"), max_length=60, help_text=_("Den står nederst på hver side av papiret.")
    )
    name = forms.CharField(label=_("Navnet som står på papiret"), max_length=120)
    signed_on = forms.DateField(label=_("Datoen på papiret"), widget=DateInput)
    attest = forms.BooleanField(
        label=_("Jeg har fått papiret av personen selv, og skanningen er hele avtalen."),
        error_messages={"required": _("Kryss av for at du har fått papiret.")},
    )

    def __init__(self, *args: Any, document: FrozenDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._document = document
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "scan",
            "code",
            "name",
            "signed_on",
            "attest",
            ButtonHolder(Submit("add", _("Legg inn signaturen"))),
        )

    def clean_code(self) -> str:
        code = read(self.cleaned_data["code"])
        if code != self._document.control_code:
            raise forms.ValidationError(
                _("Koden hører ikke til denne avtalen. Se om papiret er fra en tidligere sending.")
            )
        return code

    def clean_name(self) -> str:
        return full_name(self.cleaned_data["name"])

    def clean_signed_on(self) -> Any:
        day = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Datoen kan ikke være i framtiden."))
        if day < timezone.localdate(self._document.frozen_at):
            raise forms.ValidationError(_("Papiret fantes ikke før avtalen ble sendt. Se på datoen igjen."))
        return day
