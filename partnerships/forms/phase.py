"""The steps of a partnership, its notes and its money."""

from copy import copy
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.forms.partnership import NO_NAMES
from partnerships.models import Grant, LogEntry
from partnerships.models.partnership import LogKind, Phase
from partnerships.services.log_entry import WRITTEN
from samskaping.core.forms import DateInput


def _words(label: Any, help_text: Any = "", *, length: int = 500) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
    )


class PhaseForm(forms.Form):
    phase = forms.ChoiceField(
        label=_("Fase"),
        choices=[(phase.value, phase.label) for phase in Phase if phase != Phase.ENDED],
        widget=forms.RadioSelect,
    )
    because = _words(_("Hvorfor?"), _("Trengs bare når dere går tilbake. Det er lov, og nyttig å vite."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("phase", "because", ButtonHolder(Submit("save", _("Lagre fasen"))))


class PauseForm(forms.Form):
    until = forms.DateField(
        label=_("Når tar dere det opp igjen?"),
        required=False,
        widget=DateInput,
        help_text=_("Da minner vi om det. La det stå tomt hvis dere ikke vet."),
    )
    because = _words(_("Hvorfor?"), _("Partene ser det i loggen."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("until", "because", ButtonHolder(Submit("save", _("Sett på pause"))))


class EndForm(forms.Form):
    ended_on = forms.DateField(label=_("Siste dag"), widget=DateInput)
    because = _words(
        _("Hva kan andre lære av det?"),
        _("Det som ikke gikk, er like nyttig å vite som det som gikk. Skriv ikke om enkeltpersoner."),
        length=1000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "ended_on", "because", ButtonHolder(Submit("save", _("Avslutt samarbeidet")))
        )


class LogForm(forms.Form):
    """Who, one line, the next date."""

    kind = forms.ChoiceField(
        label=_("Slag"),
        choices=[(kind.value, kind.label) for kind in WRITTEN],
        initial=LogKind.PHONE,
        widget=forms.RadioSelect,
    )
    who = forms.CharField(label=_("Hvem"), required=False, max_length=120)
    line = forms.CharField(
        label=_("Hva ble sagt"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), help_text=NO_NAMES
    )
    next_on = forms.DateField(label=_("Neste gang"), required=False, widget=DateInput)

    def __init__(self, *args: Any, entry: LogEntry | None = None, **kwargs: Any) -> None:
        if entry is not None:
            kwargs["initial"] = {name: getattr(entry, name) for name in ("who", "line", "next_on")}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.mark_optional = False
        kind = [] if entry else ["kind"]
        if entry is not None:
            del self.fields["kind"]
        self.helper.layout = Layout(
            *kind, Row("who", "next_on"), "line", ButtonHolder(Submit("save", _("Lagre notatet")))
        )


class GrantForm(EditingForm, forms.ModelForm):  # type: ignore[type-arg]
    """Made and changed by services.grant; the row here is never saved."""

    amount = forms.IntegerField(label=_("Kroner"), required=False, min_value=0, max_value=2_000_000_000)

    class Meta:
        model = Grant
        fields = ("source", "amount", "starts_on", "ends_on", "report_on")
        widgets: ClassVar[dict[str, Any]] = {
            "starts_on": DateInput,
            "ends_on": DateInput,
            "report_on": DateInput,
        }

    def __init__(self, *args: Any, grant: Grant | None = None, **kwargs: Any) -> None:
        # A copy: the form may write on its row before the service compares.
        version = grant.version if grant else 0
        super().__init__(*args, instance=copy(grant), version=version, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row("source", "amount"),
            Row("starts_on", "ends_on"),
            "report_on",
            "version",
            ButtonHolder(Submit("save", _("Lagre tilskuddet"))),
        )

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
