"""How far a municipality has come in its first ten minutes, and the registers' list to tick in."""

from django.db.models import Exists, OuterRef, QuerySet

from partnerships.models import FirstMinutes, Organisation, RegisteredOrganisation
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key


def first_minutes_of(municipality: Municipality) -> FirstMinutes:
    """Where she is, or what it will be at the first step."""
    found = FirstMinutes.objects.filter(municipality=municipality).first()
    return found or FirstMinutes(municipality=municipality)


def registered_here(municipality: Municipality, *, q: str = "") -> QuerySet[RegisteredOrganisation]:
    """The registers' list; `is_here` where we know them already. Every word stands somewhere in the name."""
    ours = Organisation.objects.filter(municipality=municipality, number=OuterRef("number"))
    found = RegisteredOrganisation.objects.filter(municipality=municipality).annotate(is_here=Exists(ours))
    for word in sort_key(q).split():
        found = found.filter(name_key__contains=word)
    return found
