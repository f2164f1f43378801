"""What participants write, and what the convener writes about them."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import PhoneField
from partnerships.models import Organisation, Participant
from partnerships.models.participant import Side
from partnerships.models.person import Channel
from partnerships.services.participant_invite import Somebody
from samskaping.accounts.forms.fields import OnceMixin
from samskaping.accounts.models.user import LANGUAGES
from samskaping.core.forms import DateInput
from samskaping.core.sms import normal_number


class FindForm(OnceMixin, forms.Form):
    who = forms.CharField(
        label=_("E-post eller mobilnummer"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        send = Submit("send", _("Send meg lenken"), data_fullwidth="true")
        self.helper.layout = Layout("who", ButtonHolder(send))

    def clean_who(self) -> str:
        typed: str = self.cleaned_data["who"].strip()
        if "@" in typed:
            return str(forms.EmailField().clean(typed)).lower()
        number = normal_number(typed)
        if not number:
            raise forms.ValidationError(_("Skriv hele e-postadressen, eller et mobilnummer med åtte sifre."))
        return number


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Vil du være med?"),
        choices=[("yes", _("Ja, jeg vil være med")), ("no", _("Nei takk"))],
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(
        label=_("De andre i gruppa kan se fornavnet mitt"),
        required=False,
        help_text=_("Du kan ombestemme deg når du vil."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        send = Submit("send", _("Send svaret"), data_fullwidth="true")
        self.helper.layout = Layout("answer", "consent", ButtonHolder(send))


class InviteForm(forms.Form):
    """Whom to ask. The fields after the address are for those who are new to the portal."""

    name = forms.CharField(label=_("Navn"), max_length=120)
    side = forms.ChoiceField(label=_("Kommer som"), choices=Side.choices, widget=forms.RadioSelect)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Fra hvilket lag?"), required=False, empty_label=_("Ingen")
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
    language = forms.ChoiceField(label=_("Språk"), choices=LANGUAGES, widget=forms.RadioSelect)
    joined = forms.BooleanField(
        label=_("Har sagt ja allerede"),
        required=False,
        help_text=_("Da sendes ingen invitasjon. Det noteres at du svarte på vegne av personen."),
    )

    def __init__(
        self, *args: Any, organisations: QuerySet[Organisation], language: str, side: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        self.initial = {"language": language, "side": side}
        names = ["name", "side", "organisation"]
        if not organisations.exists():
            del self.fields["organisation"]
            names.remove("organisation")
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(_("Hvem"), *names),
            Fieldset(_("Slik når vi personen"), "channel", "email", "phone"),
            Fieldset(_("Postadresse, for brev"), "street", Row("postal_code", "post_town")),
            Fieldset(_("Til slutt"), "language", "joined"),
            ButtonHolder(Submit("invite", _("Send invitasjonen"))),
        )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        needs = {Channel.EMAIL: ("email",), Channel.LETTER: ("street", "postal_code", "post_town")}
        for field in needs.get(given.get("channel", ""), ("phone",)):
            if not given.get(field) and field not in self.errors:
                self.add_error(field, _("Dette trenger vi for å nå personen slik du har valgt."))
        return given

    def who(self) -> Somebody:
        given = self.cleaned_data
        details = ("street", "postal_code", "post_town", "language", "channel")
        return Somebody(
            name=given["name"],
            email=given["email"],
            phone=given["phone"],
            details={name: given[name] for name in details},
        )


class SideForm(forms.Form):
    """Where she comes from, when it was written wrong."""

    side = forms.ChoiceField(label=_("Kommer som"), choices=Side.choices, widget=forms.RadioSelect)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Fra hvilket lag?"), required=False, empty_label=_("Ingen")
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.layout = Layout("side", "organisation", ButtonHolder(Submit("save", _("Lagre"))))


class FollowUpForm(forms.Form):
    line = forms.CharField(
        label=_("Hva ble sagt?"), max_length=300, help_text=_("Én linje. Ikke noe om helse.")
    )
    next_on = forms.DateField(label=_("Neste gang"), required=False, widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("line", "next_on", ButtonHolder(Submit("note", _("Noter samtalen"))))


class AdaptationForm(forms.Form):
    """By herself, or by the convener when she has said yes to its being written down."""

    text = forms.CharField(
        label=_("Dette må være på plass"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Skriv hva som må til, ikke hvorfor. For eksempel «plass til rullestol ved døra»."),
    )
    consent = forms.BooleanField(required=False)

    def __init__(self, *args: Any, herself: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = (
            _("Kontaktpersonen kan lese dette")
            if herself
            else _("Personen har sagt ja til at dette skrives ned")
        )
        self.helper = FormHelper()
        self.helper.layout = Layout("text", "consent", ButtonHolder(Submit("save", _("Lagre"))))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("text") and not given.get("consent"):
            self.add_error("consent", _("Uten et ja kan det ikke lagres."))
        return given


class TaskForm(forms.Form):
    text = forms.CharField(
        label=_("Hva skal gjøres?"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    holder = forms.TypedChoiceField(label=_("Hvem gjør det?"), required=False, empty_value=None)
    due_on = forms.DateField(label=_("Innen"), required=False, widget=DateInput)

    def __init__(self, *args: Any, holders: Sequence[tuple[Participant, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_key = {str(one.pk): one for one, _name in holders}
        field = self.fields["holder"]
        field.coerce = lambda key: by_key[key]  # type: ignore[attr-defined]
        field.choices = [  # type: ignore[attr-defined]
            ("", _("Ingen ennå")),
            *((str(one.pk), name) for one, name in holders),
        ]
        self.helper = FormHelper()
        self.helper.layout = Layout("text", "holder", "due_on", ButtonHolder(Submit("add", _("Legg til"))))
