"""Two who press at the same moment, with real transactions: nobody signs what is gone, nothing gets stuck."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from agreements.models import Envelope, Signatory, Signature
from agreements.models.envelope import FAILED, EnvelopeState
from agreements.services.envelope import envelope_expire, envelope_void, signatory_decline
from agreements.services.signature import Refused
from samskaping.core.models import Outbox
from tests.agreements.signing import Signing, sign, signing
from tests.partnerships.conftest import make_town
from tests.partnerships.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
ROUNDS = 3


def fresh(signatory: Signatory) -> Signatory:
    return Signatory.objects.select_related("envelope__document").get(pk=signatory.pk)


def state(it: Signing) -> str:
    return Envelope.objects.values_list("state", flat=True).get(pk=it.envelope.pk)


def test_the_last_two_sign_at_once_and_it_is_complete_once() -> None:
    for _round in range(ROUNDS):
        it = signing(make_town())
        outcome = at_once(partial(sign, fresh(it.kari)), partial(sign, fresh(it.ola)))
        assert all(isinstance(one, Signature) for one in outcome)
        assert state(it) == EnvelopeState.COMPLETED
        assert it.envelope.events.filter(kind="completed").count() == 1
        assert Outbox.objects.filter(kind="agreement_seal", key=str(it.envelope.pk)).count() == 1


def test_the_same_press_many_times_is_one_signature() -> None:
    it, key = signing(make_town()), uuid.uuid4()
    outcome = at_once(*[partial(sign, fresh(it.kari), idempotency_key=key) for _press in range(5)])
    assert len({one.pk for one in outcome}) == 1
    assert Signature.objects.filter(signatory=it.kari).count() == 1
    assert it.envelope.events.filter(kind="signed").count() == 1


def _void(it: Signing) -> Any:
    return envelope_void(envelope=it.envelope, because="Feil dato", by=it.town.coordinator.user)


def _decline(it: Signing) -> Any:
    return signatory_decline(signatory=fresh(it.ola), because="Nei")


def _late(it: Signing) -> Any:
    return envelope_expire(envelope=it.envelope, today=timezone.localdate() + timedelta(days=1))


@pytest.mark.parametrize("end", [_void, _decline, _late])
def test_sign_against_what_ends_it(end: Callable[[Signing], Any]) -> None:
    for _round in range(ROUNDS):
        it = signing(make_town(), deadline=timezone.localdate())
        sign(it.ola) if end is not _decline else None
        outcome = at_once(partial(sign, fresh(it.kari)), partial(end, it))
        signed, now = outcome[0], state(it)
        if now in FAILED:
            # It came first, or Kari's is void together with it; either way nothing is complete.
            assert not it.envelope.events.filter(kind="completed").exists()
            assert isinstance(signed, Refused) or end is _decline
        else:
            assert isinstance(signed, Signature)
            assert now == EnvelopeState.COMPLETED
