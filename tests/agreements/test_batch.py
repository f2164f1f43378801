"""One text to many: each her own, stopped and let go on, and what fails for one holds nobody else back."""

import os
import signal
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agreements import freezing
from agreements.models import Agreement, Batch, BatchRow, Envelope
from agreements.selectors.batch import progress_of
from agreements.services import batch as batches
from agreements.services.batch import batch_pause, batch_resume
from partnerships.models import Person
from partnerships.services.privacy import person_erase
from samskaping.core.errors import StateChanged
from samskaping.core.models import Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.pdf import PdfRefused
from samskaping.core.services.outbox import outbox_deliver_row
from tests.factories.agreements import found_text
from tests.partnerships.conftest import Town, make_town
from tests.partnerships.test_races import at_once

pytestmark = pytest.mark.django_db
TWO = "Prøve En; en@lag.example\nPrøve To\t99 00 00 11\n"


def reached(unit: Any) -> None:
    """Somebody to ring when in doubt stands in each declaration."""
    unit.phone = "99000000"
    unit.save()


@pytest.fixture
def town() -> Town:
    made = make_town()
    reached(made.unit)
    return made


def started(town: Town, client: Client, lines: str = TWO) -> Any:
    client.force_login(town.coordinator.user)
    data = {
        "text": str(found_text("taushet-kommune").pk),
        "side": f"unit-{town.unit.pk}",
        "people": lines,
    }
    return client.post(reverse("batch_new"), data)


def many(count: int) -> str:
    return "".join(f"Prøve Person {n}; nr{n}@lag.example\n" for n in range(count))


def promised() -> list[int]:
    waiting = Outbox.objects.filter(kind=batches.KIND, state=OutboxState.WAITING)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def run(most: int = 1000) -> None:
    for pk in promised()[:most]:
        outbox_deliver_row(pk)


def test_a_wrong_line_stops_all(town: Town, client: Client) -> None:
    page = started(town, client, "Prøve En; en@lag.example\nPrøve To\n").content.decode()
    assert "linje 2" in page
    assert not Batch.objects.exists()


def test_what_stands_empty_is_told_before_anybody_is_asked(town: Town, client: Client) -> None:
    town.unit.phone = ""
    town.unit.save()
    page = started(town, client).content.decode()
    assert "hvem man ringer" in page
    assert town.unit.name in page
    for left in (Batch.objects, Agreement.objects, Person.objects.filter(name="Prøve To")):
        assert not left.exists()
    assert not promised()


def test_each_gets_her_own_to_sign(town: Town, client: Client) -> None:
    assert started(town, client).status_code == 302
    assert not Agreement.objects.exists(), "what was tried beforehand is taken back"
    run()
    batch = Batch.objects.get()
    trouble = list(BatchRow.objects.values_list("failed_because", flat=True))
    assert (progress_of(batch).sent, progress_of(batch).failed) == (2, 0), trouble
    found = Agreement.objects.filter(state="sent", kind="confidentiality", ends_on=None)
    assert set(found.values_list("person__name", flat=True)) == {"Prøve En", "Prøve To"}
    documents = {envelope.document for envelope in Envelope.objects.select_related("document__file")}
    assert len({document.control_code for document in documents}) == 2
    assert all(bytes(document.file.content).startswith(b"%PDF-") for document in documents)
    page = client.get(reverse("batch", args=[batch.pk])).content.decode()
    assert "Prøve To" in page
    assert "data-hx-trigger" not in page, "nothing leaves any more"


def test_stopped_on_the_way_and_let_go_on(town: Town, client: Client) -> None:
    started(town, client, many(5))
    batch, address = Batch.objects.get(), reverse("batch", args=[Batch.objects.get().pk])
    assert "every 2s" in client.get(address).content.decode()
    run(2)
    assert "2 av 5 er sendt" in client.get(address).content.decode()
    client.post(reverse("batch_pause", args=[batch.pk]))
    run()
    page = client.get(address).content.decode()
    assert progress_of(batch).sent == 2, "those that were promised stay"
    assert "3 er ikke sendt" in page
    assert "every 2s" not in page
    with pytest.raises(StateChanged):
        batch_pause(batch=batch, by=town.coordinator.user)
    client.post(reverse("batch_resume", args=[batch.pk]))
    with pytest.raises(StateChanged):
        batch_resume(batch=batch, by=town.coordinator.user)
    run()
    assert progress_of(batch).sent == Agreement.objects.filter(state="sent").count() == 5
    assert "5 av 5 er sendt" in client.get(address).content.decode()


