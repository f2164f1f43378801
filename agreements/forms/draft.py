"""Beginning on a draft, wording its sections, and answering what others suggest."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Submit
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agreements.clauses import OPENING
from agreements.models import AgreementSection
from agreements.models.agreement import PERSONAL_KINDS
from partnerships.forms.actor_names import ActorNamesMixin
from partnerships.forms.editing import EditingForm
from partnerships.forms.lines import CARE
from partnerships.models import Partnership, Person
from partnerships.selectors.actor_names import Actor, ActorNames
from samskaping.core.models import ContentTemplate

MOST_TEXT = 20_000
LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
HOW_TO_WRITE = _(
    "Tom linje gir nytt avsnitt, «- » først på linja gir et punkt, og **to stjerner** gir fet skrift."
)


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class StartForm(ActorNamesMixin):
    text = forms.ChoiceField(label=_("Hva slags avtale?"), widget=forms.RadioSelect)
    partnership = forms.ModelChoiceField(
        label=_("For samarbeidet"),
        queryset=Partnership.objects.none(),
        required=False,
        empty_label=_("Ikke noe bestemt"),
        help_text=_("Da er det meste fylt ut når du kommer inn, også hvem avtalen er mellom."),
    )
    person = PersonField(
        label=_("Med hvem?"), queryset=Person.objects.none(), required=False, empty_label=_("Velg en person")
    )
    language = forms.ChoiceField(label=_("Språk i avtalen"), choices=LANGUAGES)

    def __init__(
        self,
        *args: Any,
        texts: list[ContentTemplate],
        chosen: str,
        language: str,
        actors: ActorNames,
        own: list[Actor],
        partnerships: QuerySet[Partnership],
        asked: Partnership | None,
        people: QuerySet[Person],
        person: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._texts = {text.key: text for text in texts}
        parties = self.add_party_fields(actors, own)
        self.fields["text"].choices = [(key, text.text()["title"]) for key, text in self._texts.items()]  # type: ignore[attr-defined]
        self.initial.update(text=chosen, language=language, partnership=asked, person=person)
        self.fields["partnership"].queryset = partnerships  # type: ignore[attr-defined]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        between = [
            Fieldset(_("Hører den ikke til et samarbeid: hvem er den mellom?"), self.suggestions(), *parties)
        ]
        if asked is not None:
            # She came from its page, which brings the parties.
            self.fields["partnership"].widget = forms.HiddenInput()
            self.fields["partnership"].required = True
            for party in parties:
                del self.fields[party]
            between = []
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "text",
            "partnership",
            *between,
            Fieldset(_("Gjelder den én frivillig?"), "person"),
            "language",
            ButtonHolder(Submit("start", _("Lag utkastet"))),
        )

    @property
    def template(self) -> ContentTemplate:
        return self._texts[self.cleaned_data["text"]]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "text" not in cleaned:
            return cleaned
        if self.template.data["agreement_kind"] not in PERSONAL_KINDS:
            cleaned["person"] = None
        elif cleaned.get("person") is None:
            self.add_error("person", _("Velg hvem avtalen er med."))
        if "partnership" in cleaned and not cleaned["partnership"] and not self.parties():
            self.add_error("party_1", _("Velg et samarbeid, eller skriv hvem avtalen er med."))
        return cleaned


class SectionForm(EditingForm):
    """One section: written straight into the draft, or sent to the others as a suggestion."""

    heading = forms.CharField(label=_("Overskrift"), max_length=120)
    text = forms.CharField(
        label=_("Tekst"),
        required=False,
        max_length=MOST_TEXT,
        help_text=HOW_TO_WRITE,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    comment = forms.CharField(
        label=_("Hvorfor?"),
        required=False,
        max_length=1000,
        help_text=_("De andre ser det ved siden av forslaget."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, section: AgreementSection | None, writes: bool, **kwargs: Any) -> None:
        given = {"heading": section.heading, "text": section.text} if section else {}
        super().__init__(*args, version=section.version if section else 0, initial=given, **kwargs)
        if section is not None and section.key == OPENING:
            del self.fields["heading"]
        if writes:
            del self.fields["comment"]
        shown = [name for name in ("heading", "text", "comment") if name in self.fields]
        button = _("Lagre") if writes else _("Send forslaget")
        self.helper = FormHelper()
        self.helper.layout = Layout(*shown, "version", ButtonHolder(Submit("save", button)))

    def words(self) -> dict[str, str]:
        return {"heading": self.cleaned_data.get("heading", ""), "text": self.cleaned_data["text"]}


class ReasonForm(forms.Form):
    """Why something stands empty, or is taken out."""

    because = forms.CharField(label=_("Hvorfor?"), max_length=300, help_text=CARE)

    def __init__(self, *args: Any, button: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("because", ButtonHolder(Submit("save", button)))


class AnswerForm(forms.Form):
    """Yes with a word or without, no with a reason. `version` is of the section as she read it."""

    answer = forms.CharField(
        label=_("Svar til dem"),
        required=False,
        max_length=1000,
        help_text=_("Sier dere nei, må dere skrive hvorfor."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = version
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "answer",
            "version",
            ButtonHolder(
                Submit("accept", _("Ta det inn i avtalen")),
                Submit("decline", _("Si nei"), data_variant="secondary"),
            ),
        )
