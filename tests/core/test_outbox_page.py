"""Operators' page: what was given up can be tried again or put away, and nothing says whom it was to."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from samskaping.accounts.models import User
from samskaping.core.models import AuditEvent, Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.services.outbox import outbox_deliver_row
from tests.core import worker_app  # noqa: F401 - registers the kinds
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> User:
    return UserFactory.create(is_superuser=True)


@pytest.fixture
def dead() -> Outbox:
    return Outbox.objects.create(
        kind="try_mail", key="kanarifugl", payload={"user": 0, "word": "kanarifugl"}, state=OutboxState.DEAD,
        problem="SMTPServerDisconnected", attempts=10, finished_at=timezone.now(),
    )  # fmt: skip


def test_page_is_technical(client: Client, operator: User, dead: Outbox) -> None:
    client.force_login(operator)
    page = client.get(reverse("outbox")).content.decode()
    assert "SMTPServerDisconnected" in page
    assert "try_mail" in page
    assert "kanarifugl" not in page
    assert reverse("outbox") in client.get(reverse("my_page")).content.decode()


def test_tried_again_it_is_sent_as_the_same_message(client: Client, operator: User, dead: Outbox) -> None:
    client.force_login(operator)
    client.post(reverse("outbox_try_again", args=[dead.pk]))
    row = Outbox.objects.get(pk=dead.pk)
    assert (row.state, row.attempts, row.message_id) == (OutboxState.WAITING, 0, dead.message_id)
    assert outbox_deliver_row(row.pk) == OutboxState.DROPPED  # its user is gone
    assert AuditEvent.objects.get(verb="outbox_tried_again").actor_id == operator.pk


def test_put_away_is_no_longer_dead(client: Client, operator: User, dead: Outbox) -> None:
    client.force_login(operator)
    client.post(reverse("outbox_put_away", args=[dead.pk]))
    assert Outbox.objects.get(pk=dead.pk).state == OutboxState.DROPPED
    assert AuditEvent.objects.filter(verb="outbox_put_away").count() == 1
    client.post(reverse("outbox_try_again", args=[dead.pk]))
    assert Outbox.objects.get(pk=dead.pk).state == OutboxState.DROPPED
    assert not AuditEvent.objects.filter(verb="outbox_tried_again").exists()


@pytest.mark.parametrize("name", ["outbox", "outbox_try_again", "outbox_put_away"])
def test_nobody_else_gets_there(client: Client, dead: Outbox, name: str) -> None:
    client.force_login(UserFactory.create())
    path = reverse(name, args=[] if name == "outbox" else [dead.pk])
    assert (client.get if name == "outbox" else client.post)(path).status_code == 403
    assert Outbox.objects.get(pk=dead.pk).state == OutboxState.DEAD
