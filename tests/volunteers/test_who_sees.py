"""Who may know who a volunteer is: the controller is the wall, and a place sees who is there."""

from typing import Any

import pytest

from partnerships.models import Offer
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Role
from tests.factories import partnerships as made
from tests.factories.accounts import UserFactory
from tests.factories.offers import OfferFactory
from tests.factories.partnerships import OrganisationFactory, PersonFactory, UnitFactory
from tests.factories.volunteers import AssignmentFactory, VolunteerFactory
from tests.factories.work import PartnershipFactory
from volunteers.access import keeps
from volunteers.models import Volunteer
from volunteers.services.assignment import volunteer_share, volunteer_unshare

NAMES, CONTACT, TODAY = (
    Permission.VOLUNTEER_NAMES,
    Permission.VOLUNTEER_CONTACT,
    Permission.VOLUNTEER_TODAY,
)


@pytest.fixture
def place(town: Any) -> Offer:
    """At the unit, with its place contact."""
    partnership = PartnershipFactory.create(municipality=town.municipality)
    contact = made.member(town.municipality, Role.PLACE_CONTACT, unit=town.unit).person
    return OfferFactory.create(partnership=partnership, unit=town.unit, contact=contact)


def user_of(town: Any, role: Role, **place: Any) -> User:
    return made.member(town.municipality, role, **place).user


def seen(user: User, permission: Permission = NAMES) -> set[Volunteer]:
    return set(Volunteer.objects.visible_to(User.objects.get(pk=user.pk), permission))


def test_the_municipalitys_own(town: Any, place: Offer) -> None:
    assignment = AssignmentFactory.create(offer=place)
    elsewhere = VolunteerFactory.create(person__municipality=town.municipality)
    coordinator = town.coordinator.user
    assert seen(coordinator) == {assignment.volunteer, elsewhere}
    leader = user_of(town, Role.UNIT_LEADER, unit=town.unit)
    assert seen(leader) == {assignment.volunteer}
    assert place.contact is not None
    assert place.contact.user is not None
    assert seen(place.contact.user) == {assignment.volunteer}
    assert (
        seen(user_of(town, Role.UNIT_LEADER, unit=UnitFactory.create(municipality=town.municipality)))
        == set()
    )
    # Staff know who comes today; names with how to reach them are not theirs.
    staff = user_of(town, Role.STAFF, unit=town.unit)
    assert seen(staff) == set()
    assert seen(staff, TODAY) == {assignment.volunteer}
    assert seen(user_of(town, Role.CHIEF)) == set()
    assert seen(user_of(town, Role.OBSERVER)) == set()


def test_another_controllers_is_a_number_until_she_is_shared(town: Any, place: Offer) -> None:
    club = OrganisationFactory.create(municipality=town.municipality)
    person = PersonFactory.create(municipality=town.municipality, controller_organisation=club)
    hers = AssignmentFactory.create(offer=place, volunteer=VolunteerFactory.create(person=person)).volunteer
    coordinator, rep = town.coordinator.user, user_of(town, Role.ORGANISATION_REP, organisation=club)
    assert place.contact is not None
    assert place.contact.user is not None
    contact = place.contact.user
    assert seen(rep) == {hers}
    assert seen(coordinator) == seen(contact) == set()
    share = volunteer_share(volunteer=hers, offer=place, by_herself=False, by=rep)
    assert seen(coordinator) == seen(contact) == {hers}
    # To know her is not to keep her.
    assert not keeps(coordinator, CONTACT, hers)
    assert keeps(rep, CONTACT, hers)
    volunteer_unshare(share=share, by=rep)
    assert seen(coordinator) == seen(contact) == set()
    volunteer_share(volunteer=hers, partnership=place.partnership, by_herself=True, by=None)
    assert seen(contact) == {hers}


def test_herself_and_nobody_next_door(town: Any, place: Offer) -> None:
    volunteer = AssignmentFactory.create(offer=place).volunteer
    user = UserFactory.create()
    volunteer.person.user = user
    volunteer.person.save()
    assert seen(user) == {volunteer}
    next_door = made.member(made.UnitFactory.create().municipality, Role.COORDINATOR).user
    assert seen(next_door) == set()


def test_what_one_row_says_is_what_the_list_says(town: Any, place: Offer) -> None:
    """`owned_by` and `visible_to` agree for who leads a place."""
    volunteer = AssignmentFactory.create(offer=place).volunteer
    own = volunteer.owned_by()
    assert place.unit_id in own.unit_ids
    assert (place.contact_id, place.unit_id) in own.contact_at
