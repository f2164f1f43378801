"""Adding units, centres and organisations in passing: while inviting somebody, or saying with whom."""

from collections.abc import Iterable
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships.access import access_of
from partnerships.models import Organisation, Unit, VolunteerCentre
from partnerships.selectors.actor_names import Actor
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record
from samskaping.core.text import sort_key

Kind = TypeVar("Kind", Unit, VolunteerCentre, Organisation)


@transaction.atomic
def actor_find_or_add(kind: type[Kind], *, municipality: Municipality, name: str, by: User) -> Kind:
    """The one with this name, whatever its capitals, or a new one.

    Raises DomainError for those who do not answer for the whole municipality.
    """
    if municipality.pk not in access_of(by).municipalities_all(Permission.MEMBER_MANAGE):
        raise DomainError(_("Du kan bare invitere til det som er ditt eget."))
    # The municipality's row is the lock: two who type the same name at once get the same one.
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    plain = " ".join(name.split())
    found: Kind | None = kind._default_manager.filter(
        municipality=municipality, name__iexact=plain, ended_at=None
    ).first()
    if found is not None:
        return found
    made: Kind = kind._default_manager.create(municipality=municipality, name=plain)
    audit_record(f"{kind._meta.model_name}_added", made, by=by)
    return made


@transaction.atomic
def actors_named(parties: Iterable[Actor | str], *, municipality: Municipality, by: User) -> list[Actor]:
    """Each once; a name that is new becomes an organisation, because nobody should have to stop and add it.

    Raises DomainError for an actor of another municipality, and for those who may start nothing here.
    """
    if not access_of(by).may(Permission.PARTNERSHIP_EDIT, municipality_id=municipality.pk):
        raise DomainError(_("Du kan ikke legge inn noen her."))
    wanted = list(parties)
    if any(isinstance(party, str) for party in wanted):
        # The municipality's row is the lock: two who type the same name at once get the same one. Those who
        # are known make nobody wait.
        Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    found: list[Actor] = []
    for party in wanted:
        actor = _organisation_named(party, municipality, by) if isinstance(party, str) else party
        if actor.municipality_id != municipality.pk:
            raise DomainError(_("Alle må høre til i kommunen."))
        if actor not in found:
            found.append(actor)
    return found


def _organisation_named(name: str, municipality: Municipality, by: User) -> Organisation:
    plain = " ".join(name.split())
    same = Organisation.objects.filter(municipality=municipality, name_key=sort_key(plain), ended_at=None)
    organisation = same.first()
    if organisation is None:
        organisation = Organisation.objects.create(municipality=municipality, name=plain)
        audit_record("organisation_added", organisation, by=by)
    return organisation
