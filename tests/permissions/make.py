"""What the world is built of: everybody with a user and a person of her own, kept by the right controller."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from partnerships.models import (
    CodesignProcess,
    Invitation,
    Membership,
    MunicipalitySettings,
    Organisation,
    Participant,
    Partnership,
    PartnershipParty,
    Person,
    Unit,
    VolunteerCentre,
)
from partnerships.models.codesign import ProcessState
from partnerships.models.participant import Side
from samskaping.accounts.permissions import Role
from samskaping.core.models import Municipality
from tests.factories.accounts import UserFactory


def unit(place: Municipality, name: str, parent: Unit | None = None) -> Unit:
    return Unit.objects.create(municipality=place, name=name, parent=parent)


def centre(place: Municipality, name: str, ownership: str = "foundation") -> VolunteerCentre:
    return VolunteerCentre.objects.create(municipality=place, name=name, ownership=ownership)


def organisation(place: Municipality, name: str) -> Organisation:
    return Organisation.objects.create(municipality=place, name=name)


def person(place: Municipality, name: str, **fields: Any) -> Person:
    return Person.objects.create(municipality=place, name=name, **fields)


def settings(place: Municipality, **fields: Any) -> MunicipalitySettings:
    return MunicipalitySettings.objects.create(municipality=place, **fields)


def partnership(place: Municipality, title: str) -> Partnership:
    return Partnership.objects.create(municipality=place, title=title)


def party(of: Partnership, *, accepted: bool = True, **actor: Any) -> PartnershipParty:
    (who,) = actor.values()
    return PartnershipParty.objects.create(
        partnership=of,
        municipality=of.municipality,
        party_municipality=who.municipality,
        accepted_at=timezone.now() if accepted else None,
        **actor,
    )


def process(of: Partnership, title: str, **fields: Any) -> CodesignProcess:
    return CodesignProcess.objects.create(
        municipality=of.municipality, partnership=of, title=title, state=ProcessState.RUNNING, **fields
    )


def participant(of: CodesignProcess, name: str, *, joined: bool = True, **fields: Any) -> Participant:
    """A citizen who has said yes and shows the group her name."""
    now = timezone.now() if joined else None
    who = person(of.municipality, name, email=f"{slugify(name)}@prove.example", **fields)
    return Participant.objects.create(
        municipality=of.municipality, process=of, person=who, side=Side.CITIZEN, joined_at=now, consent_at=now
    )


def member(
    role: Role, place: Municipality | None, *, name: str = "", email: str = "", **fields: Any
) -> Membership:
    user = fields.pop("user", None) or UserFactory.create(**({"email": email} if email else {}))
    kept_by: VolunteerCentre | None = fields.get("centre")
    who = fields.pop("person", None)
    if place is not None and who is None:
        who = person(
            place,
            f"{role} {name}".strip(),
            email=email,
            user=user,
            controller_organisation=fields.get("organisation"),
            controller_centre=kept_by if kept_by and kept_by.is_controller else None,
        )
    return Membership.objects.create(user=user, person=who, municipality=place, role=role, **fields)


def invitation(place: Municipality, role: Role, *, name: str = "Invitert", **fields: Any) -> Invitation:
    who = fields.pop("person", None) or person(place, name, email=f"{slugify(name)}@prove.example")
    return Invitation.objects.create(
        **{
            "municipality": place,
            "person": who,
            "role": role,
            "expires_at": timezone.now() + timedelta(days=2),
            **fields,
        }
    )
