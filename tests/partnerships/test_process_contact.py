"""The contact of a group: rung and told while she is at work, and followed by another when she is not."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.access import forget_access
from partnerships.models import CodesignProcess, Membership, Person
from partnerships.models.codesign import ProcessState
from partnerships.models.participant import Side
from partnerships.selectors.participant import phone_of
from partnerships.selectors.participant_letter import paragraphs
from partnerships.selectors.proposal_receiver import receivers
from partnerships.services.membership import membership_end
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from tests.factories.codesign import ParticipantFactory, ProcessFactory, ProposalFactory
from tests.factories.partnerships import UnitFactory, member
from tests.partnerships.conftest import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(town: Town) -> Membership:
    """Of a group that the unit convenes, with a telephone people are told to ring."""
    found = member(town.municipality, Role.STAFF, unit=town.unit)
    assert found.person is not None
    Person.objects.filter(pk=found.person.pk).update(phone="+4799999001", name="Kari Prøve")
    found.refresh_from_db()
    return found


@pytest.fixture
def process(town: Town, contact: Membership) -> CodesignProcess:
    return ProcessFactory.create(
        municipality=town.municipality, unit=town.unit, convener=contact.person, title="Prøve kafé"
    )


def fresh(process: CodesignProcess) -> CodesignProcess:
    return CodesignProcess.objects.select_related("municipality__settings", "convener").get(pk=process.pk)


def week(client: Client, user: User) -> str:
    client.force_login(user)
    return client.get(reverse("this_week")).content.decode()


def test_nobody_rings_who_works_there_no_more(
    town: Town, process: CodesignProcess, contact: Membership
) -> None:
    assert phone_of(fresh(process)).replace(" ", "").endswith("99999001")
    assert paragraphs("Ring {kontakt}.", fresh(process)) == ["Ring Kari Prøve."]
    membership_end(membership=contact, by=town.coordinator.user)
    assert "99999001" not in phone_of(fresh(process)).replace(" ", "")
    assert paragraphs("Ring {kontakt}.", fresh(process)) == []


def test_a_closed_account_answers_nobody(process: CodesignProcess, contact: Membership) -> None:
    User.objects.filter(pk=contact.user_id).update(is_active=False)
    proposal = ProposalFactory.create(process=process)
    assert contact.person not in receivers(proposal)
    assert "99999001" not in phone_of(fresh(process)).replace(" ", "")


def test_who_leads_is_asked_to_choose_another(
    town: Town, process: CodesignProcess, contact: Membership, client: Client
) -> None:
    leader = member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    beside = member(town.municipality, Role.STAFF, unit=town.unit)
    asked = "Prøve kafé: velg en ny kontaktperson"
    assert asked not in week(client, leader.user)
    membership_end(membership=contact, by=town.coordinator.user)
    html = week(client, leader.user)
    assert asked in html
    assert reverse("process_edit", args=[process.pk]) in html
    assert asked not in week(client, beside.user), "only those who lead may choose"
    CodesignProcess.objects.filter(pk=process.pk).update(convener=beside.person)
    assert asked not in week(client, leader.user)


def test_nobody_is_asked_about_what_is_over(
    town: Town, process: CodesignProcess, contact: Membership, client: Client
) -> None:
    leader = member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    membership_end(membership=contact, by=town.coordinator.user)
    CodesignProcess.objects.filter(pk=process.pk).update(
        state=ProcessState.ENDED, ended_on=timezone.localdate()
    )
    assert "velg en ny kontaktperson" not in week(client, leader.user)


def test_whoever_ends_the_role_is_told_of_the_group(
    town: Town, process: CodesignProcess, contact: Membership, client: Client
) -> None:
    second = member(town.municipality, Role.PLACE_CONTACT, unit=town.unit, user=contact.user)
    Membership.objects.filter(pk=second.pk).update(person=contact.person)
    client.force_login(town.coordinator.user)
    url = reverse("membership_end", args=[contact.pk])
    assert "Prøve kafé" not in client.get(url).content.decode(), "she has another role to be it by"
    membership_end(membership=second, by=town.coordinator.user)
    assert "Kontaktperson for gruppa: Prøve kafé" in client.get(url).content.decode()


def test_moved_to_another_unit_she_opens_what_she_is_contact_of(
    town: Town, process: CodesignProcess, contact: Membership, client: Client
) -> None:
    other = UnitFactory.create(municipality=town.municipality)
    Membership.objects.filter(pk=contact.pk).update(unit=other)
    proposal = ProposalFactory.create(process=process)
    forget_access([contact.user])
    assert contact.person in receivers(proposal)
    client.force_login(contact.user)
    for name, args in (("process", [process.pk]), ("proposal_answer", [process.pk, proposal.pk])):
        assert client.get(reverse(name, args=args)).status_code == 200
    beside: Any = member(town.municipality, Role.STAFF, unit=other)
    client.force_login(beside.user)
    assert client.get(reverse("process", args=[process.pk])).status_code == 404


def test_after_her_role_she_sits_as_a_participant_only(
    town: Town, process: CodesignProcess, contact: Membership, client: Client
) -> None:
    ParticipantFactory.create(process=process, person=contact.person, side=Side.STAFF)
    other = ParticipantFactory.create(process=process)
    client.force_login(contact.user)
    assert client.get(reverse("participant", args=[process.pk, other.pk])).status_code == 200
    Membership.objects.filter(pk=contact.pk).update(ended_at=timezone.now())
    assert client.get(reverse("process", args=[process.pk])).status_code == 200
    for name in ("participant", "participant_adaptation_for"):
        assert client.get(reverse(name, args=[process.pk, other.pk])).status_code == 403
    assert client.get(reverse("process_edit", args=[process.pk])).status_code == 403
