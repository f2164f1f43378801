"""A promise is kept once: whatever is slow, away, killed or new."""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from samskaping.core.models import Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.services import outbox
from samskaping.core.services.outbox import (
    Handler,
    outbox_add,
    outbox_add_many,
    outbox_claim,
    outbox_deliver_row,
    outbox_handler,
    outbox_sweep,
    outbox_work,
)
from samskaping.core.tasks import outbox_deliver
from tests.core import worker_app  # noqa: F401 - registers the kinds
from tests.factories.accounts import UserFactory
from tests.factories.core import MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The doorbell, without Redis: ids, and 0 for a call without one."""
    heard: list[int] = []
    monkeypatch.setattr(outbox, "_ring", heard.append)
    monkeypatch.setattr(outbox, "_call", lambda: heard.append(0))
    monkeypatch.setattr(outbox, "_standing_in_redis", lambda: 0)
    return heard


@pytest.fixture
def sends() -> Iterator[Callable[[Handler], Handler]]:
    """Lets a test say what kind «try» does."""
    before = dict(outbox._handlers)
    yield lambda handler: outbox_handler("try")(handler)
    outbox._handlers.clear()
    outbox._handlers.update(before)


def waiting(**fields: Any) -> Outbox:
    return Outbox.objects.create(**{"kind": "try", "key": "1", **fields})


def again(row: Outbox) -> Outbox:
    return Outbox.objects.get(pk=row.pk)


def make_due(row: Outbox) -> None:
    Outbox.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def run_out(row: Outbox) -> None:
    Outbox.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


# --- Promising ------------------------------------------------------------------------------------
def test_same_promise_stands_once(
    sends: Any, django_capture_on_commit_callbacks: Any, rung: list[int]
) -> None:
    sends(lambda row: True)
    with django_capture_on_commit_callbacks(execute=True):
        first = outbox_add("try", "1", payload={"user": 1})
        second = outbox_add("try", "1", payload={"user": 1})
    assert first is not None
    assert second is None
    assert rung == [first.pk]


@pytest.mark.django_db(transaction=True)
def test_promise_needs_the_changes_transaction() -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        outbox_add("try_mail", "1", payload={})


def test_unknown_kind_cannot_be_promised() -> None:
    with pytest.raises(KeyError):
        outbox_add("no_such_kind", "1", payload={})


@pytest.mark.django_db(transaction=True)
def test_change_that_did_not_happen_promises_nothing(rung: list[int]) -> None:
    def change() -> None:
        with transaction.atomic():
            outbox_add("try_mail", "1", payload={})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert (Outbox.objects.count(), rung) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_redis_away_reaches_nobody(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A real publish to a socket nobody listens on: the commit stands, and the sweep rings for it later."""
    from kombu.exceptions import OperationalError

    from samskaping.celery import app

    monkeypatch.setattr(outbox, "_silent_until", 0.0)

    def away(*_args: Any, **_kwargs: Any) -> Any:
        return app.connection_for_write(url="redis+socket:///nowhere/redis.sock")

    monkeypatch.setattr(
        type(app.amqp.producer_pool), "acquire", lambda *_a, **_k: away().Producer(auto_declare=False)
    )
    with pytest.raises((OperationalError, OSError)):
        outbox._ring(1)
    with caplog.at_level(logging.ERROR), transaction.atomic():
        row = outbox_add("try_mail", "1", payload={"user": 0})
    assert row is not None
    assert again(row).state == OutboxState.WAITING
    heard: list[int] = []
    monkeypatch.setattr(outbox, "_call", lambda: heard.append(0))
    monkeypatch.setattr(outbox, "_standing_in_redis", lambda: 0)
    assert outbox_sweep() == 1
    assert heard == [0]


@pytest.mark.django_db(transaction=True)
def test_redis_that_does_not_answer_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time costs two seconds of somebody's wait; after a while it is asked again."""
    asked: list[int] = []

    def silent(outbox_id: int) -> None:
        asked.append(outbox_id)
        raise OSError

    monkeypatch.setattr(outbox, "_ring", silent)
    monkeypatch.setattr(outbox, "_silent_until", 0.0)
    for key in "123":
        with transaction.atomic():
            outbox_add("try_mail", key, payload={"user": 0})
    assert len(asked) == 1
    monkeypatch.setattr(outbox, "_silent_until", 0.0)
    with transaction.atomic():
        outbox_add("try_mail", "4", payload={"user": 0})
    assert len(asked) == 2


# --- Claiming and finishing -----------------------------------------------------------------------
def keeping(sent: list[Outbox]) -> Handler:
    """A way of sending that only remembers."""

    def handler(row: Outbox) -> bool:
        sent.append(row)
        return True

    return handler


def test_sent_once(sends: Any) -> None:
    sent: list[Outbox] = []
    sends(keeping(sent))
    row = waiting()
    assert [outbox_deliver_row(row.pk) for _ in range(3)] == [OutboxState.SENT, None, None]
    assert len(sent) == 1
    done = again(row)
    assert (done.state, done.lease_token, done.attempts) == (OutboxState.SENT, None, 1)
    assert done.finished_at is not None


