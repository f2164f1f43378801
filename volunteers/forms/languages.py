"""Languages, as they are chosen in every form that asks for them."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from samskaping.core.forms import LongChoice
from volunteers.models.volunteer import Language

LANGUAGES = [(value, capfirst(label)) for value, label in Language.choices]
# Norwegian and English.
COMMON = 2


def languages_field(**about: Any) -> forms.MultipleChoiceField:
    widget = LongChoice(first=COMMON, more=_("Flere språk"))
    return forms.MultipleChoiceField(choices=LANGUAGES, required=False, widget=widget, **about)
