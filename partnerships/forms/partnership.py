"""Starting, finding and describing a partnership."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.models import Partnership
from partnerships.models.areas import Area, VoluntaryRole
from partnerships.models.partnership import Phase, Track
from partnerships.selectors.partnership_start import Actors
from samskaping.core.forms import DateInput, NameInput

NO_NAMES = _("Ikke skriv om helse, og ikke navn på dem som skal ta imot.")
WITH = ("with_1", "with_2", "with_3")


class PartnershipFilter(forms.Form):
    q = forms.CharField(label=_("Søk"), required=False, max_length=80)
    phase = forms.ChoiceField(label=_("Fase"), required=False, choices=[("", _("Alle")), *Phase.choices])
    area = forms.ChoiceField(label=_("Område"), required=False, choices=[("", _("Alle")), *Area.choices])
    party = forms.CharField(
        label=_("Part"), required=False, max_length=150, widget=NameInput(reverse_lazy("party_names"))
    )
    track = forms.ChoiceField(label=_("Spor"), required=False, choices=[("", _("Alle")), *Track.choices])
    paused = forms.BooleanField(label=_("På pause"), required=False)


class StartForm(forms.Form):
    """Three answers: what, with whom, and from which set-up. The rest can wait."""

    title = forms.CharField(
        label=_("Hva vil dere gjøre sammen?"), max_length=150, help_text=_("For eksempel «Turgruppe på Nes».")
    )
    running_since = forms.IntegerField(
        label=_("Er det i gang allerede? Siden hvilket år?"),
        required=False,
        min_value=1900,
        help_text=_("La det stå tomt når det er noe nytt."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(
        self, *args: Any, actors: Actors, templates: list[tuple[str, str]], this_year: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._actors = actors
        self.fields["running_since"].validators.append(_not_after(this_year))
        sides = actors.own_choices()
        if len(sides) > 1:
            self.fields["own"] = forms.ChoiceField(
                label=_("Hvem starter du det for?"), choices=sides, required=False
            )
        for nth, name in enumerate(WITH):
            self.fields[name] = forms.CharField(
                label=_("Hvem gjør dere det sammen med?") if nth == 0 else _("Og"),
                required=False,
                max_length=150,
                widget=forms.TextInput(attrs={"list": "actors", "autocomplete": "off"}),
                help_text=_("Begynn på navnet, og velg. Flere kan spørres siden.") if nth == 0 else "",
            )
        self.fields["template"] = forms.ChoiceField(
            label=_("Hva vil dere begynne med?"),
            choices=templates,
            # The empty one stands last: whoever reads past this gets nothing that is not theirs.
            initial=templates[-1][0],
            widget=forms.RadioSelect,
        )
        self.helper = FormHelper()
        self.helper.mark_optional = False
        own = ["own"] if "own" in self.fields else []
        self.helper.layout = Layout(
            "title",
            *own,
            *WITH,
            "template",
            "running_since",
            ButtonHolder(Submit("start", _("Start samarbeidet"))),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["others"] = []
        for name in WITH:
            typed = data.get(name, "")
            if not typed:
                continue
            found = self._actors.named(typed)
            if found is not None:
                data["others"].append(found)
            elif self._actors.may_add:
                data.setdefault("new", []).append(" ".join(typed.split()))
            else:
                self.add_error(
                    name,
                    _("Vi finner ikke denne i kommunen. Be koordinatoren legge den inn."),
                )
        return data


class PartnershipForm(EditingForm):
    title = forms.CharField(label=_("Navn"), max_length=150)
    purpose = forms.CharField(
        label=_("Hva vi vil oppnå"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=NO_NAMES,
    )
    areas = forms.MultipleChoiceField(
        label=_("Områder"), required=False, choices=Area.choices, widget=forms.CheckboxSelectMultiple
    )
    voluntary_role = forms.ChoiceField(
        label=_("Frivillighetens rolle"),
        required=False,
        choices=[("", _("Ikke valgt")), *VoluntaryRole.choices],
        widget=forms.RadioSelect,
    )
    running_since = forms.DateField(label=_("Har gått siden"), required=False, widget=DateInput)

    def __init__(self, *args: Any, instance: Partnership, **kwargs: Any) -> None:
        initial = {name: getattr(instance, name) for name in self.base_fields if name != "version"}
        super().__init__(*args, version=instance.version, initial=initial, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "title",
            "purpose",
            Fieldset(_("Hva det gjelder"), "areas", "voluntary_role", "running_since"),
            "version",
            ButtonHolder(Submit("save", _("Lagre"))),
        )

    def changes(self) -> dict[str, Any]:
        changed = {name: self.cleaned_data[name] for name in self.base_fields if name != "version"}
        changed["title"] = " ".join(changed["title"].split())
        return changed


def _not_after(this_year: int) -> Any:
    def check(value: int) -> None:
        if value > this_year:
            raise ValidationError(_("Velg et år som har vært."))

    return check
