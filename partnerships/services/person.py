"""Somebody new, noted in passing: a contact, a holder of a duty. Always kept by the right controller."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from partnerships.models import Organisation, Person, Unit, VolunteerCentre
from partnerships.models.person import Channel
from partnerships.selectors.words import language_of
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record_many
from samskaping.core.text import sort_key

# On whose side somebody stands; None is the municipality's.
Side = Unit | VolunteerCentre | Organisation | None


@dataclass(frozen=True)
class Somebody:
    """A name, and where she is reached: one of the two at least."""

    name: str
    email: str = ""
    phone: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Several may share a telephone: the same number is the same person only with the same name."""
        return (self.email.lower(), "") if self.email else (self.phone, self.name.casefold())


def person_add(
    *, municipality: Municipality, side: Side, name: str, email: str = "", phone: str = "", by: User
) -> Person:
    """Somebody new, kept by the side she is on: its own row for her, found again by her address there.

    Raises DomainError when nothing would reach her.
    """
    found = people_add(municipality=municipality, side=side, people=[Somebody(name, email, phone)], by=by)
    return found[0]


@transaction.atomic
def people_add(
    *, municipality: Municipality, side: Side, people: Sequence[Somebody], by: User
) -> list[Person]:
    """As person_add, for each of them and in their order; as many questions for a thousand as for two."""
    if not all(each.email or each.phone for each in people):
        raise DomainError(_("Skriv en e-postadresse eller et telefonnummer."))
    controller = controller_of(side)
    found = _there_already(municipality, controller, people)
    new = {
        each.key: Person(
            municipality=municipality,
            name=each.name,
            name_key=sort_key(each.name),
            email=each.email.lower(),
            phone=each.phone,
            channel=Channel.EMAIL if each.email else Channel.SMS,
            language=language_of(municipality),
            **controller,
        )
        for each in people
        if each.key not in found
    }
    audit_record_many("person_added", Person.objects.bulk_create(new.values()), by=by)
    return [(found.get(each.key) or new[each.key]) for each in people]


def _there_already(
    municipality: Municipality, controller: dict[str, Any], people: Sequence[Somebody]
) -> dict[tuple[str, str], Person]:
    """By the key each would have; of several, whoever was noted first."""
    emails = {each.key[0] for each in people if each.email}
    phones = {each.phone for each in people if not each.email}
    kept = Person.objects.alias(address=Lower("email")).filter(
        Q(address__in=emails - {""}) | Q(phone__in=phones),
        **{"controller_organisation": None, "controller_centre": None, **controller},
        municipality=municipality,
        erased_at=None,
    )
    found: dict[tuple[str, str], Person] = {}
    for person in kept.order_by("-pk"):
        found[(person.email.lower(), "")] = person
        found[(person.phone, person.name.casefold())] = person
    return found


def controller_of(side: Side) -> dict[str, Organisation | VolunteerCentre]:
    """Who keeps the people of a side: an organisation and an independent centre their own."""
    if isinstance(side, Organisation):
        return {"controller_organisation": side}
    if isinstance(side, VolunteerCentre) and side.is_controller:
        return {"controller_centre": side}
    return {}
