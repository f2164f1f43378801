"""A worker killed anywhere while it locks an agreement: one seal all the same, and the file its row names."""

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
from tests.factories.signed import completed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

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


@pytest.mark.parametrize("point", POINTS)
def test_killed_worker_leaves_one_seal_when_the_next_has_come(reference, point):
    envelope = completed()
    row = Outbox.objects.get(kind=sealing.KIND)
    kept = StoredFile.objects.count()
    assert deliver_and_die(row.pk, point) == signal.SIGKILL
    assert not Seal.objects.exists()
    assert StoredFile.objects.count() == kept, "what was made is not left about"
    # Its lease runs out.
    Outbox.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert outbox_deliver_row(row.pk) == OutboxState.SENT
    seal = Seal.objects.select_related("file").get()
    content = bytes(seal.file.content)
    assert hashlib.sha256(content).hexdigest() == seal.sha256
    assert check_seal(content, bytes(seal.certificate)).holds
    assert SignEvent.objects.filter(kind="sealed").count() == 1
    assert broken_at(links_of(envelope), envelope=envelope.pk) is None
