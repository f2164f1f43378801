"""What the public registers say: of one number now, of a municipality as it was fetched."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from partnerships.models import Organisation, RegisteredOrganisation, RegisterFetch
from partnerships.models.actors import RegisterState
from partnerships.organisation_number import normal_organisation_number
from partnerships.register import client
from partnerships.register.mapping import Found, category_of, organisation_fields, state_of
from samskaping.accounts.models import User
from samskaping.core.models import Municipality


def look_up(typed: str) -> Found:
    """What the registers say of a number. Raises RegisterAway; a number that cannot exist is not found."""
    number = normal_organisation_number(typed)
    if not number:
        return Found(RegisterState.NOT_FOUND)
    try:
        row = client.unit(number)
    except client.Deleted:
        return Found(RegisterState.DELETED, {"number": number})
    if row is None:
        return Found(RegisterState.NOT_FOUND, {"number": number})
    fields = {**organisation_fields(row), "number": number}
    if row.get("registrertIFrivillighetsregisteret") is True:
        voluntary = _voluntary(number)
        if voluntary:
            fields["icnpo"] = voluntary
    return Found(state_of(row), fields)


def _voluntary(number: str) -> str:
    """The category is a help: a register that is away must not cost her the rest."""
    try:
        return category_of(client.voluntary(number) or {})
    except client.RegisterAway:
        return ""


def look_up_here(typed: str, municipality: Municipality) -> Found:
    """As `look_up`, from what was fetched where that is enough; the demo asks no register at all."""
    number = normal_organisation_number(typed)
    if municipality.is_demo:
        known = RegisteredOrganisation.objects.filter(municipality=municipality, number=number).first()
        if known is None:
            return Found(RegisterState.NOT_FOUND, {"number": number} if number else {})
        return Found(RegisterState.ACTIVE, known.details)
    return look_up(typed)


def registered_not_taken_in(user: User, municipality: Municipality) -> QuerySet[RegisteredOrganisation]:
    """Those on the list who are not already known, by number or name."""
    return not_taken_in(RegisteredOrganisation.objects.visible_to(user).filter(municipality=municipality))


def not_taken_in(registered: QuerySet[RegisteredOrganisation]) -> QuerySet[RegisteredOrganisation]:
    known = Organisation.objects.filter(municipality=OuterRef("municipality"), ended_at=None)
    same = Q(number=OuterRef("number")) | Q(number=None, name_key=OuterRef("name_key"))
    return registered.exclude(Exists(known.filter(same)))


@dataclass(frozen=True)
class ListState:
    """How it stands with the municipality's list, in a sentence; `fetched_at` when it was read last."""

    sentence: str
    fetched_at: datetime | None
    is_waiting: bool


def list_state(municipality: Municipality) -> ListState:
    fetch = RegisterFetch.objects.filter(municipality=municipality).first()
    if fetch is None:
        return ListState(_("Lista fra registeret er ikke hentet ennå."), None, False)
    is_waiting = fetch.done_at is None or fetch.done_at < fetch.asked_at
    if fetch.problem and is_waiting:
        sentence = _(
            "Registeret svarer ikke akkurat nå. Vi prøver igjen. Du kan legge inn lag for hånd så lenge."
        )
    elif is_waiting:
        sentence = _("Vi henter lista fra registeret. Det tar som regel under et minutt.")
    else:
        sentence = _("Hentet fra Enhetsregisteret.")
    return ListState(sentence, fetch.done_at, is_waiting)
