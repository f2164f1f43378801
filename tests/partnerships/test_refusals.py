"""An address the server refuses for good: no more tries, and staff see it. Real SMTP, in-process."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import Person
from partnerships.services.invitation import invitation_send
from samskaping.accounts.permissions import Role
from samskaping.core.models import Outbox
from samskaping.core.models.outbox import OutboxState
from tests.core.servers import MailServer
from tests.partnerships.conftest import Town, deliver

pytestmark = pytest.mark.django_db


class Postmaster(MailServer):
    """`recipient` is its answer when told whom the letter is to; None for yes."""

    recipient: str | None = None

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.recipient:
            return self.recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def server(settings: Any) -> Iterator[Postmaster]:
    server = Postmaster()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.address
    with server.running():
        yield server


@pytest.fixture
def invited(town: Town) -> Person:
    return invitation_send(
        municipality=town.municipality,
        role=Role.STAFF,
        unit=town.unit,
        name="Åse Nordmann",
        email="aase@prove.example",
        by=town.coordinator.user,
    ).person


FOR_GOOD = (
    "550 No such user",
    "550 5.1.1 Unknown",
    "550 5.4.1 Access denied",
    "553 Bad",
    "550 5.2.1 Disabled",
)
NOT_HERS = ("450 Later", "421 Closing", "503 Sequence", "550 5.7.1 Relaying denied", "553 5.1.8 Bad sender")


@pytest.mark.parametrize("answer", FOR_GOOD)
@pytest.mark.parametrize("when", ["recipient", "answer"])
def test_no_for_good_ends_the_tries_and_is_seen(
    server: Postmaster, invited: Person, town: Town, client: Client, answer: str, when: str
) -> None:
    setattr(server, when, answer)
    assert deliver() == [OutboxState.DEAD]
    invited.refresh_from_db()
    assert invited.email_failed_at is not None
    assert Outbox.objects.get(kind="invitation").problem == "email_refused"
    client.force_login(town.coordinator.user)
    assert "E-posten kom ikke fram" in client.get(reverse("members")).content.decode()


@pytest.mark.parametrize("answer", NOT_HERS)
@pytest.mark.parametrize("when", ["recipient", "answer"])
def test_no_for_now_or_about_us_is_tried_again(
    server: Postmaster, invited: Person, answer: str, when: str
) -> None:
    setattr(server, when, answer)
    assert deliver() == [OutboxState.WAITING]
    invited.refresh_from_db()
    assert invited.email_failed_at is None


def test_server_that_is_away_is_tried_again(settings: Any, invited: Person) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert deliver() == [OutboxState.WAITING]