def test_reason_gone_is_dropped(sends: Any) -> None:
    sends(lambda row: False)
    row = waiting()
    assert outbox_deliver_row(row.pk) == OutboxState.DROPPED


def test_not_before_its_time(sends: Any, rung: list[int]) -> None:
    sends(lambda row: True)
    row = waiting(due_at=timezone.now() + timedelta(minutes=5))
    assert outbox_deliver_row(row.pk) is None
    assert outbox_sweep() == 0
    make_due(row)
    assert outbox_sweep() == 1
    assert outbox_deliver_row(row.pk) == OutboxState.SENT


@pytest.mark.django_db(transaction=True)
def test_many_claims_at_once_one_wins() -> None:
    rows = [waiting(key=str(number)) for number in range(20)]
    won: list[int] = []

    def claim(start: threading.Barrier) -> None:
        try:
            for row in rows:
                start.wait()
                if outbox_claim(row.pk):
                    won.append(row.pk)
        finally:
            connection.close()

    barrier = threading.Barrier(4)
    threads = [threading.Thread(target=claim, args=(barrier,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [row.pk for row in rows]


def test_lease_that_ran_out_is_sent_again_as_the_same_message(sends: Any, rung: list[int]) -> None:
    sends(lambda row: True)
    row = waiting()
    first = outbox_claim(row.pk)
    assert first is not None
    assert outbox_claim(row.pk) is None, "another worker holds it"
    assert outbox_sweep() == 0
    run_out(row)
    assert outbox_sweep() == 1
    second = outbox_claim(row.pk)
    assert second is not None
    assert second.message_id == first.message_id
    assert (second.lease_token != first.lease_token, second.attempts) == (True, 2)


def test_slow_worker_whose_lease_was_taken_changes_nothing(sends: Any) -> None:
    row = waiting()

    def slow(mine: Outbox) -> bool:
        run_out(mine)
        assert outbox_claim(mine.pk) is not None, "somebody else took it meanwhile"
        return True

    sends(slow)
    outbox_deliver_row(row.pk)
    after = again(row)
    assert (after.state, after.finished_at, after.attempts) == (OutboxState.LEASED, None, 2)


def test_what_a_newer_portal_wrote_stays_for_it(sends: Any) -> None:
    sends(lambda row: pytest.fail("this version knows nothing of it"))
    for row in (waiting(payload_version=2), waiting(kind="from_the_future")):
        assert outbox_deliver_row(row.pk) == OutboxState.WAITING
        assert again(row).problem == "unknown_version"
        assert again(row).due_at > timezone.now()


def test_what_a_newer_portal_wrote_is_never_given_up(sends: Any) -> None:
    sends(lambda row: True)
    row = waiting(payload_version=2, attempts=outbox.MAX_ATTEMPTS + 3)
    assert outbox_deliver_row(row.pk) == OutboxState.WAITING


def test_undeliverable_is_dead_at_once() -> None:
    row = waiting(kind="try_mail", payload={"user": UserFactory.create(email=None).pk})
    assert outbox_deliver_row(row.pk) == OutboxState.DEAD
    assert again(row).problem == "no_address"


def test_trouble_waits_longer_each_time_and_ends(sends: Any) -> None:
    sends(lambda row: 1 / 0 > 0)
    row = waiting()
    waits = []
    for _attempt in range(outbox.MAX_ATTEMPTS - 1):
        assert outbox_deliver_row(row.pk) == OutboxState.WAITING
        waits.append(round((again(row).due_at - timezone.now()).total_seconds() / 20))
        make_due(row)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 180], "doubles from 20 seconds to an hour"
    assert outbox_deliver_row(row.pk) == OutboxState.DEAD
    assert again(row).problem == "ZeroDivisionError"


def test_mail_server_away_over_a_weekend_gives_up_nothing(sends: Any) -> None:
    """Ten tries are over in three hours. What is away comes back; what is wrong with us does not."""

    def away(row: Outbox) -> bool:
        raise ConnectionRefusedError

    sends(away)
    row = waiting()
    waited = timedelta()
    while outbox_deliver_row(row.pk) == OutboxState.WAITING:
        waited += again(row).due_at - timezone.now()
        make_due(row)
    assert timedelta(days=2, hours=18) < waited < timedelta(days=4)
    assert (again(row).state, again(row).problem) == (OutboxState.DEAD, "ConnectionRefusedError")


def test_message_that_kills_its_worker_is_given_up(sends: Any) -> None:
    """Whoever handles it is killed and records nothing, so only the next to claim it can count."""
    sends(lambda row: True)
    row = waiting()
    for _attempt in range(outbox.MAX_ATTEMPTS):
        assert outbox_claim(row.pk) is not None
        run_out(row)
    assert outbox_deliver_row(row.pk) == OutboxState.DEAD
    assert again(row).problem == "worker_lost"


def test_trouble_that_was_told_is_no_loss(sends: Any) -> None:
    sends(lambda row: 1 / 0 > 0)
    row = waiting()
    for _attempt in range(3):
        outbox_deliver_row(row.pk)
        make_due(row)
    assert (again(row).attempts, again(row).losses) == (3, 0)


def test_lease_outlasts_the_delivery() -> None:
    """Else a row would be taken from a worker that is still at it, and sent twice."""
    soft, hard = outbox_deliver.soft_time_limit, outbox_deliver.time_limit
    assert soft
    assert hard
    assert soft < hard < outbox.LEASE.total_seconds()


def test_sweep_calls_no_more_hands_than_stand_idle(rung: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls that nobody answers do not pile up, as they would while a mail server hangs."""
    monkeypatch.setattr(outbox, "HANDS", 5)
    for number in range(4):
        waiting(key=str(number))
    monkeypatch.setattr(outbox, "_standing_in_redis", lambda: 1)
    assert outbox_sweep() == 3, "one for each letter, and one of them stands there"
    for number in range(4, 8):
        waiting(key=str(number))
    assert outbox_sweep() == 4
    monkeypatch.setattr(outbox, "_standing_in_redis", lambda: 9)
    assert outbox_sweep() == 0


def test_trouble_is_told_by_its_type_and_never_by_what_it_says(
    sends: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """An SMTP answer repeats the address."""

    def refuse(row: Outbox) -> bool:
        raise SMTPRecipientsRefused({"kanarifugl@prove.example": (550, b"kanarifugl is unknown")})

    sends(refuse)
    row = waiting(payload={"user": 1})
    from samskaping.core.logs import JsonFormatter

    with caplog.at_level(logging.WARNING):
        outbox_deliver_row(row.pk)
    said = [JsonFormatter().format(record) for record in caplog.records]
    assert any("SMTPRecipientsRefused" in line for line in said)
    assert not any("kanarifugl" in line for line in said)
    kept = Outbox.objects.filter(pk=row.pk).values().get()
    assert "kanarifugl" not in str(kept)


# --- Working through what is due --------------------------------------------------------------------
def test_longest_overdue_is_taken_first(sends: Any, rung: list[int]) -> None:
    sent: list[Outbox] = []
    sends(keeping(sent))
    ago = [timedelta(minutes=minutes) for minutes in (1, 3, 2)]
    rows = [waiting(key=str(number), due_at=timezone.now() - late) for number, late in enumerate(ago)]
    waiting(key="later", due_at=timezone.now() + timedelta(minutes=1))
    waiting(key="held", held=True)
    assert outbox_work() == 3
    assert sent == [rows[1], rows[2], rows[0]]
    assert (outbox_work(), rung) == (0, [])


def test_who_stops_calls_somebody_to_go_on(
    sends: Any, rung: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a code for somebody at the sign-in page waits a second, however many reminders there are."""
    monkeypatch.setattr(outbox, "AT_IT", 0.0)
    sends(lambda row: True)
    for number in range(3):
        waiting(key=str(number))
    assert outbox_work() == 1
    assert rung == [0, 0], "one for each that is left"


def test_redis_gone_meanwhile_undoes_nothing(sends: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> int:
        raise ConnectionError

    monkeypatch.setattr(outbox, "AT_IT", 0.0)
    monkeypatch.setattr(outbox, "_standing_in_redis", away)
    sends(lambda row: True)
    rows = [waiting(key=str(number)) for number in range(2)]
    assert outbox_work() == 1
    assert [again(row).state for row in rows] == [OutboxState.SENT, OutboxState.WAITING]


def test_many_are_promised_with_a_few_calls(
    sends: Any, rung: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    sends(lambda row: True)
    where = MunicipalityFactory.create().pk
    keys = [str(number) for number in range(50)]
    with django_capture_on_commit_callbacks(execute=True):
        made = outbox_add_many("try", {key: {} for key in keys}, municipality_ids=dict.fromkeys(keys, where))
    assert (made, rung) == (50, [0] * outbox.HANDS)


@pytest.mark.django_db(transaction=True)
def test_many_hands_take_each_letter_once(sends: Any) -> None:
    sent: list[Outbox] = []
    sends(keeping(sent))
    rows = [waiting(key=str(number)) for number in range(60)]

    def work(start: threading.Barrier) -> None:
        try:
            start.wait()
            outbox_work()
        finally:
            connection.close()

    barrier = threading.Barrier(4)
    threads = [threading.Thread(target=work, args=(barrier,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(row.pk for row in sent) == [row.pk for row in rows]


def test_called_as_often_as_one_likes_each_is_sent_once(sends: Any, rung: list[int]) -> None:
    sent: list[Outbox] = []
    sends(keeping(sent))
    for number in range(3):
        waiting(key=str(number))
    assert [outbox_sweep() for _ in range(3)] == [3, 3, 3]
    for _call in rung:
        outbox_work()
    assert len(sent) == 3
    assert outbox_sweep() == 0


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": "leased"}, "outbox_leased_has_lease"),
        ({"state": "sent"}, "outbox_finished_has_time"),
        ({"state": "waiting", "finished_at": timezone.now()}, "outbox_finished_has_time"),
    ],
)
def test_database_refuses_half_a_state(fields: dict[str, Any], constraint: str) -> None:
    with pytest.raises(Exception, match=constraint), transaction.atomic():
        waiting(**fields)
