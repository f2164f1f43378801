"""Handing an agreement to the municipality's archive, once for each package, with the receipt it gave."""

import logging
import os
import tempfile
from pathlib import Path

import requests
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.archive_package import Package, archive_package
from agreements.models import Agreement, ArchiveDelivery
from agreements.models.seal import ArchiveWay
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import Outbox
from samskaping.core.services.audit import audit_record
from samskaping.core.services.outbox import Undeliverable, outbox_add, outbox_handler

logger = logging.getLogger(__name__)

KIND = "agreement_archive"
TIMEOUT = (3, 30)
LARGEST_ANSWER = 10_000
LONGEST_RECEIPT = 200


class NotTaken(OSError):
    """The archive did not say yes; asking again with the same package may help."""


def archive_way() -> ArchiveWay | None:
    """How packages are handed over here; None: staff fetch them."""
    if settings.ARCHIVE_URL:
        return ArchiveWay.HTTP
    return ArchiveWay.FOLDER if settings.ARCHIVE_FOLDER else None


@transaction.atomic
def agreement_archive(*, agreement: Agreement, by: User) -> ArchiveDelivery:
    """Promises to hand it over. Raises StateChanged when this package has been, or is under way, and
    DomainError when there is nothing to archive or nowhere to send it."""
    way = archive_way()
    if way is None:
        raise DomainError(
            _("Portalen er ikke koblet til noe arkiv. Hent pakken, og legg den i arkivet selv.")
        )
    locked = (
        Agreement.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=agreement.pk)
    )
    sha256 = archive_package(locked).sha256
    same = ArchiveDelivery.objects.filter(agreement=locked, sha256=sha256, way=way)
    if same.filter(delivered_at__isnull=False).exists():
        raise StateChanged(_("Avtalen er alt levert til arkivet, og er ikke endret siden."))
    if same.filter(failed_because="").exists():
        raise StateChanged(_("Avtalen er på vei til arkivet."))
    delivery = ArchiveDelivery.objects.create(
        municipality=locked.municipality, agreement=locked, way=way, sha256=sha256, asked_by=by
    )
    outbox_add(KIND, str(delivery.pk), payload={"delivery": delivery.pk}, municipality=locked.municipality)
    audit_record("agreement_archived", locked, by=by, data={"delivery": delivery.pk})
    return delivery


@outbox_handler(KIND)
def hand_over(row: Outbox) -> bool:
    """A killed worker may hand the same package over twice: the folder takes it once, and the archive is
    told the package's hash."""
    delivery = (
        ArchiveDelivery.objects.select_related("agreement__municipality")
        .filter(pk=row.payload["delivery"], delivered_at=None)
        .first()
    )
    if delivery is None:
        return False
    package = archive_package(delivery.agreement)
    if package.sha256 != delivery.sha256:
        # Something was written about it since: that is another package, and whoever wrote asks again.
        _failed(delivery, "changed")
        raise Undeliverable("changed")
    try:
        receipt = _handed_over(delivery, package)
    except Undeliverable as error:
        _failed(delivery, str(error))
        raise
    except Exception as error:
        _failed(delivery, type(error).__name__)
        raise
    try:
        with transaction.atomic():
            delivery.receipt, delivery.delivered_at, delivery.failed_because = receipt, timezone.now(), ""
            delivery.save(update_fields=["receipt", "delivered_at", "failed_because"])
    except IntegrityError:
        # An earlier asking for the same package has its receipt; this one is not on its way any more.
        _failed(delivery, "twice")
        logger.warning("A package was handed over twice.", extra={"delivery": delivery.pk})
        return False
    return True


def _handed_over(delivery: ArchiveDelivery, package: Package) -> str:
    if delivery.way == ArchiveWay.HTTP:
        return _post(package)
    return _lay(package, delivery.agreement.municipality.number)


def _lay(package: Package, town: str) -> str:
    """Into the municipality's own folder, whole or not at all. The receipt is the file's name."""
    if not settings.ARCHIVE_FOLDER:
        raise Undeliverable("no_folder")
    folder = Path(settings.ARCHIVE_FOLDER) / town
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{Path(package.name).stem}-{package.sha256[:16]}.zip"
    handle, under_way = tempfile.mkstemp(dir=folder, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(package.content)
            target.flush()
            os.fsync(target.fileno())
        Path(under_way).replace(folder / name)
    except BaseException:
        Path(under_way).unlink(missing_ok=True)
        raise
    return f"{town}/{name}"


def _post(package: Package) -> str:
    """The archive's own word for it: the address it gave the package, else what it answered."""
    if not settings.ARCHIVE_URL:
        raise Undeliverable("no_address")
    headers = {
        **settings.ARCHIVE_HEADERS,
        "Content-Type": "application/zip",
        "Content-Disposition": f'attachment; filename="{package.name}"',
        "Idempotency-Key": package.sha256,
    }
    with requests.post(
        settings.ARCHIVE_URL,
        data=package.content,
        headers=headers,
        timeout=TIMEOUT,
        allow_redirects=False,
        stream=True,
    ) as answer:
        if answer.status_code in (400, 413, 415, 422):
            raise Undeliverable(f"refused_{answer.status_code}")
        if not 200 <= answer.status_code < 300:
            raise NotTaken(str(answer.status_code))
        said = answer.raw.read(LARGEST_ANSWER, decode_content=True).decode("utf-8", "replace")
        receipt = answer.headers.get("Location", "") or " ".join(said.split())
    if not receipt:
        raise NotTaken("no receipt")
    return receipt[:LONGEST_RECEIPT]


def _failed(delivery: ArchiveDelivery, because: str) -> None:
    ArchiveDelivery.objects.filter(pk=delivery.pk).update(failed_because=because[:60])
