"""The whole way with the real parts: commit, Redis, a Celery worker of its own, SMTP."""

import json
import pickle
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from samskaping.celery import app
from samskaping.core.models import Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.services.outbox import outbox_add, outbox_claim, outbox_sweep
from tests.core import worker_app  # noqa: F401 - registers the kinds
from tests.core.servers import MailServer, wait_for, worker
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "owner"]), pytest.mark.fault]


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer().running() as server:
        yield server


@pytest.fixture
def queue() -> Iterator[str]:
    """One of its own: all test processes share one Redis."""
    usual = app.conf.task_default_queue
    app.conf.task_default_queue = f"try-{uuid.uuid4().hex}"
    yield app.conf.task_default_queue
    app.conf.task_default_queue = usual


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "worker.log"


@pytest.fixture
def working(mail: MailServer, queue: str, log: Path) -> Iterator[Any]:
    host, port = mail.address
    with worker(log, queue, MAIL_URL=f"smtp://{host}:{port}") as process:
        yield process


def promise(key: str = "1") -> Outbox:
    user = UserFactory.create(email=f"kanarifugl{key}@prove.example")
    with transaction.atomic():
        row = outbox_add("try_mail", key, payload={"user": user.pk})
    assert row is not None
    return row


def state(row: Outbox) -> str:
    return Outbox.objects.get(pk=row.pk).state


def test_from_commit_to_letter_box(mail: MailServer, working: Any, log: Path) -> None:
    row = promise()
    wait_for(lambda: state(row) == OutboxState.SENT)
    (letter,) = mail.got
    assert letter["To"] == "kanarifugl1@prove.example"
    assert letter["Message-ID"] == f"<{row.message_id}@localhost>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "Kari" not in letter["Subject"]
    # Nothing is said of whom it went to: not in the row, not in the worker's log.
    assert "kanarifugl" not in str(Outbox.objects.filter(pk=row.pk).values().get())
    assert "kanarifugl" not in log.read_text()
    # Rung for ever after, it is sent no more.
    for _ in range(3):
        outbox_sweep()
    later = promise("2")
    wait_for(lambda: state(later) == OutboxState.SENT)
    assert len(mail.got) == 2


def test_server_that_says_later_gets_it_later(mail: MailServer, working: Any) -> None:
    mail.answer = "451 Try again"
    row = promise()
    wait_for(lambda: Outbox.objects.get(pk=row.pk).problem)
    assert state(row) == OutboxState.WAITING
    mail.answer = None
    Outbox.objects.filter(pk=row.pk).update(due_at=timezone.now())
    outbox_sweep()
    wait_for(lambda: state(row) == OutboxState.SENT)
    assert [letter["Message-ID"] for letter in mail.got] == [f"<{row.message_id}@localhost>"]


def test_killed_worker_loses_nothing(mail: MailServer, queue: str, log: Path) -> None:
    """Claimed and then gone for good: the lease runs out, the sweep rings, another worker sends."""
    row = promise()
    claimed = outbox_claim(row.pk)
    assert claimed is not None
    Outbox.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    host, port = mail.address
    with worker(log, queue, MAIL_URL=f"smtp://{host}:{port}"):
        outbox_sweep()
        wait_for(lambda: state(row) == OutboxState.SENT)
    assert [letter["Message-ID"] for letter in mail.got] == [f"<{row.message_id}@localhost>"]


def test_task_carries_an_id_and_nothing_else(queue: str) -> None:
    row = promise()
    (message,) = broker().lrange(queue, 0, -1)
    envelope = json.loads(message)
    import base64

    args, kwargs, _embed = json.loads(base64.b64decode(envelope["body"]))
    assert (args, kwargs) == ([row.pk], {})
    assert b"kanarifugl" not in message


def test_forged_messages_do_nothing(
    mail: MailServer, working: Any, queue: str, log: Path, tmp_path: Path
) -> None:
    """T24: who reaches Redis can push. A pickle is not opened, a name not run, a header not believed.

    (What is no message at all ends the worker, as any Celery worker; its keeper starts it again.)
    """
    proof = tmp_path / "opened"
    row = promise("real")
    wait_for(lambda: state(row) == OutboxState.SENT)
    waiting = Outbox.objects.create(kind="try_mail", key="later", payload={"user": 0}, due_at=far())
    for forged in (
        message(pickle.dumps(((Bomb(proof),), {}, {})), "application/x-python-serialize", "binary"),
        message(b'[["x"], {}, {}]', "application/json", "utf-8", task="os.system"),
        message(b'[["id"], {"admin": true}, {}]', "application/json", "utf-8"),
        message(
            json.dumps([[waiting.pk], {}, {}]).encode(), "application/json", "utf-8",
            admin=True, municipality="0301", user=1,
        ),
    ):  # fmt: skip
        broker().lpush(queue, forged)
    after = promise("after")
    if not _sent(after):
        pytest.fail(log.read_text()[-3000:])
    assert not proof.exists()
    assert "unexpected keyword" not in log.read_text(), "what a task said when it failed may hold a value"
    assert state(waiting) == OutboxState.WAITING, "not due, whatever the header says"
    assert {letter["To"] for letter in mail.got} == {
        "kanarifuglreal@prove.example",
        "kanarifuglafter@prove.example",
    }


def _sent(row: Outbox) -> bool:
    try:
        wait_for(lambda: state(row) == OutboxState.SENT)
    except AssertionError:
        return False
    return True


class Bomb:
    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> Any:
        return (open, (str(self.proof), "w"))


def far() -> Any:
    return timezone.now() + timedelta(days=1)


def message(
    body: bytes, content_type: str, encoding: str, *, task: str = "core.outbox_deliver", **headers: Any
) -> bytes:
    import base64

    identity = uuid.uuid4().hex
    return json.dumps(
        {
            "body": base64.b64encode(body).decode(),
            "content-encoding": encoding,
            "content-type": content_type,
            "headers": {"lang": "py", "task": task, "id": identity, "root_id": identity, **headers},
            "properties": {
                "correlation_id": identity,
                "delivery_mode": 2,
                "delivery_info": {"exchange": "", "routing_key": "x"},
                "priority": 0,
                "body_encoding": "base64",
                "delivery_tag": uuid.uuid4().hex,
            },
        }
    ).encode()


def broker() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL)
