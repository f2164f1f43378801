"""Units, centres, organisations, people and their roles, invented."""

from typing import Any

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from partnerships.models import (
    Membership,
    MunicipalitySettings,
    Organisation,
    Person,
    Unit,
    VolunteerCentre,
)
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.models import Municipality
from tests.factories.accounts import UserFactory
from tests.factories.core import MunicipalityFactory


class UnitFactory(DjangoModelFactory[Unit]):
    class Meta:
        model = Unit

    municipality = SubFactory(MunicipalityFactory)
    name = Sequence(lambda n: f"Prøvehjemmet {n}")


class CentreFactory(DjangoModelFactory[VolunteerCentre]):
    class Meta:
        model = VolunteerCentre

    municipality = SubFactory(MunicipalityFactory)
    name = Sequence(lambda n: f"Prøve frivilligsentral {n}")


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    municipality = SubFactory(MunicipalityFactory)
    name = Sequence(lambda n: f"Prøve bygdelag {n}")


class SettingsFactory(DjangoModelFactory[MunicipalitySettings]):
    class Meta:
        model = MunicipalitySettings

    municipality = SubFactory(MunicipalityFactory)


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    municipality = SubFactory(MunicipalityFactory)
    name = Sequence(lambda n: f"Prøve Person {n}")


def member(
    municipality: Municipality, role: Role, *, name: str = "", user: User | None = None, **place: Any
) -> Membership:
    """Somebody with a role there, and the row her controller keeps about her."""
    user = user or UserFactory.create()
    centre = place.get("centre")
    person = Person.objects.filter(user=user, municipality=municipality).first() or PersonFactory.create(
        municipality=municipality,
        user=user,
        name=name or f"{role.value.capitalize()} Prøve",
        email=user.email or "",
        phone=user.phone,
        controller_organisation=place.get("organisation"),
        controller_centre=centre if centre is not None and centre.is_controller else None,
    )
    return Membership.objects.create(user=user, person=person, municipality=municipality, role=role, **place)
