"""Locking what everybody has signed: a job fed only by frozen rows, which may be begun any number of times.

Rendering and sealing hold no lock. The last step does: whoever comes second finds the seal there and leaves
what it made. So a worker may be killed anywhere, and one file is kept.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agreements import chain
from agreements.certificate import Sealer, sealer_now
from agreements.freezing import final_of
from agreements.models import Envelope, FrozenDocument, Seal
from agreements.models.envelope import EnvelopeState
from agreements.models.signature import SignEventKind
from agreements.pdf_text import pages_of, same_words
from agreements.seal import Sealed, seal_pdf
from agreements.services.sign_event import links_of, sign_event_add
from agreements.signature_page import signature_page
from agreements.verify import check_seal
from samskaping.core.models import Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.pdf import Attachment, Relationship, typeset
from samskaping.core.services.audit import audit_record
from samskaping.core.services.outbox import outbox_add, outbox_handler
from samskaping.core.services.stored_file import PDF, stored_file_keep

logger = logging.getLogger(__name__)

KIND = "agreement_seal"
# The outbox tries by itself for so long; then the sweep promises anew, every hour, for ever.
SWEEP_AFTER = timedelta(minutes=5)
ALARM_AFTER = timedelta(minutes=15)
_OPEN = (OutboxState.WAITING, OutboxState.LEASED)


class NotTheSame(Exception):
    """What was frozen is not what was signed, or says something else when it is typeset again.

    Nothing is locked then, and the alarm sounds: somebody has to look.
    """


@outbox_handler(KIND)
def seal_promised(row: Outbox) -> bool:
    """False when it is sealed, or was never completed in this life of the database."""
    envelope = (
        Envelope.objects.select_related("agreement", "municipality", "document__file")
        .filter(pk=row.payload["envelope"], state=EnvelopeState.COMPLETED)
        .first()
    )
    return envelope is not None and envelope_seal(envelope)


def envelope_seal(envelope: Envelope) -> bool:
    """Whether this call sealed it. Raises NotTheSame, NoCertificate, PdfRefused, PressAway, NotSealed."""
    links = links_of(envelope)
    if chain.broken_at(links, envelope=envelope.pk) is not None:
        raise NotTheSame("chain")
    head = links[-1].hash
    key = sealer_now()
    pdf = final_pdf(envelope, chain_head=head, key=key)
    with translation.override(envelope.document.language):
        reason = _("Signert av alle og låst")
    sealed = seal_pdf(pdf, reason=reason)
    if not check_seal(sealed.content, sealed.by.certificate).holds:
        raise NotTheSame("seal")
    return _keep(envelope, sealed, chain_head=head, pages=pages_of(pdf))


def final_pdf(envelope: Envelope, *, chain_head: str, key: Sealer) -> bytes:
    """The agreement with its signature pages, and what was signed inside it. Raises NotTheSame."""
    document = envelope.document
    original = _original(document)
    signatures, qr = signature_page(envelope, chain_head=chain_head, issuer=key.issuer)
    page = final_of(document, signatures, qr=qr, for_trying=key.is_test)
    with translation.override(document.language):
        source = Attachment(
            "original.pdf", original, Relationship.SOURCE, _("Avtalen slik den ble sendt til signering")
        )
    pdf = typeset(page, attachments=[source])
    if not same_words(original, pdf):
        raise NotTheSame("words")
    return pdf


def seals_sweep(now: datetime) -> int:
    """Promises anew what is completed and waits for nothing, however old; how many. Logs what is late."""
    hour = f"{now:%Y%m%d%H}"
    promised = 0
    for envelope in _unsealed(now - SWEEP_AFTER).select_related("municipality"):
        with transaction.atomic():
            if _is_promised(envelope):
                continue
            row = outbox_add(
                KIND,
                f"{envelope.pk}:{hour}",
                payload={"envelope": envelope.pk},
                municipality=envelope.municipality,
            )
        promised += row is not None
    if late := _unsealed(now - ALARM_AFTER).count():
        logger.error("agreements not locked in time", extra={"count": late})
    return promised


def unsealed_seconds() -> int:
    """How long the agreement that has waited longest to be locked has done so; 0 when none does."""
    oldest = Envelope.objects.filter(state=EnvelopeState.COMPLETED).aggregate(at=Min("completed_at"))["at"]
    return max(0, int((timezone.now() - oldest).total_seconds())) if oldest else 0


def _unsealed(before: datetime) -> QuerySet[Envelope]:
    return Envelope.objects.filter(state=EnvelopeState.COMPLETED, completed_at__lt=before).order_by("pk")


def _is_promised(envelope: Envelope) -> bool:
    mine = Q(key=str(envelope.pk)) | Q(key__startswith=f"{envelope.pk}:")
    return Outbox.objects.filter(mine, kind=KIND, state__in=_OPEN).exists()


def _original(document: FrozenDocument) -> bytes:
    content = bytes(document.file.content)
    if chain.digest(content) != document.sha256:
        raise NotTheSame("original")
    return content


@transaction.atomic
def _keep(envelope: Envelope, sealed: Sealed, *, chain_head: str, pages: int) -> bool:
    locked = Envelope.objects.locked(envelope.pk)
    if locked.state != EnvelopeState.COMPLETED:
        return False
    file = stored_file_keep(
        sealed.content,
        name=envelope.document.title,
        content_type=PDF,
        municipality=locked.municipality,
        by=None,
    )
    seal = Seal.objects.create(
        municipality=locked.municipality,
        envelope=locked,
        file=file,
        sha256=file.sha256,
        size=file.size,
        pages=pages,
        chain_head=chain_head,
        issuer=sealed.by.issuer,
        certificate_serial=sealed.by.serial,
        certificate=sealed.by.certificate,
        is_test=sealed.by.is_test,
        timestamped_inside=sealed.timestamped,
    )
    locked.state = EnvelopeState.SEALED
    locked.save(update_fields=["state"])
    sign_event_add(
        locked,
        SignEventKind.SEALED,
        payload={
            "sha256": seal.sha256,
            "size": seal.size,
            "chain_head": chain_head,
            "certificate": chain.digest(sealed.by.certificate),
        },
    )
    audit_record("agreement_sealed", locked.agreement, by=None, data={"envelope": locked.pk})
    return True
