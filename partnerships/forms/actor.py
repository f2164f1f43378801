"""What stands about an organisation, a centre or a unit, as those who write it are asked."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.forms.fields import PhoneField
from partnerships.icnpo import category_name, grouped_choices, main_groups
from partnerships.models import Organisation, Unit, VolunteerCentre
from partnerships.models.actors import CentreOwnership, CentreProfile, OrganisationKind
from partnerships.models.areas import Area
from partnerships.organisation_number import normal_organisation_number, shown_organisation_number
from partnerships.selectors.actor import NO_AREA, same_name
from partnerships.services.actor_edit import CONDITIONS
from samskaping.core.models import Municipality

_WARNING = _("Skriv ikke om helse eller om enkeltpersoner her. Alle som arbeider i kommunen, kan lese det.")
_WAYS = ("email", "phone", "website", "street", "postal_code", "post_town")
_ANSWERS = (("", _("Ikke besvart")), ("True", _("Ja")), ("False", _("Nei, ikke ennå")))


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=1000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ActorForm(EditingForm):
    """What the three have in common."""

    name = forms.CharField(label=_("Navn"), max_length=150)
    about = _text(_("Om"), _WARNING)
    areas = forms.MultipleChoiceField(
        label=_("Områder"), choices=Area, required=False, widget=forms.CheckboxSelectMultiple
    )
    email = forms.EmailField(
        label=_("E-post"), required=False, help_text=_("En felles adresse, ikke en persons.")
    )
    phone = PhoneField(label=_("Telefon"), required=False)
    website = forms.URLField(label=_("Nettside"), required=False, assume_scheme="https", max_length=200)
    street = forms.CharField(label=_("Gateadresse"), required=False, max_length=120)
    postal_code = forms.RegexField(
        r"^[0-9]{4}$",
        label=_("Postnummer"),
        required=False,
        max_length=4,
        error_messages={"invalid": _("Et postnummer har fire sifre.")},
    )
    post_town = forms.CharField(label=_("Poststed"), required=False, max_length=60)

    def __init__(self, *args: Any, municipality: Municipality, actor: Any = None, **kwargs: Any) -> None:
        self.municipality, self.actor = municipality, actor
        initial = {**(self.standing_of(actor) if actor else {}), **kwargs.pop("initial", {})}
        super().__init__(*args, version=actor.version if actor else 0, initial=initial, **kwargs)
        self.helper = FormHelper()

    @classmethod
    def standing_of(cls, actor: Any) -> dict[str, Any]:
        return {name: getattr(actor, name) for name in cls.base_fields if hasattr(actor, name)}

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def fields_given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def _ways(self) -> Fieldset:
        return Fieldset(
            _("Slik nås de"),
            Row("email", "phone"),
            "website",
            "street",
            Row("postal_code", "post_town"),
        )

    def _save(self) -> ButtonHolder:
        return ButtonHolder(Submit("save", _("Lagre")))


class OrganisationForm(ActorForm):
    number = forms.CharField(
        label=_("Organisasjonsnummer"),
        required=False,
        max_length=20,
        help_text=_("Ni sifre. La det stå tomt når laget ikke har noe."),
    )
    kind = forms.ChoiceField(label=_("Slag"), choices=OrganisationKind)
    icnpo = forms.ChoiceField(label=_("Kategori"), required=False)
    language = forms.ChoiceField(label=_("Målform"), choices=[("nb", "Bokmål"), ("nn", "Nynorsk")])
    values = _text(_("Det vi står for"))
    decision_path = _text(_("Slik bestemmer vi"), _("Hvem avgjør, og hvor ofte møtes de?"))
    pace = _text(_("Tempoet vårt"), _("Når passer det å bli spurt, og hvor lang tid trenger dere?"))
    is_another = forms.BooleanField(label=_("Dette er et annet lag med samme navn"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["icnpo"].choices = [("", _("Ikke valgt")), *self._categories()]  # type: ignore[attr-defined]
        number = self.initial.get("number") or ""
        # What was asked for in the address may be no number, and is hers to mend.
        self.initial["number"] = shown_organisation_number(normal_organisation_number(number)) or number
        self.initial.setdefault("language", "nn" if self.municipality.language == "nn" else "nb")
        asks = [] if not self.is_bound or not self._same() else ["is_another"]
        if not asks:
            del self.fields["is_another"]
        self.helper.layout = Layout(
            Fieldset(_("Hvem"), "name", *asks, "number", Row("kind", "icnpo"), "language", "areas"),
            Fieldset(
                _("Slik er vi"),
                HTML(
                    format_html(
                        '<p class="muted">{}</p>', _("Med egne ord, for dem som skal samarbeide med dere.")
                    )
                ),
                "about",
                "values",
                "decision_path",
                "pace",
            ),
            self._ways(),
            "version",
            self._save(),
        )

    def _categories(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What stands may be a whole main group; then it is there to keep."""
        code = str(self.initial.get("icnpo") or "")
        whole = [(category_name(code), [(code, category_name(code))])] if 0 < len(code) < 3 else []
        return [*whole, *grouped_choices()]

    def _same(self) -> list[Organisation]:
        return same_name(
            self.data.get(self.add_prefix("name"), ""),
            self.municipality,
            but=self.actor.pk if self.actor else None,
        )

    def clean_number(self) -> str | None:
        typed = self.cleaned_data["number"].strip()
        if not typed:
            return None
        number = normal_organisation_number(typed)
        if not number:
            raise ValidationError(_("Dette er ikke et gyldig organisasjonsnummer. Se etter en gang til."))
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "is_another" in self.fields and not data.get("is_another"):
            same = self._same()[0]
            if same.name_key != (self.actor.name_key if self.actor else ""):
                self.add_error(
                    "name",
                    _("«%(name)s» er lagt inn fra før. Er dette et annet lag, så kryss av for det.")
                    % {"name": same.name},
                )
        return data

    def fields_given(self) -> dict[str, Any]:
        return {name: value for name, value in super().fields_given().items() if name != "is_another"}


