"""What a volunteer says of herself, a pause, and the end."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.models.areas import Area
from samskaping.core.forms import DateInput
from volunteers.forms.languages import languages_field
from volunteers.models import Volunteer
from volunteers.models.volunteer import HowMuch, LeavingReason, WhenFree

NAMES = ("interests", "interests_words", "languages", "how_much", "free", "area_words", "motive")


class OwnForm(EditingForm):
    interests = forms.MultipleChoiceField(
        label=_("Hva vil du være med på?"),
        required=False,
        choices=Area.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    interests_words = forms.CharField(label=_("Noe annet du vil eller kan"), required=False, max_length=300)
    how_much = forms.ChoiceField(
        label=_("Hvor mye passer det?"),
        required=False,
        choices=[("", _("Vet ikke")), *HowMuch.choices],
        widget=forms.RadioSelect,
    )
    free = forms.MultipleChoiceField(
        label=_("Når passer det?"),
        required=False,
        choices=WhenFree.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    area_words = forms.CharField(label=_("Hvor passer det?"), required=False, max_length=120)
    languages = languages_field(label=_("Språk du snakker"))
    motive = forms.CharField(
        label=_("Hvorfor du er med, med dine egne ord"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Skriv ikke om helse eller private forhold, verken dine egne eller andres."),
    )
    hide_contact = forms.BooleanField(
        label=_("Skjul kontaktopplysningene mine"),
        required=False,
        help_text=_(
            "Da ser bare de som følger deg opp, telefon og e-post, og det blir notert når de åpner dem."
        ),
    )

    def __init__(self, *args: Any, volunteer: Volunteer, **kwargs: Any) -> None:
        initial = {name: getattr(volunteer, name) for name in NAMES}
        initial["hide_contact"] = volunteer.person.hide_contact
        super().__init__(*args, version=volunteer.version, initial=initial, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *("interests", "interests_words", "how_much", "free", "area_words", "languages", "motive"),
            *("hide_contact", "version"),
            ButtonHolder(Submit("save", _("Lagre"))),
        )

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in NAMES}


class OwnPauseForm(forms.Form):
    until = forms.DateField(
        label=_("Når er du tilbake?"),
        required=False,
        widget=DateInput,
        help_text=_("La stå tomt hvis du ikke vet. Du trenger ikke si hvorfor."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.layout = Layout("until", ButtonHolder(Submit("pause", _("Ta pause"))))


class OwnEndForm(forms.Form):
    on = forms.DateField(label=_("Siste dag"), widget=DateInput)
    reason = forms.ChoiceField(
        label=_("Vil du si hvorfor?"),
        required=False,
        # What staff say of somebody who never began is not hers to choose.
        choices=[
            ("", _("Vil ikke si det")),
            *(choice for choice in LeavingReason.choices if choice[0] not in ("not_taken", "other")),
            (LeavingReason.OTHER.value, _("Noe annet")),
        ],
        widget=forms.RadioSelect,
        help_text=_("De som følger deg opp, kan se svaret. I tall vises det når minst fem har svart det."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(on=today, reason="")
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.layout = Layout("on", "reason", ButtonHolder(Submit("end", _("Avslutt"))))
