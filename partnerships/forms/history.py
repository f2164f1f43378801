"""Finding what happened: of what kind, when, by whom."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partnerships.models import Person
from partnerships.selectors.history_kinds import KINDS
from samskaping.core.forms import DateInput


class HistoryFilter(forms.Form):
    kind = forms.ChoiceField(label=_("Hva"), required=False)
    since = forms.DateField(label=_("Fra og med"), required=False, widget=DateInput)
    until = forms.DateField(label=_("Til og med"), required=False, widget=DateInput)
    # By number: a name in an address would stand in logs and browsers.
    who = forms.ModelChoiceField(
        Person.objects.none(), label=_("Hvem"), required=False, empty_label=_("Alle")
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Alt"))] + [(k.slug, k.label) for k in KINDS]  # type: ignore[attr-defined]
        who: Any = self.fields["who"]
        who.queryset = people
        who.label_from_instance = lambda person: person.name
