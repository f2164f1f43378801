"""Sending an agreement to be signed, and the ways a sending comes to nothing: declined, retracted, called
back, late.

While it is a draft the agreement's row is the lock; from it is sent, the envelope's is, and the agreement's
comes after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from agreements import chain
from agreements.models import (
    Agreement,
    AgreementParty,
    Envelope,
    FrozenAsset,
    FrozenDocument,
    Signatory,
    SigningRule,
)
from agreements.models.agreement import AgreementKind, AgreementState
from agreements.models.draft import SuggestionState, search_key_of
from agreements.models.envelope import OPEN, EnvelopeState, Floor
from agreements.models.signature import SignEventKind
from agreements.services.sign_event import database_now, sign_event_add
from partnerships.models import Person
from partnerships.services.editing import unchanged_since
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import ContentTemplate
from samskaping.core.models.one_time_code import new_nonce
from samskaping.core.services.audit import audit_record
from samskaping.core.services.stored_file import PDF, stored_file_keep

_ORDER = list(Floor)


@dataclass(frozen=True)
class Frozen:
    """The document as it is sent: what `agreements/document.py` made of the draft at `version`."""

    version: int
    control_code: str
    html: str
    stylesheet: str
    assets: dict[str, bytes]
    snapshot: str
    made_with: dict[str, str]
    pdf: bytes
    pages: int
    template: ContentTemplate | None = None


@dataclass(frozen=True)
class Asked:
    """Somebody who is to sign, or to have a copy."""

    person: Person
    role: str
    party: AgreementParty | None = None
    number: int = 1
    floor: Floor = Floor.CODE
    copy_only: bool = False


@transaction.atomic
def envelope_prepare(
    *,
    agreement: Agreement,
    asked: Sequence[Asked],
    in_order: bool,
    deadline: date | None,
    message: str,
    by: User,
) -> Envelope:
    """Makes, or makes anew, the list of who is asked. Raises StateChanged when it is sent already, and
    DomainError when somebody stands there twice.

    Nobody is asked for less than the municipality's own rule says.
    """
    locked = _lock_draft(agreement)
    if len({(each.person.pk, " ".join(each.role.split())) for each in asked}) < len(asked):
        raise DomainError(_("Samme person står to ganger i samme rolle."))
    envelope = locked.envelopes.filter(state=EnvelopeState.DRAFT).first()
    if envelope is None:
        number = (locked.envelopes.aggregate(last=Max("number"))["last"] or 0) + 1
        envelope = Envelope(municipality=locked.municipality, agreement=locked, number=number)
    envelope.in_order, envelope.deadline, envelope.message = in_order, deadline, message.strip()
    envelope.save()
    envelope.signatories.all().delete()
    floor = _rule(locked)
    Signatory.objects.bulk_create(
        Signatory(
            municipality=locked.municipality,
            envelope=envelope,
            person=each.person,
            role=" ".join(each.role.split()),
            party=each.party,
            copy_only=each.copy_only,
            number=each.number,
            floor=max(each.floor, floor, key=_ORDER.index),
        )
        for each in asked
    )
    audit_record("envelope_prepared", locked, by=by, data={"signatories": len(asked)})
    return envelope


@transaction.atomic
def envelope_send(*, envelope: Envelope, frozen: Frozen, by: User) -> Envelope:
    """Freezes the document and asks everybody. Either side may send.

    Raises StateChanged when it is sent, ChangedMeanwhile when the draft is not the one that was frozen, and
    DomainError when a suggestion waits for an answer, nobody is asked to sign, or a side is not asked.
    """
    agreement = _lock_draft(envelope.agreement)
    locked = Envelope.objects.locked(envelope.pk)
    if locked.state != EnvelopeState.DRAFT:
        raise StateChanged(_("Avtalen er alt sendt."))
    unchanged_since(agreement, frozen.version)
    if agreement.suggestions.filter(state=SuggestionState.OPEN).exists():
        raise DomainError(_("Svar på forslagene først."))
    _check_asked(locked, agreement)
    document = _keep(locked, frozen, agreement, by)
    locked.state, locked.sent_by, locked.sent_at = EnvelopeState.SENT, by, database_now()
    locked.save(update_fields=["state", "sent_by", "sent_at"])
    # Called back, it is a draft that all have seen.
    agreement.state, agreement.shared_at = AgreementState.SENT, agreement.shared_at or locked.sent_at
    agreement.save(update_fields=["state", "shared_at", "updated_at"])
    sign_event_add(
        locked,
        SignEventKind.FROZEN,
        by=by,
        payload={
            "document": document.sha256,
            "snapshot": document.snapshot_sha256,
            "code": chain.digest(document.control_code.encode()),
            "pages": document.pages,
        },
    )
    asked = list(locked.signatories.values_list("pk", flat=True).order_by("pk"))
    sign_event_add(locked, SignEventKind.SENT, by=by, payload={"signatories": asked})
    audit_record("agreement_sent", agreement, by=by, data={"envelope": locked.pk})
    return locked


@transaction.atomic
def signatory_decline(*, signatory: Signatory, because: str) -> Envelope:
    """She will not sign, and says why to all.

    Raises StateChanged when it is over, she has signed, or it was sent on to another.
    """
    envelope = _lock_open(signatory.envelope)
    locked = Signatory.objects.select_for_update().get(pk=signatory.pk)
    _still_hers(locked, signatory)
    if locked.copy_only or hasattr(locked, "signature"):
        raise StateChanged(_("Du har ikke noe å svare nei til her."))
    reason = because.strip()
    if not reason:
        raise DomainError(_("Skriv hvorfor, så de andre forstår."))
    locked.declined_at = database_now()
    locked.save(update_fields=["declined_at"])
    sign_event_add(envelope, SignEventKind.DECLINED, by=locked)
    _close(envelope, EnvelopeState.DECLINED, AgreementState.DECLINED, reason)
    audit_record(
        "agreement_declined", envelope.agreement, by=locked.person.user, data={"signatory": locked.pk}
    )
    return envelope


@transaction.atomic
def signature_retract(*, signatory: Signatory, because: str) -> Envelope:
    """She takes back her signature before all have signed: the sending is over for all, who are told why.

    Raises StateChanged when she has not signed, all have, or it is over another way.
    """
    envelope = Envelope.objects.locked(signatory.envelope_id)
    if envelope.state in (EnvelopeState.COMPLETED, EnvelopeState.SEALED):
        raise StateChanged(_("Nå har alle signert, og avtalen gjelder. Da kan ikke signaturen angres her."))
    envelope = _lock_open(envelope)
    locked = Signatory.objects.select_for_update().get(pk=signatory.pk)
    _still_hers(locked, signatory)
    if not hasattr(locked, "signature"):
        raise StateChanged(_("Du har ikke signert denne."))
    reason = because.strip()
    if not reason:
        raise DomainError(_("Skriv hvorfor, så de andre forstår."))
    sign_event_add(envelope, SignEventKind.WITHDRAWN, by=locked, payload={"signatory": locked.pk})
    sign_event_add(envelope, SignEventKind.VOIDED, by=locked)
    _close(envelope, EnvelopeState.VOIDED, AgreementState.DRAFT, reason)
    audit_record(
        "signature_retracted", envelope.agreement, by=locked.person.user, data={"signatory": locked.pk}
    )
    return envelope


@transaction.atomic
def signatory_forward(*, signatory: Signatory, to: Person, by: User | None) -> Signatory:
    """«Jeg er ikke rett person»: another is asked in her place, with a link of her own.

    Raises StateChanged when it is over, signed, sent on before, or the other is asked already; DomainError
    for whoever signs for herself.
    """
    envelope = _lock_open(signatory.envelope)
    locked = Signatory.objects.select_for_update().select_related("person").get(pk=signatory.pk)
    _still_hers(locked, signatory)
    if locked.party_id is None:
        raise DomainError(_("Du signerer for deg selv, og kan ikke sende den videre."))
    if locked.declined_at is not None or hasattr(locked, "signature"):
        raise StateChanged(_("Det er alt svart her."))
    if envelope.signatories.filter(person=to, role=locked.role).exists():
        raise StateChanged(_("Personen er alt spurt."))
    before, locked.person, locked.nonce = locked.person, to, new_nonce()
    locked.forwarded_by, locked.opened_at = before, None
    locked.save(update_fields=["person", "nonce", "forwarded_by", "opened_at"])
    sign_event_add(
        envelope,
        SignEventKind.FORWARDED,
        by=by or locked,
        payload={"signatory": locked.pk, "from": before.pk, "to": to.pk},
    )
    audit_record("signing_forwarded", envelope.agreement, by=by, data={"signatory": locked.pk})
    return locked


@transaction.atomic
def envelope_void(*, envelope: Envelope, because: str, by: User | None) -> Envelope:
    """Called back before all had signed: what was signed is void, and all are told why."""
    locked = _lock_open(envelope)
    reason = because.strip()
    if not reason:
        raise DomainError(_("Skriv hvorfor. Alle som er spurt, får vite det."))
    sign_event_add(locked, SignEventKind.VOIDED, by=by)
    _close(locked, EnvelopeState.VOIDED, AgreementState.DRAFT, reason)
    audit_record("agreement_called_back", locked.agreement, by=by, data={"envelope": locked.pk})
    return locked


@transaction.atomic
def envelope_expire(*, envelope: Envelope, today: date) -> bool:
    """For the clock: whether the deadline has passed with somebody missing."""
    locked = Envelope.objects.locked(envelope.pk)
    if locked.state not in OPEN or locked.deadline is None or locked.deadline >= today:
        return False
    sign_event_add(locked, SignEventKind.VOIDED, payload={"because": "deadline"})
    _close(locked, EnvelopeState.EXPIRED, AgreementState.DRAFT, "")
    audit_record("agreement_too_late", locked.agreement, by=None, data={"envelope": locked.pk})
    return True


def envelopes_expire(today: date) -> int:
    """All that are late; how many. Each in a transaction of its own."""
    late = Envelope.objects.filter(state__in=OPEN, deadline__lt=today).order_by("pk")
    return sum(envelope_expire(envelope=envelope, today=today) for envelope in late)


@transaction.atomic
def agreement_redraft(*, agreement: Agreement, by: User) -> Agreement:
    """After a no: it is a draft again. Raises StateChanged when nobody said no."""
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if locked.state != AgreementState.DECLINED:
        raise StateChanged(_("Det er ingen som har sagt nei til denne avtalen."))
    locked.state = AgreementState.DRAFT
    locked.save(update_fields=["state", "updated_at"])
    audit_record("agreement_redrafted", locked, by=by)
    return locked


def _lock_draft(agreement: Agreement) -> Agreement:
    locked = (
        Agreement.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=agreement.pk)
    )
    if locked.state != AgreementState.DRAFT:
        raise StateChanged(_("Avtalen er ikke lenger et utkast."))
    return locked


def _lock_open(envelope: Envelope) -> Envelope:
    locked = Envelope.objects.locked(envelope.pk)
    if locked.state not in OPEN:
        raise StateChanged(_("Denne sendingen er avsluttet."))
    return locked


def _still_hers(locked: Signatory, shown: Signatory) -> None:
    """Forwarding puts another on the same row: nobody answers for whoever came after her."""
    if locked.person_id != shown.person_id:
        raise StateChanged(_("Det er alt svart her."))


def _rule(agreement: Agreement) -> Floor:
    found = SigningRule.objects.filter(municipality=agreement.municipality, kind=agreement.kind).first()
    return Floor(found.floor) if found else Floor.CODE


def _check_asked(envelope: Envelope, agreement: Agreement) -> None:
    asked = list(envelope.signatories.filter(copy_only=False))
    if not asked:
        raise DomainError(_("Velg hvem som skal signere."))
    sides = {each.party_id for each in asked}
    # A declaration is given by one, to the other side.
    alone = agreement.kind == AgreementKind.CONFIDENTIALITY
    missing = [party for party in agreement.parties.all() if party.pk not in sides]
    if missing and not alone:
        names = ", ".join(party.actor.name for party in missing)
        raise DomainError(_("Velg hvem som signerer for %(names)s.") % {"names": names})
    if agreement.person_id is not None and agreement.person_id not in {each.person_id for each in asked}:
        raise DomainError(_("Den avtalen er med, må selv være med og signere."))
    if envelope.deadline is not None and envelope.deadline < timezone.localdate():
        raise DomainError(_("Fristen har gått ut. Velg en dag som kommer."))


def _keep(envelope: Envelope, frozen: Frozen, agreement: Agreement, by: User) -> FrozenDocument:
    file = stored_file_keep(
        frozen.pdf, name=agreement.title, content_type=PDF, municipality=envelope.municipality, by=by
    )
    document = FrozenDocument.objects.create(
        municipality=envelope.municipality,
        envelope=envelope,
        file=file,
        sha256=file.sha256,
        pages=frozen.pages,
        control_code=frozen.control_code,
        title=agreement.title,
        language=agreement.language,
        html=frozen.html,
        search_key=search_key_of(strip_tags(frozen.html)),
        stylesheet=frozen.stylesheet,
        template=frozen.template,
        snapshot=frozen.snapshot,
        snapshot_sha256=chain.digest(frozen.snapshot.encode()),
        made_with=frozen.made_with,
        frozen_by=by,
    )
    FrozenAsset.objects.bulk_create(
        FrozenAsset(
            municipality=envelope.municipality,
            document=document,
            name=name,
            content=content,
            sha256=chain.digest(content),
        )
        for name, content in frozen.assets.items()
    )
    return document


def _close(envelope: Envelope, state: EnvelopeState, after: AgreementState, because: str) -> None:
    envelope.state, envelope.closed_at, envelope.closed_because = state, database_now(), because[:1000]
    envelope.save(update_fields=["state", "closed_at", "closed_because"])
    envelope.agreement.state = after
    envelope.agreement.save(update_fields=["state", "updated_at"])