def test_what_fails_for_one_stands_beside_her_name(
    town: Town, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(town, client, many(3))
    batch, freeze = Batch.objects.get(), freezing.freeze

    def refuses_one(agreement: Agreement) -> Any:
        if agreement.person is not None and agreement.person.name == "Prøve Person 1":
            raise PdfRefused("too_large")
        return freeze(agreement)

    monkeypatch.setattr(batches, "freeze", refuses_one)
    run()
    progress = progress_of(batch)
    assert (progress.sent, progress.failed, progress.left) == (2, 1, 0)
    page = client.get(reverse("batch", args=[batch.pk])).content.decode()
    assert "Prøve Person 1: Vi klarte ikke å lage dokumentet." in page
    assert "every 2s" not in page
    monkeypatch.setattr(batches, "freeze", freeze)
    batch_resume(batch=batch, by=town.coordinator.user)
    run()
    assert (progress_of(batch).sent, progress_of(batch).failed) == (3, 0)


def test_what_the_outbox_gave_up_can_be_sent_once_more(town: Town, client: Client) -> None:
    started(town, client)
    batch = Batch.objects.get()
    with pytest.raises(StateChanged):
        batch_resume(batch=batch, by=town.coordinator.user)
    Outbox.objects.filter(kind=batches.KIND).update(state=OutboxState.DEAD, finished_at=timezone.now())
    page = client.get(reverse("batch", args=[batch.pk])).content.decode()
    assert "Gå videre" in page
    assert "every 2s" not in page
    batch_resume(batch=batch, by=town.coordinator.user)
    run()
    assert progress_of(batch).sent == 2


def test_two_at_one_address_are_told_apart(town: Town, client: Client) -> None:
    page = started(town, client, "Prøve En; en@lag.example\nPrøve To; en@lag.example\n").content.decode()
    assert "Samme adresse på linje 1/2." in page
    assert not Batch.objects.exists()


def test_a_long_list_asks_no_more_of_the_database_than_a_short_one(town: Town, client: Client) -> None:
    started(town, client)  # what is looked up once per process
    asked = []
    for count in (2, 40):
        with CaptureQueriesContext(connection) as captured:
            lines = "".join(f"Prøve Person {n}; av{count}-{n}@lag.example\n" for n in range(count))
            assert started(town, client, lines).status_code == 302
        asked.append(len(captured.captured_queries))
    assert asked[0] == asked[1]
    assert Person.objects.filter(email__startswith="av").count() == 42


def test_who_is_erased_meanwhile_is_asked_nothing(town: Town, client: Client) -> None:
    started(town, client, many(2))
    person_erase(person=Person.objects.get(name="Prøve Person 1"), by=town.coordinator.user)
    run()
    progress = progress_of(Batch.objects.get())
    assert (progress.people, progress.sent, progress.left) == (1, 1, 0)
    assert Agreement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_two_workers_at_one_row_make_one_agreement(client: Client) -> None:
    town = make_town()
    reached(town.unit)
    started(town, client)
    rows = list(Outbox.objects.filter(kind=batches.KIND).order_by("pk"))
    outcome = at_once(*[partial(batches.send_one, rows[0]) for _worker in range(3)])
    assert sorted(outcome) == [False, False, True]
    assert Agreement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.fault
@pytest.mark.parametrize("point", ["agreement_start", "freeze", "envelope_send"])
def test_a_killed_worker_leaves_nothing_and_the_next_makes_it_once(client: Client, point: str) -> None:
    town = make_town()
    reached(town.unit)
    started(town, client, many(1))
    [row] = promised()
    assert _deliver_and_die(row, point) == signal.SIGKILL
    assert not Agreement.objects.exists()
    Outbox.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert outbox_deliver_row(row) == OutboxState.SENT
    assert Agreement.objects.filter(state="sent").count() == Envelope.objects.count() == 1


def _deliver_and_die(row: int, point: str) -> int:
    """In a process of its own, killed when the step is done. Gives back the signal it ended by."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            done = getattr(batches, point)

            def last_step(*given: Any, **named: Any) -> None:
                done(*given, **named)
                os.kill(os.getpid(), signal.SIGKILL)

            setattr(batches, point, last_step)
            outbox_deliver_row(row)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    return os.WTERMSIG(status)
