"""One text to many: each her own, stopped and let go on, and what fails for one holds nobody else back."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement, Batch, BatchRow
from agreements.selectors.batch import progress_of
from agreements.services.batch import batch_pause, batch_resume, send_one
from samskaping.core.models import Outbox
from tests.factories.agreements import found_text
from tests.partnerships.conftest import Town, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return make_town()


def started(town: Town, client: Client, lines: str) -> Any:
    client.force_login(town.coordinator.user)
    data = {
        "text": str(found_text("taushet-kommune").pk),
        "side": f"unit-{town.unit.pk}",
        "people": lines,
    }
    return client.post(reverse("batch_new"), data)


def run() -> None:
    for row in Outbox.objects.filter(kind="agreement_batch").order_by("pk"):
        send_one(row)


def test_each_gets_her_own_and_a_wrong_line_stops_all(town: Town, client: Client) -> None:
    page = started(town, client, "Prøve En; en@lag.example\nPrøve To\n").content.decode()
    assert "linje 2" in page
    assert not Batch.objects.exists()
    assert started(town, client, "Prøve En; en@lag.example\nPrøve To\t99 00 00 11\n").status_code == 302
    batch = Batch.objects.get()
    batch_pause(batch=batch, by=town.coordinator.user)
    run()
    assert progress_of(batch).sent == 0
    batch_resume(batch=batch, by=town.coordinator.user)
    run()
    progress = progress_of(batch)
    trouble = list(BatchRow.objects.values_list("failed_because", flat=True))
    assert (progress.sent, progress.failed) == (2, 0), trouble
    run()
    assert Agreement.objects.filter(state="sent", kind="confidentiality").count() == 2
    page = client.get(reverse("batch", args=[batch.pk])).content.decode()
    assert "Prøve To" in page
