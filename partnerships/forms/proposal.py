"""Giving a proposal, for oneself or for somebody; answering, putting together, and finding one among many."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.models import Participant, ProposalGroup
from partnerships.models.proposal import GivenBy, ProposalOutcome
from partnerships.selectors.proposal import SHOWN
from samskaping.core.forms import Switch

WARNING = _("Ikke skriv om helse, og ikke navn på mottakere.")
TEXT_AT_MOST, REASON_AT_MOST = 20_000, 3_000


def _words(rows: int) -> forms.Textarea:
    """Whatever script it is written in is read the right way."""
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class GiveForm(forms.Form):
    """`givers`: for who edits, and may write for somebody else. A participant writes for herself."""

    text = forms.CharField(
        label=_("Hva vil du foreslå?"), max_length=TEXT_AT_MOST, widget=_words(6), help_text=WARNING
    )
    given_by = forms.ChoiceField(
        label=_("Hvordan kom det inn?"),
        choices=GivenBy.choices,
        initial=GivenBy.PHONE,
        widget=forms.RadioSelect,
    )
    participant = forms.TypedChoiceField(label=_("Hvem er det fra?"), required=False, empty_value=None)

    def __init__(
        self,
        *args: Any,
        givers: Sequence[tuple[Participant, str]] | None,
        herself: int | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if herself is not None:
            self.initial = {"given_by": GivenBy.PORTAL, "participant": str(herself)}
        if givers is None:
            del self.fields["given_by"], self.fields["participant"]
        else:
            by_key = {str(one.pk): one for one, _name in givers}
            field = self.fields["participant"]
            field.coerce = lambda key: by_key[key]  # type: ignore[attr-defined]
            field.choices = [  # type: ignore[attr-defined]
                ("", _("Ingen bestemt")),
                *((str(one.pk), name) for one, name in givers),
            ]
            self.fields["text"].label = _("Innspillet, med den andres egne ord")
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *self.fields, ButtonHolder(Submit("give", _("Send innspillet"), data_fullwidth="true"))
        )


class NotesForm(forms.Form):
    """What was written on paper at a meeting: an empty line between two notes."""

    notes = forms.CharField(
        label=_("Lappene"),
        max_length=60_000,
        widget=_words(14),
        help_text=_("Skriv av én lapp om gangen, med en tom linje mellom. Ikke navn, og ikke noe om helse."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("notes", ButtonHolder(Submit("give", _("Legg inn lappene"))))

    def clean_notes(self) -> list[str]:
        whole: str = self.cleaned_data["notes"].replace("\r\n", "\n")
        notes = [note.strip() for note in re.split(r"\n\s*\n", whole) if note.strip()]
        if any(len(note) > TEXT_AT_MOST for note in notes):
            raise forms.ValidationError(_("En av lappene er for lang."))
        return notes


class ChangeForm(EditingForm):
    text = forms.CharField(
        label=_("Innspillet"), max_length=TEXT_AT_MOST, widget=_words(8), help_text=WARNING
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("version", "text", ButtonHolder(Submit("save", _("Lagre"))))


class AnswerForm(EditingForm):
    outcome = forms.ChoiceField(label=_("Svar"), choices=ProposalOutcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Begrunnelse"),
        max_length=REASON_AT_MOST,
        widget=_words(5),
        help_text=_("Skriv til den som ga innspillet: hva dere gjør, eller hvorfor ikke."),
    )
    same = forms.BooleanField(
        label=_("Gi samme svar til alle ubesvarte innspill i temaet"), required=False, widget=Switch
    )

    def __init__(self, *args: Any, others: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ["version", "outcome", "reason"]
        if others:
            names.append("same")
        else:
            del self.fields["same"]
        self.helper = FormHelper()
        self.helper.layout = Layout(*names, ButtonHolder(Submit("answer", _("Send svaret"))))


class GroupForm(forms.Form):
    """Its theme: one that is there, or a new one; empty takes it out."""

    title = forms.CharField(label=_("Tema"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].widget.attrs["list"] = "themes"


class CommentForm(forms.Form):
    text = forms.CharField(label=_("Si noe om dette"), max_length=2000, widget=_words(3), help_text=WARNING)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("text", ButtonHolder(Submit("say", _("Send"))))


class ProposalsFilter(forms.Form):
    q = forms.CharField(label=_("Søk"), required=False, max_length=80)
    vis = forms.ChoiceField(label=_("Vis"), required=False, choices=[("", _("Alle")), *SHOWN.items()])
    tema = forms.ChoiceField(label=_("Tema"), required=False)
    rekke = forms.ChoiceField(
        label=_("Rekkefølge"),
        required=False,
        choices=[("", _("Nyeste først")), ("stotte", _("Mest støtte først"))],
    )

    def __init__(self, *args: Any, groups: Iterable[ProposalGroup], takes_part: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read once, and shown once: the themes of one process.
        self.fields["tema"].choices = [  # type: ignore[attr-defined]
            ("", _("Alle")),
            *((str(group.pk), group.title) for group in groups),
        ]
        if not takes_part:
            shown = [(value, label) for value, label in SHOWN.items() if value != "mine"]
            self.fields["vis"].choices = [("", _("Alle")), *shown]  # type: ignore[attr-defined]
