"""A time of an offer, and those in its crew, each as a browser of her own."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from partnerships.models import Occurrence, Person
from samskaping.accounts.permissions import Role
from tests.factories import partnerships as made
from tests.factories.accounts import UserFactory
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.partnerships import PersonFactory
from tests.factories.volunteers import AssignmentFactory, CrewFactory, VolunteerFactory
from tests.factories.work import PartnershipFactory
from volunteers.models import Volunteer


def make_time(town: Any) -> Occurrence:
    """In three hours, at the unit, with its place contact and room for three."""
    town.settings.modules = {"shifts": True}
    town.settings.save()
    contact = made.member(town.municipality, Role.PLACE_CONTACT, unit=town.unit).person
    offer = OfferFactory.create(
        partnership=PartnershipFactory.create(municipality=town.municipality),
        unit=town.unit,
        contact=contact,
        title="Sangstund",
    )
    CrewFactory.create(offer=offer, needed=3, places=3)
    return OccurrenceFactory.create(offer=offer, starts_at=timezone.now() + timedelta(hours=3))


def helper(time: Occurrence, name: str, **fields: Any) -> Volunteer:
    person = PersonFactory.create(municipality=time.municipality, name=name, **fields)
    return AssignmentFactory.create(
        offer=time.offer, volunteer=VolunteerFactory.create(person=person)
    ).volunteer


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def herself(volunteer: Volunteer) -> Client:
    user = UserFactory.create()
    Person.objects.filter(pk=volunteer.person_id).update(user=user)
    return signed_in(user)


def contact_of(time: Occurrence) -> Client:
    assert time.offer.contact is not None
    return signed_in(time.offer.contact.user)


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()  # type: ignore[no-any-return]
