"""Starting, finding and describing a process."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.forms.lines import CARE
from partnerships.models import CodesignProcess, Person
from partnerships.models.codesign import Duration, ProcessState
from partnerships.selectors.partnership_start import Actors

TEXTS = ("mandate", "promises")
FIELDS = ("title", "target_group", "duration", *TEXTS, "convener", "channel_name", "channel_url")


class ProcessFilter(forms.Form):
    q = forms.CharField(label=_("Søk"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Alle")), *ProcessState.choices]
    )
    duration = forms.ChoiceField(
        label=_("Varighet"), required=False, choices=[("", _("Alle")), *Duration.choices]
    )


class ProcessStartForm(forms.Form):
    """A name is enough. The rest is easier to write together."""

    title = forms.CharField(
        label=_("Hva vil dere utvikle sammen?"),
        max_length=150,
        help_text=_("For eksempel «Måltider med noen å spise sammen med»."),
    )
    problem = forms.CharField(
        label=_("Hva handler det om?"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Slik dere ser det nå. Gruppa ser på det sammen og endrer det."),
    )
    target_group = forms.CharField(label=_("Hvem er det for?"), required=False, max_length=300)

    def __init__(self, *args: Any, actors: Actors, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sides = actors.own_choices()
        own = ["own"] if len(sides) > 1 else []
        if own:
            self.fields["own"] = forms.ChoiceField(label=_("Hvem inviterer?"), choices=sides, required=False)
        # An organisation or a centre is nobody's front: what it starts, it starts itself.
        from_citizen = (
            ["from_citizen"] if actors.whole or any(s.startswith("unit") for s, _n in sides) else []
        )
        if from_citizen:
            self.fields["from_citizen"] = forms.BooleanField(
                label=_("En innbygger tok initiativet"), required=False
            )
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.layout = Layout(
            "title",
            *own,
            "problem",
            "target_group",
            *from_citizen,
            ButtonHolder(Submit("start", _("Start prosessen"))),
        )


class ProcessForm(EditingForm):
    title = forms.CharField(label=_("Navn"), max_length=150)
    target_group = forms.CharField(label=_("Hvem det er for"), required=False, max_length=300)
    duration = forms.ChoiceField(label=_("Varighet"), choices=Duration.choices, widget=forms.RadioSelect)
    convener = forms.ModelChoiceField(
        label=_("Hvem deltakerne kan ringe"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("Ikke valgt"),
    )
    channel_name = forms.CharField(
        label=_("Gruppas egen kanal"),
        required=False,
        max_length=80,
        help_text=_("Har dere en gruppe på SMS, Signal eller et annet sted? En lenke er nok."),
    )
    channel_url = forms.URLField(
        label=_("Lenke til kanalen"), required=False, max_length=400, assume_scheme="https"
    )

    def __init__(
        self, *args: Any, process: CodesignProcess, people: QuerySet[Person] | None, **kwargs: Any
    ) -> None:
        """`people`: whom to choose among as the group's contact; None for who does not choose."""
        initial = {name: getattr(process, name) for name in FIELDS}
        super().__init__(*args, version=process.version, initial=initial, **kwargs)
        contact = []
        if people is None:
            del self.fields["convener"]
        else:
            self.fields["convener"].queryset = people  # type: ignore[attr-defined]
            contact = ["convener"]
        for name in TEXTS:
            field: Any = CodesignProcess._meta.get_field(name)
            self.fields[name] = forms.CharField(
                label=capfirst(str(field.verbose_name)),
                required=False,
                max_length=field.max_length,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.fields["mandate"].help_text = _("Og hva dere ikke kan bestemme, så ingen blir skuffet siden.")
        self.fields["promises"].help_text = CARE
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "title",
            "target_group",
            "duration",
            Fieldset(_("Handlingsrom"), *TEXTS),
            Fieldset(_("Kontakt med gruppa"), *contact, Row("channel_name", "channel_url")),
            "version",
            ButtonHolder(Submit("save", _("Lagre"))),
        )

    def changes(self) -> dict[str, Any]:
        changed = {name: self.cleaned_data[name] for name in FIELDS if name in self.fields}
        changed["title"] = " ".join(changed["title"].split())
        return changed
