"""Whom to ring: at most two for an organisation, a centre or a unit."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships.models import Contact, Organisation, Person, Unit, VolunteerCentre
from partnerships.models.person import Channel
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record

Actor = Unit | VolunteerCentre | Organisation


def actor_field(actor: Actor) -> str:
    """The name of the field that points to it, in every table that points to one of the three."""
    if isinstance(actor, Unit):
        return "unit"
    return "centre" if isinstance(actor, VolunteerCentre) else "organisation"


@transaction.atomic
def contact_add(*, actor: Actor, name: str, email: str, phone: str, title: str, by: User) -> Contact:
    """A person the actor's own controller keeps, found by her address there or made now.

    Raises DomainError when there are two already, or she is one of them.
    """
    Municipality.objects.select_for_update(no_key=True).get(pk=actor.municipality_id)
    of: dict[str, Any] = {actor_field(actor): actor}
    standing = list(Contact.objects.filter(party=None, **of).select_related("person"))
    free = sorted({1, 2} - {contact.order for contact in standing})
    if not free:
        raise DomainError(_("Det er plass til to kontakter. Ta bort en av dem først."))
    person = _person(actor, name=name, email=email, phone=phone)
    if any(contact.person_id == person.pk for contact in standing):
        raise DomainError(_("Personen er allerede kontakt her."))
    made = Contact.objects.create(
        municipality=actor.municipality, person=person, title=title, order=free[0], **of
    )
    audit_record("actor_contact_added", actor, by=by, data={"contact": made.pk})
    return made


@transaction.atomic
def contact_remove(*, contact: Contact, by: User) -> None:
    """The person stays, as long as something else ties her to the portal."""
    actor = contact.unit or contact.centre or contact.organisation
    audit_record("actor_contact_removed", actor, by=by, data={"contact": contact.pk})
    contact.delete()


def _person(actor: Actor, *, name: str, email: str, phone: str) -> Person:
    controller: dict[str, Any] = {"controller_organisation": None, "controller_centre": None}
    if isinstance(actor, Organisation):
        controller["controller_organisation"] = actor
    elif isinstance(actor, VolunteerCentre) and actor.is_controller:
        controller["controller_centre"] = actor
    people = Person.objects.filter(municipality=actor.municipality, erased_at=None, **controller)
    # Several may share a telephone: the same number is the same person only with the same name.
    found = people.filter(email__iexact=email) if email else people.filter(phone=phone, name__iexact=name)
    return found.order_by("pk").first() or Person.objects.create(
        municipality=actor.municipality,
        name=name,
        email=email.lower(),
        phone=phone,
        channel=Channel.EMAIL if email else Channel.PHONE,
        language=actor.municipality.language,
        **controller,
    )
