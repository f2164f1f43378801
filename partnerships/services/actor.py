"""Adding units, centres and organisations in passing, while inviting somebody to them."""

from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships.access import access_of
from partnerships.models import Organisation, Unit, VolunteerCentre
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record

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
