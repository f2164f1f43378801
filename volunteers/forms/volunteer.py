"""Finding volunteers, taking somebody down as one, and what is kept about her."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.forms.fields import PhoneField
from partnerships.models import Offer
from partnerships.models.areas import Area
from partnerships.models.person import Channel
from samskaping.accounts.models import User
from samskaping.core.forms import DateInput
from volunteers.forms.languages import languages_field
from volunteers.models import Volunteer
from volunteers.models.volunteer import HowMuch, Language, LeavingReason, VolunteerState, WhenFree
from volunteers.selectors.keeper import Keeper, place_key

PRIVATE = _("Skriv ikke om helse, familie eller andre private forhold.")


class VolunteersFilter(forms.Form):
    q = forms.CharField(label=_("Navn"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Alle unntatt avsluttede")), *VolunteerState.choices],
    )
    place = forms.ChoiceField(label=_("Hører til"), required=False)
    interest = forms.ChoiceField(
        label=_("Interesse"), required=False, choices=[("", _("Alle")), *Area.choices]
    )
    language = forms.ChoiceField(
        label=_("Språk"), required=False, choices=[("", _("Alle")), *Language.choices]
    )
    how_much = forms.ChoiceField(
        label=_("Hvor mye"), required=False, choices=[("", _("Alle")), *HowMuch.choices]
    )
    free = forms.ChoiceField(
        label=_("Når det passer"), required=False, choices=[("", _("Alle")), *WhenFree.choices]
    )
    missing = forms.BooleanField(label=_("Mangler noe"), required=False)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if places:
            self.fields["place"].choices = [("", _("Alle")), *places]  # type: ignore[attr-defined]
        else:
            del self.fields["place"]


class _Reached(forms.Form):
    """Who she is and how she is reached; e-mail is one of four ways."""

    name = forms.CharField(
        label=_("Navn"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    channel = forms.ChoiceField(
        label=_("Vil nås på"), choices=Channel.choices, initial=Channel.EMAIL, widget=forms.RadioSelect
    )
    email = forms.EmailField(label=_("E-post"), required=False)
    phone = PhoneField(label=_("Telefon"), required=False)
    street = forms.CharField(label=_("Gateadresse"), required=False, max_length=120)
    postal_code = forms.CharField(
        label=_("Postnummer"),
        required=False,
        max_length=4,
        validators=[RegexValidator(r"^[0-9]{4}$", _("Et postnummer har fire sifre."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    post_town = forms.CharField(label=_("Poststed"), required=False, max_length=60)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def who(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in _Reached.base_fields}


class NewForm(_Reached):
    """As little as is needed to begin. The rest is asked when you talk."""

    offer = forms.ModelChoiceField(
        label=_("Skal være med på"),
        queryset=Offer.objects.none(),
        required=False,
        empty_label=_("Ikke bestemt ennå"),
    )
    begun = forms.BooleanField(label=_("Er allerede i gang hos dere"), required=False)
    how_much = forms.ChoiceField(
        label=_("Hvor mye?"),
        choices=[("", _("Vet ikke ennå")), *HowMuch.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    under_18 = forms.BooleanField(
        label=_("Er under 18 år"),
        required=False,
        help_text=_("Da trengs et ja fra en foresatt. Det fører du på neste side."),
    )

    def __init__(self, *args: Any, keeper: Keeper, offers: "QuerySet[Offer]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keeper = keeper
        self.fields["offer"].queryset = offers  # type: ignore[attr-defined]
        places = [(place_key(place), place.name) for place in keeper.places()]
        if places:
            self.fields["place"] = forms.ChoiceField(
                label=_("Hører til"),
                choices=[("", _("Kommunen, ingen bestemt enhet")), *places],
                required=False,
            )
        self.helper = FormHelper()
        # The page writes the tag around it: what is alike stands inside, with buttons of its own.
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(_("Hvem"), "name", *(["place"] if places else [])),
            Fieldset(
                _("Slik når dere den frivillige"),
                "channel",
                "email",
                "phone",
                "street",
                Row("postal_code", "post_town"),
            ),
            Fieldset(_("Hva og hvor mye"), "offer", "begun", "how_much", "under_18"),
        )

    def about(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "how_much": data["how_much"],
            **self.keeper.belongs(data.get("place", "")),
        }


class AboutForm(EditingForm):
    place = forms.ChoiceField(label=_("Hører til"), required=False)
    followed_by = forms.ModelChoiceField(
        label=_("Følges opp av"), queryset=User.objects.none(), required=False, empty_label=_("Ingen bestemt")
    )
    interests = forms.MultipleChoiceField(
        label=_("Vil gjerne være med på"),
        choices=Area.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    interests_words = forms.CharField(
        label=_("Noe annet den frivillige vil eller kan"), required=False, max_length=300, help_text=PRIVATE
    )
    motive = forms.CharField(
        label=_("Hvorfor den frivillige vil være med, med egne ord"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=PRIVATE,
    )
    languages = languages_field(label=_("Språk"))
    how_much = forms.ChoiceField(
        label=_("Hvor mye?"),
        choices=[("", _("Vet ikke ennå")), *HowMuch.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    free = forms.MultipleChoiceField(
        label=_("Når det passer"),
        choices=WhenFree.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    area_words = forms.CharField(label=_("Hvor det passer"), required=False, max_length=120)
    one_to_one = forms.BooleanField(
        label=_("Har oppdrag alene med én person"),
        required=False,
        help_text=_("Da følger dere opp litt oftere."),
    )

    def __init__(
        self,
        *args: Any,
        volunteer: Volunteer,
        keeper: Keeper,
        followers: "list[tuple[int, str]]",
        **kwargs: Any,
    ) -> None:
        names = (
            "interests",
            "interests_words",
            "motive",
            "languages",
            "how_much",
            "free",
            "area_words",
            "one_to_one",
        )
        initial = {name: getattr(volunteer, name) for name in names}
        initial["place"] = _place_of(volunteer)
        initial["followed_by"] = volunteer.followed_by_id
        super().__init__(*args, version=volunteer.version, **{"initial": initial, **kwargs})
        self.keeper = keeper
        places = [(place_key(place), place.name) for place in keeper.places()]
        if places:
            self.fields["place"].choices = [("", _("Kommunen, ingen bestemt enhet")), *places]  # type: ignore[attr-defined]
        else:
            del self.fields["place"]
        labels = dict(followers)
        follower: Any = self.fields["followed_by"]
        follower.queryset = User.objects.filter(pk__in=labels)
        follower.label_from_instance = lambda user: labels[user.pk]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "version",
            Fieldset(_("Om den frivillige"), "motive", "interests", "interests_words", "languages"),
            Fieldset(_("Når og hvor mye"), "how_much", "free", "area_words", "one_to_one"),
            Fieldset(_("Hos dere"), *(["place"] if places else []), "followed_by"),
            ButtonHolder(Submit("save", _("Lagre"))),
        )

    def standing(self, current: Any) -> dict[str, Any]:
        return {**super().standing(current), "place": _place_of(current)}

    def changes(self) -> dict[str, Any]:
        changes = {
            name: value for name, value in self.cleaned_data.items() if name not in ("version", "place")
        }
        if "place" in self.fields:
            changes |= {"unit": None, "centre": None, **self.keeper.belongs(self.cleaned_data["place"])}
        return changes


def _place_of(volunteer: Volunteer) -> str:
    return place_key(volunteer.unit or volunteer.centre)


class PauseForm(forms.Form):
    until = forms.DateField(
        label=_("Tilbake igjen"),
        required=False,
        widget=DateInput,
        help_text=_("La stå tomt når dere ikke vet det ennå. Dere trenger ikke skrive hvorfor."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("until", ButtonHolder(Submit("pause", _("Sett på pause"))))


class EndForm(forms.Form):
    on = forms.DateField(label=_("Siste dag"), widget=DateInput)
    reason = forms.ChoiceField(
        label=_("Hvorfor?"),
        choices=[("", _("Vil ikke si det")), *LeavingReason.choices],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Bare tall teller: hvor mange som slutter av hver grunn."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"on": today}, **kwargs})
        self.helper = FormHelper()
        self.helper.layout = Layout("on", "reason", ButtonHolder(Submit("end", _("Avslutt og takk"))))

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Velg i dag eller en dag som har vært."))
        return day

    def why(self) -> LeavingReason | None:
        chosen = self.cleaned_data["reason"]
        return LeavingReason(chosen) if chosen else None


class AssignmentForm(forms.Form):
    """Where she will help; the offers she is not at."""

    offer = forms.ModelChoiceField(label=_("Tilbud"), queryset=Offer.objects.none())
    task = forms.CharField(
        label=_("Oppgave"),
        required=False,
        max_length=100,
        help_text=_("Bare når det er mer enn å være med: «kjører», «leder turen»."),
    )
    begun = forms.BooleanField(label=_("Er allerede med der"), required=False)

    def __init__(self, *args: Any, offers: "QuerySet[Offer]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offer"].queryset = offers  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.layout = Layout("offer", "task", "begun", ButtonHolder(Submit("save", _("Legg til"))))


class GuardianForm(forms.Form):
    adult_from = forms.DateField(
        label=_("Fyller 18 år"),
        widget=DateInput,
        help_text=_("Dagen står her til den har vært. Fødselsdatoen lagres ikke."),
    )
    name = forms.CharField(label=_("Foresattes navn"), max_length=120)
    email = forms.EmailField(label=_("E-post"), required=False)
    phone = PhoneField(label=_("Telefon"), required=False)
    consented = forms.BooleanField(
        label=_("Den foresatte har sagt ja, på papir eller telefon"),
        required=False,
        help_text=_("Det noteres at det er du som fører det."),
    )
    # As the page had it when it was opened.
    said_yes = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, volunteer: Volunteer, **kwargs: Any) -> None:
        guardian = getattr(volunteer, "guardian", None)
        initial: dict[str, Any] = {"adult_from": volunteer.adult_from}
        if guardian is not None:
            initial |= {"name": guardian.name, "email": guardian.email, "phone": guardian.phone}
            initial["consented"] = initial["said_yes"] = guardian.consented_at is not None
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *("adult_from", "name", "email", "phone", "consented", "said_yes"),
            ButtonHolder(Submit("save", _("Lagre"))),
        )
