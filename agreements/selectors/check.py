"""What anybody may know of an agreement she has the code of, or the file: never a name, never the words."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from agreements.models import Agreement, Anchor, Envelope, FrozenDocument, Seal, Signature, Withdrawal
from agreements.models.agreement import AgreementState
from agreements.models.envelope import OPEN, EnvelopeState
from agreements.selectors.agreement import until_replaced
from agreements.verify import Verdict, verdict
from partnerships.selectors.words import municipality_name


class Which(StrEnum):
    """Which of a document's files somebody has."""

    SEALED = "sealed"
    # As it was sent: the words, and no signatures.
    ORIGINAL = "original"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True)
class State:
    words: str
    # Of the tag beside it: success where the agreement holds today.
    color: str


@dataclass(frozen=True)
class Known:
    code: str
    state: State
    kind: str | Promise
    municipality: str
    signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    signatures: int
    sha256: str
    original_sha256: str
    sealed_at: datetime | None
    is_test: bool
    anchor: Anchor | None


@dataclass(frozen=True)
class Found:
    known: Known
    which: Which
    verdict: Verdict


def known_by_code(code: str, today: date) -> Known | None:
    """`code` as control_code.read gives it."""
    document = _documents().filter(control_code=code).first() if code else None
    return _known(document, today) if document is not None else None


def known_by_hash(sha256: str, today: date) -> Found | None:
    """Whose file this is. A sealed one of ours is looked through as well: its row alone says too little."""
    seal = Seal.objects.select_related("file").filter(sha256=sha256).first()
    if seal is not None:
        said = verdict(
            bytes(seal.file.content), known_sha256=seal.sha256, certificate=bytes(seal.certificate)
        )
        return Found(_known(_documents().get(envelope=seal.envelope_id), today), Which.SEALED, said)
    document = _documents().filter(sha256=sha256).order_by("pk").first()
    if document is not None:
        return Found(_known(document, today), Which.ORIGINAL, Verdict.GENUINE)
    withdrawal = Withdrawal.objects.filter(sha256=sha256).first()
    if withdrawal is None:
        return None
    sealed = Seal.objects.get(sha256=withdrawal.original_sha256)
    return Found(
        _known(_documents().get(envelope=sealed.envelope_id), today), Which.WITHDRAWAL, Verdict.GENUINE
    )


def _documents() -> QuerySet[FrozenDocument]:
    return FrozenDocument.objects.select_related(
        "envelope__agreement__municipality__settings", "envelope__seal"
    ).defer("html", "stylesheet", "snapshot", "envelope__seal__certificate")


def _known(document: FrozenDocument, today: date) -> Known:
    envelope, agreement = document.envelope, document.envelope.agreement
    seal: Seal | None = getattr(envelope, "seal", None)
    return Known(
        code=document.shown_code,
        state=_state(envelope, agreement, today),
        kind=agreement.get_kind_display(),
        municipality=municipality_name(agreement.municipality),
        signed_on=agreement.signed_on if envelope.completed_at else None,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        signatures=Signature.objects.filter(signatory__envelope=envelope).count(),
        sha256=seal.sha256 if seal else "",
        original_sha256=document.sha256,
        sealed_at=seal.sealed_at if seal else None,
        is_test=seal is not None and seal.is_test,
        anchor=Anchor.objects.defer("heads", "signature").order_by("-day").first(),
    )


def _state(envelope: Envelope, agreement: Agreement, today: date) -> State:
    if envelope.state in OPEN:
        return State(_("Ikke signert av alle ennå"), "info")
    if envelope.state == EnvelopeState.DECLINED:
        return State(_("Gjelder ikke: noen ville ikke signere"), "neutral")
    if envelope.state == EnvelopeState.EXPIRED:
        return State(_("Gjelder ikke: fristen for å signere gikk ut"), "neutral")
    if envelope.state == EnvelopeState.VOIDED:
        return State(_("Gjelder ikke: trukket tilbake før alle hadde signert"), "neutral")
    if agreement.state == AgreementState.WITHDRAWN:
        return State(_("Trukket tilbake"), "warning")
    if agreement.holds_until_replaced(today):
        return State(until_replaced(agreement), "success")
    if agreement.state == AgreementState.REPLACED:
        return State(_("Erstattet av en nyere avtale"), "neutral")
    if agreement.state == AgreementState.ENDED:
        return State(_("Avsluttet før tiden"), "neutral")
    if agreement.starts_on is not None and agreement.starts_on > today:
        return State(_("Gjelder fra %(day)s") % {"day": _day(agreement.starts_on)}, "info")
    if agreement.ends_on is not None and agreement.ends_on < today:
        return State(_("Gikk ut %(day)s") % {"day": _day(agreement.ends_on)}, "neutral")
    return State(_("Gjelder"), "success")


def _day(day: date) -> str:
    return formats.date_format(day, "j. F Y")
