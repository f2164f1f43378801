"""What a code proves: one address, at one time. Staff may write addresses on rows; nobody comes into an
account by that."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import Invitation, Membership, Person
from partnerships.services.invitation import invitation_accept, invitation_code_send, invitation_send
from partnerships.services.membership import membership_end
from partnerships.services.privacy import person_change, person_erase
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.errors import StateChanged
from tests.factories.accounts import UserFactory
from tests.factories.partnerships import member
from tests.partnerships.conftest import Town, deliver
from tests.partnerships.test_invitation import FORM, digits, invite, link, walk_in

pytestmark = pytest.mark.django_db

VICTIM = "offer@prove.example"
PHONE = "+4790000111"


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def given_address(invitation: Invitation, email: str, by: User) -> None:
    person_change(person=invitation.person, changes={"email": email}, by=by)


@pytest.fixture
def victim(db: None) -> User:
    return UserFactory.create(email=VICTIM)


def test_an_address_written_after_the_code_lets_nobody_in(town: Town, victim: User, client: Client) -> None:
    """Invite yourself, write the code, give the row somebody's address, accept: not into her account."""
    invitation = invite(town, email="egen@prove.example")
    client.post(link(invitation))
    client.post(reverse("invitation_code"), {"code": digits(client)})
    given_address(invitation, VICTIM, town.coordinator.user)
    assert client.post(reverse("invitation_accept"), FORM).headers["Location"] == reverse("invitation_code")
    assert signed_in_as(client) is None
    assert not Membership.objects.filter(user=victim).exists()


def test_an_address_written_while_the_form_is_sent_lets_nobody_in(town: Town, victim: User) -> None:
    invitation = invite(town, email="egen@prove.example")
    as_proven = Invitation.objects.select_related("person__user").get(pk=invitation.pk)
    given_address(invitation, VICTIM, town.coordinator.user)
    with pytest.raises(StateChanged):
        invitation_accept(invitation=as_proven, user=None)
    assert not Membership.objects.filter(user=victim).exists()


def test_a_code_asked_for_at_one_address_is_not_sent_to_another(town: Town, mailoutbox: list[Any]) -> None:
    invitation = invite(town, email="egen@prove.example")
    deliver()
    mailoutbox.clear()
    invitation_code_send(invitation=invitation)
    given_address(invitation, VICTIM, town.coordinator.user)
    deliver()
    assert mailoutbox == []


def test_a_code_by_sms_proves_no_address(town: Town, victim: User, client: Client) -> None:
    """Her address beside one's own telephone on a row: the code says who has the telephone."""
    Person.objects.create(municipality=town.municipality, name="Åse", email=VICTIM, phone=PHONE)
    walk_in(client, invite(town, email="", phone=PHONE))
    made = Membership.objects.get(role=Role.STAFF).user
    assert signed_in_as(client) == str(made.pk)
    assert (made.email, made.phone) == (None, PHONE)
    assert not Membership.objects.filter(user=victim).exists()


def test_a_new_account_signs_in_with_what_was_proven_only(town: Town, client: Client) -> None:
    """Else somebody would wait in an account with another's address until she comes."""
    Person.objects.create(municipality=town.municipality, name="Åse", email=VICTIM, phone=PHONE)
    walk_in(client, invite(town, email="", phone=PHONE))
    assert not User.objects.filter(email=VICTIM).exists()


@pytest.mark.parametrize("gone", ["her role", "the unit"])
def test_an_invitation_lasts_no_longer_than_the_right_to_invite(
    town: Town, client: Client, gone: str
) -> None:
    """Nobody leaves herself a way back before she goes."""
    other = member(town.municipality, Role.COORDINATOR)
    invitation = invitation_send(
        municipality=town.municipality, by=other.user, role=Role.STAFF, unit=town.unit,
        name="Åse", email="aase@prove.example",
    )  # fmt: skip
    if gone == "her role":
        membership_end(membership=other, by=town.coordinator.user)
    else:
        town.unit.ended_at = invitation.created_at
        town.unit.save(update_fields=["ended_at"])
    answer = walk_in(client, invitation)
    assert answer.status_code == 200
    assert "kan ikke lenger" in answer.content.decode()
    assert signed_in_as(client) is None
    assert not Membership.objects.filter(role=Role.STAFF).exists()


def test_an_invitation_goes_with_the_account_that_sent_it(town: Town) -> None:
    """Without a sender it would look like the operator's, whose right nobody asks for."""
    other = member(town.municipality, Role.COORDINATOR)
    invitation = invitation_send(
        municipality=town.municipality, by=other.user, role=Role.STAFF, unit=town.unit,
        name="Åse", email="aase@prove.example",
    )  # fmt: skip
    membership_end(membership=other, by=town.coordinator.user)
    person_erase(person=Person.objects.get(user=other.user), by=town.coordinator.user)
    assert not User.objects.filter(pk=other.user_id).exists()
    with pytest.raises(StateChanged, match="trukket tilbake"):
        invitation_accept(invitation=Invitation.objects.get(pk=invitation.pk), user=None)
