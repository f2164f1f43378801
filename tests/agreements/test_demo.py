"""The demo's own agreements: drafts at once, the rest by the worker, each whole or not there."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

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
    assert len(promised()) == len(SENT)
    for pk in promised():
        assert outbox_deliver_row(pk) == OutboxState.SENT
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
    assert not promised(), "what is told is not promised anew when the outbox is emptied"
    assert told() == SENT


def test_one_that_is_cut_short_leaves_nothing(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: Any, **_named: Any) -> None:
        raise OSError

    [row] = Outbox.objects.filter(kind=signing.KIND, payload__title="Felles lager på brygga")
    monkeypatch.setattr(signing, "agreement_withdraw", fails)
    assert outbox_deliver_row(row.pk) == OutboxState.WAITING
    assert told()["Felles lager på brygga"] == []
    assert not Envelope.objects.exists()


def test_nowhere_but_in_the_demo(loaded: None) -> None:
    [row] = Outbox.objects.filter(kind=signing.KIND, payload__title="Sang i barnehagen")
    row.municipality = Municipality.objects.filter(is_demo=False)[0]
    assert not signing.tell_promised(row)
