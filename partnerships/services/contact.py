"""Whom to ring at a party: at most two, known to its own controller, made in passing when they are new."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships.models import Contact, PartnershipParty, Person, VolunteerCentre
from partnerships.models.person import Channel
from partnerships.selectors.words import language_of
from partnerships.services.party import may_speak_for
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record


@transaction.atomic
def contact_add(
    *, party: PartnershipParty, name: str, title: str = "", email: str = "", phone: str = "", by: User
) -> Contact:
    """Finds her by address among the people of the party's own controller, or makes her there.

    Raises StateChanged when there are two already or she is one of them, DomainError for those who do not
    speak for the party, or where there is nothing to reach her by.
    """
    locked = PartnershipParty.objects.select_for_update(of=("self",)).get(pk=party.pk)
    if not may_speak_for(by, locked):
        raise DomainError(_("Parten velger selv hvem som er kontakt."))
    if not (email or phone):
        raise DomainError(_("Skriv en e-postadresse eller et telefonnummer."))
    taken = list(locked.contacts.values_list("order", "person"))
    if len(taken) == 2:
        raise StateChanged(_("Det er plass til to kontakter."))
    person = _person(locked, name=name, email=email, phone=phone)
    if person.pk in {pk for _order, pk in taken}:
        raise StateChanged(_("Personen er allerede kontakt."))
    made = Contact.objects.create(
        municipality_id=person.municipality_id,
        person=person,
        party=locked,
        title=title,
        order=next(order for order in (1, 2) if order not in {order for order, _pk in taken}),
    )
    audit_record("party_contact_added", locked, by=by)
    return made


@transaction.atomic
def contact_remove(*, contact: Contact, by: User) -> None:
    """She stays known to her controller. Raises DomainError for those who do not speak for the party."""
    party = contact.party
    if party is None or not may_speak_for(by, party):
        raise DomainError(_("Parten velger selv hvem som er kontakt."))
    contact.delete()
    audit_record("party_contact_removed", party, by=by)


def _person(party: PartnershipParty, *, name: str, email: str, phone: str) -> Person:
    """The municipality's row is the lock: two who add the same person at once make one row of her."""
    town = Municipality.objects.select_for_update(no_key=True).get(pk=party.party_municipality_id)
    actor = party.actor
    centre = actor if isinstance(actor, VolunteerCentre) and actor.is_controller else None
    kept_by = {"controller_organisation": party.organisation, "controller_centre": centre}
    people = Person.objects.filter(municipality=town, erased_at=None, **kept_by)
    found = people.filter(email__iexact=email) if email else people.filter(phone=phone, name__iexact=name)
    return found.order_by("pk").first() or Person.objects.create(
        municipality=town,
        name=name,
        email=email.lower(),
        phone=phone,
        channel=Channel.EMAIL if email else Channel.SMS,
        language=language_of(town),
        **kept_by,
    )
