"""How an agreement goes, whole: what is append-only through the one route past that, the rest after it."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from agreements.models import (
    Agreement,
    ArchiveDelivery,
    BatchRow,
    Envelope,
    FrozenDocument,
    Seal,
    Signatory,
    Signature,
    SignatureEvidence,
    Suggestion,
    Withdrawal,
)
from agreements.models.signature import SignEventKind
from agreements.services.sign_event import sign_event_add
from samskaping.core.models import StoredFile
from samskaping.core.services.audit import audit_record


@transaction.atomic
def agreement_forget(agreement: Agreement) -> None:
    """A draft nobody signed, or one that has been over for a year and more.

    Raises django.db.DatabaseError for any other: the database looks for itself.
    """
    files = _files_of(agreement)
    audit_record("agreement_forgotten", agreement, by=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_forget_agreement(%s)", [agreement.pk])
    envelopes = Envelope.objects.filter(agreement=agreement)
    for rows in (
        Suggestion.objects.filter(agreement=agreement),
        ArchiveDelivery.objects.filter(agreement=agreement),
        BatchRow.objects.filter(agreement=agreement),
        SignatureEvidence.objects.filter(signatory__envelope__in=envelopes),
        Signatory.objects.filter(envelope__in=envelopes),
        envelopes,
    ):
        rows.delete()
    # Whoever took over for it stands by herself from now on.
    Agreement.objects.filter(replaces=agreement).update(replaces=None)
    Agreement.objects.filter(pk=agreement.pk).delete()
    StoredFile.objects.filter(pk__in=files).delete()


@transaction.atomic
def evidence_erase(evidence: SignatureEvidence) -> None:
    """The addresses, the device and the salts go; the chain says that they did, and still holds."""
    signatory = Signatory.objects.get(pk=evidence.signatory_id)
    envelope = Envelope.objects.locked(signatory.envelope_id)
    gone = SignatureEvidence.objects.filter(pk=evidence.pk, erased_at=None).update(
        address="",
        ip=None,
        user_agent="",
        session_sha256="",
        oidc={},
        opened_at=None,
        salts={},
        erased_at=timezone.now(),
    )
    if gone:
        sign_event_add(envelope, SignEventKind.ERASED, payload={"signatory": signatory.pk})


def _files_of(agreement: Agreement) -> set[Any]:
    envelopes = Envelope.objects.filter(agreement=agreement)
    found: set[Any] = {agreement.file_id}
    for rows in (
        FrozenDocument.objects.filter(envelope__in=envelopes).values_list("file", flat=True),
        Seal.objects.filter(envelope__in=envelopes).values_list("file", flat=True),
        Signature.objects.filter(Q(signatory__envelope__in=envelopes), scan__isnull=False).values_list(
            "scan", flat=True
        ),
        Withdrawal.objects.filter(agreement=agreement).values_list("file", flat=True),
    ):
        found.update(rows)
    return found - {None}
