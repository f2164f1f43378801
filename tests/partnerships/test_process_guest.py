"""A guest or mentor: let in to one process by invitation, told nobody's name, and gone on her day."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Attendance, CodesignProcess, Invitation, Membership
from partnerships.models.proposal import ProposalOutcome
from partnerships.services.invitation import invitation_accept
from partnerships.services.membership import membership_change
from partnerships.services.process import process_start
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError
from samskaping.core.services.reference import reference_load
from samskaping.core.sms import shown_number
from tests.factories.codesign import (
    AgendaItemFactory,
    CommentFactory,
    MeetingFactory,
    ParticipantFactory,
    ProcessFactory,
    ProcessTaskFactory,
    ProposalFactory,
)
from tests.factories.partnerships import member
from tests.partnerships.conftest import Town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def texts_loaded(db: None) -> None:
    reference_load()


def page(client: Client, process: CodesignProcess) -> str:
    response = client.get(reverse("process", args=[process.pk]))
    assert response.status_code == 200
    return str(response.content.decode())


def guest_of(process: CodesignProcess) -> Membership:
    until = timezone.localdate() + timedelta(days=3)
    return member(process.municipality, Role.GUEST, process=process, valid_to=until)


def test_sees_one_process_and_no_other(town: Town, client: Client) -> None:
    process = ProcessFactory.create(municipality=town.municipality, title="Den ene")
    other = ProcessFactory.create(municipality=town.municipality, title="Den andre")
    client.force_login(guest_of(process).user)
    assert "Den ene" in page(client, process)
    assert client.get(reverse("process", args=[other.pk])).status_code == 404
    assert client.get(reverse("process_edit", args=[process.pk])).status_code == 403
    assert "Den andre" not in client.get(reverse("processes")).content.decode()
    assert client.get(reverse("partnerships")).status_code == 403
    assert client.get(reverse("members")).status_code == 403


def test_is_let_in_by_invitation(town: Town, client: Client) -> None:
    process = process_start(municipality=town.municipality, title="Middag sammen", by=town.coordinator.user)
    until = timezone.localdate() + timedelta(days=20)
    url = reverse("process_guest", args=[process.pk])
    form = {"name": "Mona Mentor", "email": "mona@prove.example", "valid_to": until.isoformat()}
    client.force_login(town.coordinator.user)
    refused = client.post(url, {**form, "valid_to": "2020-01-01"}).content.decode()
    assert "Velg en dag som kommer." in refused
    assert client.post(url, form).status_code == 302
    assert process.title in client.get(reverse("members")).content.decode()
    user, guest = invitation_accept(invitation=Invitation.objects.get(), user=None)
    assert (guest.role, guest.process, guest.valid_to) == (Role.GUEST, process, until)

    client.force_login(user)
    assert process.title in page(client, process)
    # Where she lands she finds the way to it, and reads until when.
    home = client.get(reverse("my_page")).content.decode()
    assert process.title in home
    assert "Du kan lese til og med" in home
    with pytest.raises(DomainError):
        membership_change(membership=guest, valid_to=None, by=town.coordinator.user)


def test_is_gone_on_her_day(town: Town, client: Client) -> None:
    process = ProcessFactory.create(municipality=town.municipality)
    guest = guest_of(process)
    client.force_login(guest.user)
    page(client, process)
    today = timezone.localdate()
    Membership.objects.filter(pk=guest.pk).update(
        valid_from=today - timedelta(days=9), valid_to=today - timedelta(days=1)
    )
    assert client.get(reverse("process", args=[process.pk])).status_code == 404
    assert client.get(reverse("processes")).status_code == 403
    assert process.title not in client.get(reverse("my_page")).content.decode()


PHONE = "+4790000099"
NAMES = ("Kvitre", "Perle", "Solveig", "Ottar", "Gudny", shown_number(PHONE))


def test_is_told_nobodys_name(town: Town, client: Client) -> None:
    """Not the group's, not the staff's: the convener, who answered, who commented, who came, who holds."""
    convener = member(town.municipality, Role.STAFF, unit=town.unit, name="Kvitre Kontakt")
    assert convener.person is not None
    convener.person.phone = PHONE
    convener.person.save()
    process = ProcessFactory.create(
        municipality=town.municipality, unit=town.unit, convener=convener.person, title="Den ene"
    )
    perle = ParticipantFactory.create(process=process, person__name="Perle Deltaker")
    ParticipantFactory.create(process=process, person__name="Solveig Spurt", joined_at=None, consent_at=None)
    ottar = member(town.municipality, Role.STAFF, unit=town.unit, name="Ottar Svarer")
    proposal = ProposalFactory.create(
        process=process, participant=perle, outcome=ProposalOutcome.TAKEN_IN, reason="Fint",
        answered_by=ottar.person, answered_at=timezone.now(),
    )  # fmt: skip
    gudny = member(town.municipality, Role.STAFF, unit=town.unit, name="Gudny Sier")
    CommentFactory.create(proposal=proposal, person=gudny.person)
    CommentFactory.create(proposal=proposal, person=perle.person)
    ProcessTaskFactory.create(process=process, holder=perle)
    meeting = MeetingFactory.create(process=process, created_by=ottar.user)
    AgendaItemFactory.create(meeting=meeting)
    Attendance.objects.create(municipality=town.municipality, meeting=meeting, participant=perle)

    read = {
        reverse(name, args=[process.pk, *more])
        for name, more in (
            ("process", ()), ("participants", ()), ("process_tasks", ()), ("proposals", ()),
            ("proposal_answers", ()), ("process_problem_versions", ()), ("meetings", ()),
            ("proposal", (proposal.pk,)), ("meeting", (meeting.pk,)), ("minutes", (meeting.pk,)),
            ("meeting_calendar", (meeting.pk,)),
        )
    }  # fmt: skip

    def told_to(user: Any) -> dict[str, str]:
        """Names, and a page that tells them."""
        client.force_login(user)
        answers = {url: client.get(url) for url in sorted(read)}
        assert {answer.status_code for answer in answers.values()} == {200}
        pages = {url: answer.content.decode() for url, answer in answers.items()}
        return {name: url for url, shown in pages.items() for name in NAMES if name in shown}

    assert told_to(guest_of(process).user) == {}
    # To whoever convenes it they are all there, so it is the guest they are kept from.
    assert set(told_to(convener.user)) == set(NAMES)
