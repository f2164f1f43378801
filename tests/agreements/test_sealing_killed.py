"""A worker killed anywhere while it locks an agreement: one seal all the same, and the file its row names.

Once at each point here; `make proof` does it twenty times (tests/proof/signing.py).
"""

import hashlib
import os
import signal
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from agreements.chain import broken_at
from agreements.models import Seal, SignEvent
from agreements.services import sealing
from agreements.services.sign_event import links_of
from agreements.verify import check_seal
from samskaping.core.models import Outbox, StoredFile
from samskaping.core.models.outbox import OutboxState
from samskaping.core.services.outbox import outbox_deliver_row
from tests.agreements.tally import rounds, tally
from tests.factories.signed import completed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

ROUNDS = rounds(1)
# Each step of the job, as `services/sealing.py` calls it; the last two are inside the transaction.
POINTS = ("final_of", "typeset", "same_words", "seal_pdf", "stored_file_keep", "audit_record")


def deliver_and_die(row: int, point: str) -> int:
    """In a process of its own, killed when the step is done. Gives back the signal it ended by."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            done = getattr(sealing, point)

            def last_step(*given, **named):
                done(*given, **named)
                os.kill(os.getpid(), signal.SIGKILL)

            setattr(sealing, point, last_step)
            outbox_deliver_row(row)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    return os.WTERMSIG(status)


def wrong_after_a_kill(point: str) -> str:
    """What does not hold when the next worker has come; empty when all does."""
    before, kept = Seal.objects.count(), StoredFile.objects.count()
    envelope = completed()
    row = Outbox.objects.filter(kind=sealing.KIND).latest("pk")
    frozen = StoredFile.objects.count() - kept
    if deliver_and_die(row.pk, point) != signal.SIGKILL:
        return "was not killed"
    if (Seal.objects.count(), StoredFile.objects.count()) != (before, kept + frozen):
        return "what was made was left about"
    # Its lease runs out.
    Outbox.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    if outbox_deliver_row(row.pk) != OutboxState.SENT:
        return "was not locked by the next"
    seals = list(Seal.objects.filter(envelope=envelope).select_related("file"))
    if len(seals) != 1:
        return f"{len(seals)} seals"
    content = bytes(seals[0].file.content)
    held = {
        "the file is not what its row says": hashlib.sha256(content).hexdigest() == seals[0].sha256,
        "the seal does not hold": check_seal(content, bytes(seals[0].certificate)).holds,
        "told more than once": SignEvent.objects.filter(envelope=envelope, kind="sealed").count() == 1,
        "the chain is broken": broken_at(links_of(envelope), envelope=envelope.pk) is None,
    }
    return ", ".join(what for what, still in held.items() if not still)


@pytest.mark.parametrize("point", POINTS)
def test_killed_worker_leaves_one_seal_when_the_next_has_come(reference, point):
    wrong = [f"{point}: {found}" for found in (wrong_after_a_kill(point) for _turn in range(ROUNDS)) if found]
    tally(ROUNDS, wrong)
    assert not wrong
