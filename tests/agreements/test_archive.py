"""Handed to an archive over HTTP: the package whole, once, with the receipt the archive gave."""

import io
import json
import os
import runpy
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements import chain
from agreements.models import Agreement, ArchiveDelivery
from agreements.services.archive import LONGEST_RECEIPT, agreement_archive
from samskaping import env
from samskaping.core.models import Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.services.outbox import outbox_deliver_row
from samskaping.core.services.stored_file import PDF, stored_file_keep
from tests.agreements.archive_server import Archive, archive
from tests.factories.agreements import AgreementFactory, AgreementPartyFactory
from tests.partnerships.conftest import Town, make_town

pytestmark = pytest.mark.django_db
RECEIPT = "https://arkiv.example/mapper/26-123"


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.fixture
def taker(settings: Any) -> Iterator[Archive]:
    with archive() as found:
        settings.ARCHIVE_URL = found.url
        settings.ARCHIVE_HEADERS = {"Authorization": "Bearer only-a-try"}
        yield found


@pytest.fixture
def agreement(town: Town) -> Agreement:
    """From outside the portal, with its scan; how a sealed one is packed is tried in test_life.py."""
    file = stored_file_keep(
        b"%PDF-1.7 prove", name="Avtale", content_type=PDF, municipality=town.municipality, by=None
    )
    made: Agreement = AgreementFactory.create(
        municipality=town.municipality, file=file, case_number="26/123", title="Avtale om kafé"
    )
    AgreementPartyFactory.create(agreement=made, organisation=town.organisation)
    return made


def promised(town: Town, agreement: Agreement) -> tuple[ArchiveDelivery, int]:
    delivery = agreement_archive(agreement=agreement, by=town.coordinator.user)
    return delivery, Outbox.objects.get(kind="agreement_archive", key=str(delivery.pk)).pk


def again(row: int) -> OutboxState | None:
    Outbox.objects.filter(pk=row).update(due_at=timezone.now() - timedelta(seconds=1))
    return outbox_deliver_row(row)


def test_the_archive_gets_it_whole_and_its_receipt_is_kept(
    town: Town, taker: Archive, agreement: Agreement, client: Client
) -> None:
    taker.answers = [(201, RECEIPT, "")]
    delivery, row = promised(town, agreement)
    assert outbox_deliver_row(row) == OutboxState.SENT
    [(headers, content)] = taker.got
    assert headers["Authorization"] == "Bearer only-a-try"
    assert headers["Content-Type"] == "application/zip"
    assert headers["Idempotency-Key"] == delivery.sha256 == chain.digest(content)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        said = json.loads(package.read("metadata.json"))
        assert chain.digest(package.read("avtale.pdf")) == said["filer"]["avtale.pdf"]
    assert (said["saksnummer"], said["tittel"]) == ("26/123", "Avtale om kafé")
    delivery.refresh_from_db()
    assert (delivery.receipt, delivery.failed_because) == (RECEIPT, "")
    assert delivery.delivered_at is not None
    client.force_login(town.coordinator.user)
    page = client.get(reverse("agreement_archive", args=[agreement.pk])).content.decode()
    assert RECEIPT in page


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        ((503, "", ""), OutboxState.WAITING, "Vi prøver igjen"),
        ((401, "", "who are you"), OutboxState.WAITING, "Vi prøver igjen"),
        # Sent on, the package and the key to the archive would go wherever somebody says.
        ((302, "https://elsewhere.example/", ""), OutboxState.WAITING, "Vi prøver igjen"),
        ((200, "", "   "), OutboxState.WAITING, "Vi prøver igjen"),
        ((422, "", "not a package"), OutboxState.DEAD, "Arkivet tok ikke imot pakken"),
    ],
    ids=["away", "unknown", "elsewhere", "no receipt", "refused"],
)
def test_what_is_no_receipt_is_not_delivered(
    town: Town,
    taker: Archive,
    agreement: Agreement,
    client: Client,
    answer: Any,
    state: OutboxState,
    words: str,
) -> None:
    taker.answers = [answer]
    delivery, row = promised(town, agreement)
    assert outbox_deliver_row(row) == state
    delivery.refresh_from_db()
    assert (delivery.delivered_at, delivery.receipt) == (None, "")
    assert len(taker.got) == 1
    client.force_login(town.coordinator.user)
    assert words in client.get(reverse("agreement_archive", args=[agreement.pk])).content.decode()


def test_an_archive_that_was_away_gets_the_same_package_when_it_is_back(
    town: Town, taker: Archive, agreement: Agreement
) -> None:
    taker.answers = [(503, "", ""), (200, "", f"  Mottatt\n{'x' * 300}")]
    delivery, row = promised(town, agreement)
    outbox_deliver_row(row)
    assert again(row) == OutboxState.SENT
    assert taker.got[0][1] == taker.got[1][1]
    delivery.refresh_from_db()
    assert delivery.receipt.startswith("Mottatt xxx")
    assert len(delivery.receipt) == LONGEST_RECEIPT
    assert again(row) is None
    assert len(taker.got) == 2


def test_what_was_written_meanwhile_makes_it_another_package(
    town: Town, taker: Archive, agreement: Agreement
) -> None:
    delivery, row = promised(town, agreement)
    Agreement.objects.filter(pk=agreement.pk).update(legal_basis="Prøveloven § 1")
    assert outbox_deliver_row(row) == OutboxState.DEAD
    assert not taker.got
    delivery.refresh_from_db()
    assert "endret" in delivery.trouble
    assert agreement_archive(agreement=agreement, by=town.coordinator.user).sha256 != delivery.sha256


# --- The settings ------------------------------------------------------------------------------------------
SETTINGS = Path(env.__file__).parent / "settings" / "archive.py"


def read(**given: str) -> dict[str, Any]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ARCHIVE_")}
    with patch.dict(os.environ, {**kept, **given}, clear=True):
        return runpy.run_path(str(SETTINGS))


@pytest.mark.parametrize("url", ["https://arkiv.example/inn", "http://127.0.0.1:9/inn", "http://localhost/"])
def test_an_encrypted_address_and_this_machine_are_taken(url: str) -> None:
    assert read(ARCHIVE_URL=url, ARCHIVE_HEADERS='{"Authorization": "Bearer x"}')["ARCHIVE_URL"] == url


@pytest.mark.parametrize(
    ("wrong", "given"),
    [
        ("ARCHIVE_URL", {"ARCHIVE_URL": "http://arkiv.example/inn"}),
        ("ARCHIVE_URL", {"ARCHIVE_URL": "http://localhost.arkiv.example/"}),
        ("ARCHIVE_URL", {"ARCHIVE_URL": "http://localhost@arkiv.example/"}),
        ("ARCHIVE_FOLDER", {"ARCHIVE_FOLDER": "/srv/arkiv", "ARCHIVE_URL": "https://arkiv.example/"}),
        ("ARCHIVE_FOLDER", {"ARCHIVE_FOLDER": "arkiv"}),
        ("ARCHIVE_HEADERS", {"ARCHIVE_HEADERS": '{"Authorization": "Bearer x"}'}),
    ],
)
def test_an_agreement_and_the_key_go_nowhere_unencrypted_or_by_halves(
    wrong: str, given: dict[str, str]
) -> None:
    with pytest.raises(env.BadEnvironment, match=wrong):
        read(**given)
