"""The demo's own agreements: drafts at once, the rest by the worker, each whole or not there."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from agreements.demo_year import signing
from agreements.models import Agreement, Envelope, Seal
from samskaping.core.models import Municipality, Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.services.outbox import outbox_deliver_row

SENT = {
    "Friluftsdager for skolen": ["sent"],
    "Sang i barnehagen": ["declined"],
    "Kveldskaffe på Fjordheimen": ["active"],
    "Høytlesing på Fjordheimen": ["active", "replaced"],
    "Felles lager på brygga": ["withdrawn"],
    "Strikkekafé på biblioteket": ["active"],
    "Ungdomskveld på omsorgssenteret": ["sent"],
    "Taushetserklæring": ["active"],
}


@pytest.fixture
def loaded(reference: None) -> None:
    call_command("demo", stdout=StringIO())


def promised(kind: str = signing.KIND) -> list[int]:
    return list(Outbox.objects.filter(kind=kind, state=OutboxState.WAITING).values_list("pk", flat=True))


def told() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {title: [] for title in SENT}
    for title, state in Agreement.objects.filter(title__in=SENT).values_list("title", "state"):
        found[title].append(state)
    return {title: sorted(states) for title, states in found.items()}


def test_drafts_are_there_at_once_and_the_worker_makes_the_rest(loaded: None) -> None:
    for title in ("Kafévertene på Solkroken", "Leksehjelp på biblioteket"):
        assert Agreement.objects.get(title=title).state == "draft"
    assert not Envelope.objects.exists(), "nothing is typeset before the portal is up"
    [row] = promised()
    assert outbox_deliver_row(row) == OutboxState.SENT
    assert told() == SENT
    for pk in promised("agreement_seal"):
        outbox_deliver_row(pk)
    assert not Envelope.objects.filter(state="completed").exists()
    # The renewed one is locked both times, and the withdrawn one at once.
    assert Seal.objects.count() == 6
    call_command("demo", stdout=StringIO())
    assert not promised()
    Outbox.objects.all().delete()
    call_command("demo", stdout=StringIO())
    assert outbox_deliver_row(*promised()) == OutboxState.DROPPED
    assert told() == SENT, "what is told is not told twice, also when the outbox was emptied meanwhile"


def test_who_is_cut_short_leaves_no_half_one_and_is_gone_on_with(
    loaded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: Any, **_named: Any) -> None:
        raise OSError

    [row] = promised()
    with monkeypatch.context() as patch:
        patch.setattr(signing, "signatory_decline", fails)
        assert outbox_deliver_row(row) == OutboxState.WAITING
    assert told() == {
        title: states if title == "Friluftsdager for skolen" else [] for title, states in SENT.items()
    }
    assert Envelope.objects.count() == 1
    Outbox.objects.filter(pk=row).update(due_at=Now())
    assert outbox_deliver_row(row) == OutboxState.SENT
    assert told() == SENT


def test_nowhere_but_in_the_demo(loaded: None) -> None:
    Municipality.objects.update(is_demo=False)
    assert outbox_deliver_row(*promised()) == OutboxState.DROPPED
    assert not Envelope.objects.exists()