class CentreForm(ActorForm):
    ownership = forms.ChoiceField(label=_("Hvem eier sentralen?"), choices=CentreOwnership)
    profile = forms.ChoiceField(
        label=_("Hvordan arbeider dere?"),
        choices=CentreProfile,
        help_text=_("Bindeledd mellom frivillige og andre, egne tilbud, eller begge deler."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, question in CONDITION_QUESTIONS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=question,
                choices=_ANSWERS,
                required=False,
                coerce=lambda value: value == "True",
                empty_value=None,
                initial=getattr(self.actor, name) if self.actor else None,
            )
        self.helper.layout = Layout(
            Fieldset(_("Hvem"), "name", Row("ownership", "profile"), "areas", "about"),
            Fieldset(
                _("Det statstilskuddet spør om"),
                HTML(
                    format_html(
                        '<p class="muted">{}</p>',
                        _("Til hjelp for dere selv. Ingen ting stopper av et nei."),
                    )
                ),
                *CONDITION_QUESTIONS,
            ),
            self._ways(),
            "version",
            self._save(),
        )


CONDITION_QUESTIONS = dict(
    zip(
        CONDITIONS,
        (
            _("Har dere et rådgivende organ der frivillige er med?"),
            _("Har dere eget regnskap og egen årsmelding?"),
            _("Har dere lokaler som passer?"),
            _("Har dere minst ett årsverk?"),
            _("Kommer minst 40 prosent av pengene lokalt?"),
        ),
        strict=True,
    )
)


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Many places have an «Avdeling 1»: told apart by what they lie under."""

    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj.name} ({obj.parent.name})" if obj.parent else obj.name


class UnitForm(ActorForm):
    parent = UnitChoice(Unit.objects.none(), label=_("Ligger under"), required=False, empty_label=_("Øverst"))

    def __init__(self, *args: Any, parents: Any, must_be_under: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents.select_related("parent")  # type: ignore[attr-defined]
        self.fields["parent"].required = must_be_under
        self.helper.layout = Layout(
            Fieldset(_("Hvem"), "name", "parent", "areas", "about"), self._ways(), "version", self._save()
        )


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Navn"), max_length=120, help_text=_("For- og etternavn."))
    title = forms.CharField(
        label=_("Rolle"), max_length=80, required=False, help_text=_("For eksempel leder.")
    )
    phone = PhoneField(label=_("Telefon"), required=False)
    email = forms.EmailField(label=_("E-post"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.mark_optional = False
        told = _("Si fra til den det gjelder, at navnet står her. Alle som arbeider i kommunen, ser det.")
        self.helper.layout = Layout(
            HTML(format_html('<p class="muted">{}</p>', told)),
            "name",
            "title",
            Row("phone", "email"),
            ButtonHolder(Submit("save", _("Legg til kontakten"))),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not (data.get("phone") or data.get("email")):
            self.add_error("phone", _("Skriv et telefonnummer eller en e-postadresse."))
        return data


class ActorsFilter(forms.Form):
    q = forms.CharField(label=_("Navn"), required=False, max_length=80)
    area = forms.ChoiceField(
        label=_("Område"),
        required=False,
        choices=[("", _("Alle")), *Area.choices, (NO_AREA, _("Ikke oppgitt"))],
    )


class OrganisationsFilter(ActorsFilter):
    kind = forms.ChoiceField(
        label=_("Slag"), required=False, choices=[("", _("Alle")), *OrganisationKind.choices]
    )
    category = forms.ChoiceField(label=_("Kategori"), required=False)
    together = forms.ChoiceField(
        label=_("Samarbeid"),
        required=False,
        choices=[("", _("Alle")), ("yes", _("Med i samarbeid nå")), ("no", _("Ikke med i noe nå"))],
    )
    ended = forms.BooleanField(label=_("Vis de avsluttede"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].label = _("Navn eller nummer")
        self.fields["category"].choices = [("", _("Alle")), *main_groups()]  # type: ignore[attr-defined]


class NumberForm(forms.Form):
    """First the number: the rest may be known already."""

    number = forms.CharField(label=_("Organisasjonsnummer"), max_length=20)


FORMS: dict[type[Any], type[ActorForm]] = {
    Organisation: OrganisationForm,
    VolunteerCentre: CentreForm,
    Unit: UnitForm,
}
