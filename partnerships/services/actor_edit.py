"""Adding, changing and ending an organisation, a centre or a unit. Each writes its own."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.access import access_of
from partnerships.models import Organisation, Unit, VolunteerCentre
from partnerships.models.actors import RegisterState
from partnerships.services.editing import count, edited, unchanged_since
from partnerships.services.register import organisation_check
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record

Kind = TypeVar("Kind", Unit, VolunteerCentre, Organisation)
Actor = Unit | VolunteerCentre | Organisation

_COMMON = frozenset(
    {"name", "about", "areas", "email", "phone", "website", "street", "postal_code", "post_town"}
)
CONDITIONS = (
    "has_advisory_body",
    "has_own_accounts",
    "has_premises",
    "has_full_position",
    "has_local_funding",
)
FIELDS: Mapping[type[Any], frozenset[str]] = {
    Unit: _COMMON | {"parent"},
    VolunteerCentre: _COMMON | {"ownership", "profile", *CONDITIONS},
    Organisation: _COMMON | {"kind", "icnpo", "language", "number", "values", "decision_path", "pace"},
}


@transaction.atomic
def actor_add(kind: type[Kind], *, municipality: Municipality, fields: Mapping[str, Any], by: User) -> Kind:
    """Raises DomainError for what is there already, and for those who may not add it here.

    Who answers for a sector adds units under her own; the rest is for who answers for the municipality.
    """
    _lock_town(municipality)
    parent = fields.get("parent")
    access = access_of(by)
    within = parent is not None and access.covers(Permission.ACTOR_EDIT, parent)
    if not within and municipality.pk not in access.municipalities_all(Permission.ACTOR_EDIT):
        raise DomainError(_("Du kan ikke legge inn noe nytt her."))
    if not set(fields) <= FIELDS[kind]:
        message = f"Not for this service to set: {sorted(set(fields) - FIELDS[kind])}"
        raise ValueError(message)
    made: Kind = kind(municipality=municipality, updated_by=by, **fields)
    _checked(made)
    made.save()
    audit_record(f"{kind._meta.model_name}_added", made, by=by)
    if isinstance(made, Organisation):
        organisation_check(organisation=made)
    return made


@transaction.atomic
def actor_change(*, actor: Actor, version: int, changes: Mapping[str, Any], by: User) -> Actor:
    """Saves what differs. Raises ChangedMeanwhile when somebody saved after `version` was read, and
    DomainError for what cannot be.
    """
    locked = _lock(actor)
    unchanged_since(locked, version)
    for name, value in changes.items():
        setattr(locked, name, value)
    _checked(locked)
    locked.refresh_from_db()
    changed = edited(locked, changes, may_change=FIELDS[type(locked)], by=by)
    if changed:
        audit_record(f"{locked._meta.model_name}_changed", locked, by=by, data={"fields": changed})
    if isinstance(locked, Organisation) and "number" in changed:
        locked.register_state, locked.register_checked_at = RegisterState.UNKNOWN, None
        locked.save(update_fields=["register_state", "register_checked_at"])
        organisation_check(organisation=locked)
    return locked


@transaction.atomic
def actor_end(*, actor: Actor, by: User) -> Actor:
    """It is in no list to choose from any more; what was done with it stands. Raises DomainError for a unit
    with others under it.
    """
    locked = _lock(actor)
    if locked.ended_at is not None:
        return locked
    if isinstance(locked, Unit) and locked.children.filter(ended_at=None).exists():
        raise DomainError(_("Det ligger andre enheter under. Flytt eller avslutt dem først."))
    locked.ended_at = timezone.now()
    count(locked, by=by, fields=["ended_at"])
    audit_record(f"{locked._meta.model_name}_ended", locked, by=by)
    return locked


@transaction.atomic
def actor_resume(*, actor: Actor, by: User) -> Actor:
    """Raises DomainError for a unit under one that has ended."""
    locked = _lock(actor)
    if locked.ended_at is None:
        return locked
    if isinstance(locked, Unit) and locked.parent is not None and locked.parent.ended_at is not None:
        raise DomainError(_("Enheten over er avsluttet. Ta opp den først."))
    locked.ended_at = None
    count(locked, by=by, fields=["ended_at"])
    audit_record(f"{locked._meta.model_name}_resumed", locked, by=by)
    return locked


def _checked(actor: Actor) -> None:
    """Raises DomainError in the words of the constraint that would be broken."""
    if isinstance(actor, Unit):
        _has_its_place(actor)
    try:
        actor.validate_constraints()
    except ValidationError as error:
        raise DomainError(error.messages[0]) from None


def _has_its_place(unit: Unit) -> None:
    """Raises DomainError for a circle, another municipality's unit above, or a name that is taken there."""
    beside = Unit.objects.filter(municipality_id=unit.municipality_id, parent=unit.parent)
    if beside.filter(name__iexact=unit.name).exclude(pk=unit.pk).exists():
        raise DomainError(_("Det finnes allerede en enhet med dette navnet her."))
    above = unit.parent
    while above is not None:
        if above.municipality_id != unit.municipality_id:
            raise DomainError(_("Enheten over må høre til samme kommune."))
        if above.pk == unit.pk:
            raise DomainError(_("En enhet kan ikke flyttes til noe som ligger under den."))
        above = above.parent
    if unit.parent is not None and unit.parent.ended_at is not None and unit.ended_at is None:
        raise DomainError(_("Enheten over er avsluttet. Velg en annen."))


def _lock(actor: Actor) -> Actor:
    # The tree and the names are the municipality's: whoever changes them waits for each other there.
    _lock_town(actor.municipality)
    locked: Actor = type(actor)._default_manager.select_for_update(of=("self",)).get(pk=actor.pk)
    return locked


def _lock_town(municipality: Municipality) -> None:
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
