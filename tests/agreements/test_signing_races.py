"""Two who press at the same moment, with real transactions: nobody signs what is gone, nothing gets stuck.

A few rounds here; `make proof` runs the same at full numbers (tests/proof/signing.py).
"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier, current_thread, main_thread
from typing import Any

import pytest
from django.utils import timezone

from agreements import chain
from agreements.chain import link_hash
from agreements.models import Envelope, Signatory, Signature
from agreements.models.agreement import AgreementState
from agreements.models.envelope import FAILED, EnvelopeQuerySet, EnvelopeState
from agreements.selectors.signing import CONSENT
from agreements.services.envelope import (
    envelope_expire,
    envelope_void,
    signatory_decline,
    signatory_forward,
    signature_retract,
)
from agreements.services.sign_event import links_of
from agreements.services.signature import Refused
from samskaping.core.models import ContentTemplate, Outbox
from tests.agreements.signing import Signing, frozen, sign, signing
from tests.agreements.tally import rounds, tally
from tests.factories.agreements import our_text
from tests.factories.partnerships import PersonFactory
from tests.partnerships.conftest import Town, make_town
from tests.partnerships.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
ROUNDS = rounds(3)


def fresh(signatory: Signatory) -> Signatory:
    return Signatory.objects.select_related("envelope__document").get(pk=signatory.pk)


def state(it: Signing) -> str:
    return Envelope.objects.values_list("state", flat=True).get(pk=it.envelope.pk)


def both_at_once(town: Town) -> str:
    """What went wrong; empty when it held."""
    it = signing(town)
    outcome = at_once(partial(sign, fresh(it.kari)), partial(sign, fresh(it.ola)))
    completed = it.envelope.events.filter(kind="completed").count()
    sealed = Outbox.objects.filter(kind="agreement_seal", key=str(it.envelope.pk)).count()
    signed = sum(isinstance(one, Signature) for one in outcome)
    held = (signed, state(it), completed, sealed) == (2, EnvelopeState.COMPLETED, 1, 1)
    return "" if held and _whole(it) else f"{signed} signed, {state(it)}, completed {completed} times"


def pressed_many_times(town: Town) -> str:
    it, key = signing(town), uuid.uuid4()
    outcome = at_once(*[partial(sign, fresh(it.kari), idempotency_key=key) for _press in range(4)])
    made = Signature.objects.filter(signatory=it.kari).count()
    told = it.envelope.events.filter(kind="signed").count()
    held = all(isinstance(one, Signature) for one in outcome) and (made, told) == (1, 1)
    return "" if held and _whole(it) else f"{made} signatures, {told} events"


def _void(it: Signing) -> Any:
    return envelope_void(envelope=it.envelope, because="Feil dato", by=it.town.coordinator.user)


def _decline(it: Signing) -> Any:
    return signatory_decline(signatory=fresh(it.ola), because="Nei")


def _retract(it: Signing) -> Any:
    return signature_retract(signatory=fresh(it.ola), because="Angrer")


def _late(it: Signing) -> Any:
    return envelope_expire(envelope=it.envelope, today=timezone.localdate() + timedelta(days=1))


def against(end: Callable[[Signing], Any], town: Town) -> str:
    """The last signature against what ends it: one of them came first, and the other was told so."""
    it = signing(town, deadline=timezone.localdate())
    if end is not _decline:
        sign(it.ola)
    signed, _ended = at_once(partial(sign, fresh(it.kari)), partial(end, it))
    now = state(it)
    completed = it.envelope.events.filter(kind="completed").exists()
    if now in FAILED:
        held = not completed and (isinstance(signed, Refused) or end is _decline)
    else:
        held = now == EnvelopeState.COMPLETED and completed and isinstance(signed, Signature)
    return "" if held and _whole(it) else f"{type(signed).__name__}, {now}"


def another_document(town: Town) -> str:
    """Called back while she signs what she read: nothing of hers stands on another document."""
    it = signing(town)
    read = it.envelope.document.sha256

    def sign_what_was_read() -> Any:
        return sign(fresh(it.kari), document_sha256=read)

    at_once(sign_what_was_read, partial(_void, it))
    stale = Signature.objects.exclude(document_sha256=read).filter(signatory=it.kari).exists()
    now = state(it)
    after = sign(fresh(it.kari), document_sha256=frozen().control_code.ljust(64, "0"))
    held = not stale and now == EnvelopeState.VOIDED and isinstance(after, Refused)
    return "" if held and _whole(it) else f"stale {stale}, {now}"


def sent_on(town: Town) -> str:
    """She signs, and sends it on in another tab: whoever has signed is the one who wrote her name."""
    it, other = signing(town), PersonFactory.create(municipality=town.municipality)
    pressed, stale = fresh(it.kari), fresh(it.kari)
    signed, moved = at_once(
        partial(sign, pressed), partial(signatory_forward, signatory=stale, to=other, by=None)
    )
    person = Signatory.objects.values_list("person", flat=True).get(pk=it.kari.pk)
    wrote = isinstance(signed, Signature)
    held = person == (it.kari.person_id if wrote else other.pk) and isinstance(moved, Signatory) != wrote
    return "" if held and _whole(it) else f"{type(signed).__name__}, {type(moved).__name__}"


def _whole(it: Signing) -> bool:
    """The chain holds, and the agreement is where its signing is."""
    envelope = Envelope.objects.select_related("agreement").get(pk=it.envelope.pk)
    holds = envelope.agreement.state == AgreementState.ACTIVE
    unbroken = chain.broken_at(links_of(envelope), envelope=envelope.pk) is None
    return unbroken and holds == (envelope.state == EnvelopeState.COMPLETED)


@pytest.mark.parametrize(
    "scenario",
    [
        both_at_once,
        pressed_many_times,
        partial(against, _void),
        partial(against, _decline),
        partial(against, _retract),
        partial(against, _late),
        another_document,
        sent_on,
    ],
    ids=["both", "many", "void", "decline", "retract", "late", "another", "sent_on"],
)
def test_signing_holds(scenario: Callable[[Town], str], request: pytest.FixtureRequest) -> None:
    town = make_town()
    wrong = [
        f"{request.node.name}: {found}" for found in (scenario(town) for _turn in range(ROUNDS)) if found
    ]
    tally(ROUNDS, wrong)
    assert not wrong


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_without_the_lock_it_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read the last link before either writes the next: what these tests are to notice."""
    both, met = Barrier(2), {main_thread()}

    def unlocked(rows: EnvelopeQuerySet, pk: int) -> Envelope:
        return rows.select_related("agreement", "municipality").get(pk=pk)

    def linked_when_both_are_here(**link: Any) -> str:
        if current_thread() not in met:
            met.add(current_thread())
            both.wait(20)
        return link_hash(**link)

    monkeypatch.setattr(EnvelopeQuerySet, "locked", unlocked)
    monkeypatch.setattr(chain, "link_hash", linked_when_both_are_here)
    # The first who ever signs holds the text she agreed to, and the other waits for that.
    our_text(CONSENT)
    ContentTemplate.objects.update(first_used_at=timezone.now())
    assert both_at_once(make_town())
    assert not both.broken, "the other waited for a lock, so this tried nothing"
