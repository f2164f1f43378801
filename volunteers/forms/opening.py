"""Looking for somebody, as who runs the offer writes it."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Fieldset, Layout, Submit
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from samskaping.core.forms import DateInput
from volunteers.forms.languages import languages_field
from volunteers.models import Opening
from volunteers.models.volunteer import HowMuch

FIELDS = ("title", "about", "how_much", "languages", "wanted", "for_young", "closes_on")


class OpeningForm(EditingForm):
    title = forms.CharField(
        label=_("Hva kan man gjøre?"),
        max_length=120,
        help_text=_("Begynn med et verb: «Koke kaffe på torsdager», «Gå tur med en som trenger følge»."),
    )
    about = forms.CharField(
        label=_("Litt mer om det"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Alle kan lese dette. Ikke skriv navn på noen, og ikke om helse."),
    )
    how_much = forms.ChoiceField(label=_("Hvor mye?"), choices=HowMuch.choices, widget=forms.RadioSelect)
    wanted = forms.IntegerField(
        label=_("Hvor mange trenger dere?"),
        min_value=1,
        max_value=500,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    languages = languages_field(
        label=_("Språk som trengs"), help_text=_("La det stå tomt når det ikke betyr noe.")
    )
    for_young = forms.BooleanField(label=_("Passer også for unge under 18"), required=False)
    closes_on = forms.DateField(
        label=_("Frist"),
        required=False,
        widget=DateInput,
        help_text=_("Tas ned av seg selv etter denne dagen."),
    )
    at_once = forms.BooleanField(
        label=_("Man kan begynne uten samtale først"),
        required=False,
        help_text=_("Med navn, adresse og en kode er den frivillige med. Dere får vite det med en gang."),
    )

    def __init__(self, *args: Any, opening: Opening | None, light: bool, **kwargs: Any) -> None:
        now = opening or Opening()
        initial = {name: getattr(now, name) for name in (*FIELDS, "at_once")}
        super().__init__(*args, version=now.version, initial=initial, **kwargs)
        if not light:
            del self.fields["at_once"]
        first_talk: Any = "at_once" if light else HTML(format_html('<p class="muted">{}</p>', NOT_LIGHT))
        button = _("Lagre") if opening else _("Legg ut")
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "title",
            "about",
            "how_much",
            "wanted",
            Fieldset(_("Hvem det passer for"), "languages", "for_young", "closes_on"),
            Fieldset(_("Før man begynner"), first_talk),
            "version",
            ButtonHolder(Submit("save", button)),
        )

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def changes(self) -> dict[str, Any]:
        """What is not light any more begins with a talk again."""
        return {
            **{name: self.cleaned_data[name] for name in FIELDS},
            "at_once": self.cleaned_data.get("at_once", False),
        }


NOT_LIGHT = _(
    "De som melder seg, får en samtale med dere først. Når «Kan frivillige gjøre dette?» er besvart med ja, "
    "og tilbudet ikke stiller krav, kan dere velge at folk begynner uten."
)
