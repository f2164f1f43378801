"""Signing: one transaction that locks the envelope, looks whether all still holds, and writes.

Two who sign at once wait for each other here, so the last one sees that all have signed. What does not hold
is answered in words and leaves an event, and nothing else.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, UUIDField
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agreements import chain
from agreements.models import Envelope, Signatory, Signature, SignatureEvidence
from agreements.models.agreement import AgreementState
from agreements.models.envelope import HEAVY, OPEN, Assurance, EnvelopeState, Floor
from agreements.models.signature import SignEventKind
from agreements.services.renewal import agreement_take_over
from agreements.services.requirement import agreement_meets
from agreements.services.sign_event import database_now, sign_event_add, sign_events_add
from samskaping.accounts.models import User
from samskaping.core.models import ContentTemplate, StoredFile
from samskaping.core.services.audit import audit_record
from samskaping.core.services.outbox import outbox_add
from samskaping.core.written import Given, Written

# So long a code, a sign-in or ID-porten says who she is.
CONFIRMED_WITHIN = timedelta(minutes=15)
_CODES = (Assurance.CODE_EMAIL, Assurance.CODE_SMS)
_WITNESSED = (Assurance.IN_PERSON, Assurance.PAPER)
_ENOUGH = {
    Floor.CODE: frozenset(Assurance),
    Floor.LOGGED_IN: frozenset(Assurance) - frozenset(_CODES),
    Floor.IDPORTEN_SUBSTANTIAL: frozenset(
        {Assurance.IDPORTEN_SUBSTANTIAL, Assurance.IDPORTEN_HIGH, *_WITNESSED}
    ),
    Floor.IDPORTEN_HIGH: frozenset({Assurance.IDPORTEN_HIGH, *_WITNESSED}),
}


@dataclass(frozen=True)
class Confirmed:
    """How somebody was confirmed, and when, by the portal's clock. Everything but the first two is evidence,
    erased one day."""

    how: Assurance
    at: datetime
    address: str = ""
    ip: str | None = None
    user_agent: str = ""
    session_sha256: str = ""
    oidc: dict[str, Any] = field(default_factory=dict)
    opened_at: datetime | None = None
    pages_shown: int = 0


@dataclass(frozen=True)
class Consent:
    """What she ticked, word for word, and the text it was made from."""

    template: ContentTemplate
    language: str
    words: str


@dataclass(frozen=True)
class Witness:
    """Who received the paper or sat beside her, and for paper the scan and its day."""

    user: User
    name: str
    scan: StoredFile | None = None
    signed_on: Any = None


@dataclass(frozen=True)
class Refused:
    """Why nothing was signed: a code for the event and for tests, and the sentence for her."""

    code: str
    sentence: str | Promise


_WORDS: dict[str, str | Promise] = {
    "closed": _("Denne sendingen er avsluttet. Spør den som sendte den."),
    "copy_only": _("Du har fått avtalen til å lese. Det er andre som signerer."),
    "declined": _(
        "Du har svart at du ikke vil signere. Spør den som sendte avtalen, hvis du vil ombestemme deg."
    ),
    "signed": _("Du har alt signert denne avtalen."),
    "not_your_turn": _("Det er noen som skal signere før deg. Du får beskjed når det er din tur."),
    "too_late": _("Fristen for å signere har gått ut. Spør den som sendte avtalen."),
    "other_document": _("Avtalen er endret siden du åpnet siden. Les den på nytt før du signerer."),
    "not_confirmed": _(
        "Det er over et kvarter siden du viste at det er deg. Be om en ny kode, og signer på nytt."
    ),
    "too_weak": _("Denne avtalen må signeres på en sikrere måte. Velg en av måtene på siden."),
    "no_name": _("Skriv hele navnet ditt."),
    "another": _("Det er alt svart her."),
}


@transaction.atomic
def signature_add(
    *,
    signatory: Signatory,
    document_sha256: str,
    typed_name: str,
    consent: Consent,
    confirmed: Confirmed,
    idempotency_key: uuid.UUID,
    witness: Witness | None = None,
) -> Signature | Refused:
    """Signs, or says why not. The same key again gives the signature that was made the first time."""
    envelope = Envelope.objects.locked(signatory.envelope_id)
    shown, signatory = signatory, _as_it_is(signatory)
    if signatory.person_id != shown.person_id:
        # Sent on to another meanwhile, on the same row: what she confirmed is not the other's.
        return _refuse(envelope, shown, "another")
    made: list[Signature] = _MADE.rows(signatory=signatory.pk, key=idempotency_key)
    there = next((one for one in made if one.signatory_id == signatory.pk), None)
    if there is not None and there.idempotency_key == idempotency_key:
        return there
    name = " ".join(typed_name.split())
    # Another form's: this page was made for something else.
    used = any(one.idempotency_key == idempotency_key for one in made)
    missing = _missing(envelope)
    code = _problem(
        envelope,
        signatory,
        there,
        document_sha256,
        name,
        confirmed,
        key_is_used=used,
        is_her_turn=signatory in _next_of(envelope, missing),
    )
    if code:
        return _refuse(envelope, signatory, code)
    signature = Signature.objects.create(
        municipality_id=envelope.municipality_id,
        signatory=signatory,
        typed_name=name[:120],
        document_sha256=document_sha256,
        consent=consent.template,
        consent_language=consent.language,
        consent_text=consent.words,
        consent_sha256=chain.digest(consent.words.encode()),
        assurance=confirmed.how,
        idempotency_key=idempotency_key,
        witness=witness.user if witness else None,
        witness_name=witness.name if witness else "",
        signed_on=witness.signed_on if witness else None,
        scan=witness.scan if witness else None,
    )
    # From now on the words she agreed to stay as they are.
    if consent.template.first_used_at is None:
        ContentTemplate.objects.filter(pk=consent.template.pk, first_used_at=None).update(first_used_at=Now())
    consented = {"signatory": signatory.pk, "consent": signature.consent_sha256}
    # On paper nobody has ticked anything.
    said = [] if confirmed.how == Assurance.PAPER else [(SignEventKind.CONSENTED, consented)]
    said.append(
        (
            SignEventKind.SIGNED,
            {
                **consented,
                "assurance": confirmed.how.value,
                "document": document_sha256,
                **_keep_evidence(envelope, signatory, name, confirmed),
            },
        )
    )
    sign_events_add(envelope, said, by=witness.user if witness else signatory)
    audit_record(
        "agreement_signed",
        envelope.agreement,
        municipality=envelope.municipality,
        by=witness.user if witness else signatory.person.user,
        on_behalf_of=signatory.person if witness else None,
        data={"signatory": signatory.pk, "assurance": confirmed.how.value},
    )
    if len(missing) > 1:
        envelope.state = EnvelopeState.PARTLY_SIGNED
        envelope.save(update_fields=["state"])
    else:
        _complete(envelope)
    return signature


def _as_it_is(signatory: Signatory) -> Signatory:
    """Now that its envelope is locked. Raises Signatory.DoesNotExist."""
    found = _NOW.rows(pk=signatory.pk)
    if not found:
        raise Signatory.DoesNotExist
    now: Signatory = found[0]
    return now


_NOW = Written(
    lambda: (
        Signatory.objects.filter(pk=Given("pk")).select_related("person", "envelope__document").defer(*HEAVY)
    )
)


_MADE = Written(
    lambda: Signature.objects.filter(
        Q(signatory=Given("signatory")) | Q(idempotency_key=Given("key", UUIDField()))
    )
)


def waits_for(envelope: Envelope) -> list[Signatory]:
    """Who has not signed: all of them, or the next ones where it goes in order."""
    return _next_of(envelope, _missing(envelope))


def _missing(envelope: Envelope) -> list[Signatory]:
    missing: list[Signatory] = _MISSING.rows(envelope=envelope.pk)
    for one in missing:
        one.envelope = envelope
    return missing


def _next_of(envelope: Envelope, missing: list[Signatory]) -> list[Signatory]:
    if envelope.in_order and missing:
        return [each for each in missing if each.number == missing[0].number]
    return missing


_MISSING = Written(
    lambda: (
        Signatory.objects.filter(envelope=Given("envelope"), copy_only=False, signature=None)
        .select_related("person")
        .order_by("number", "pk")
    )
)


def is_enough(how: Assurance, signatory: Signatory) -> bool:
    """Whether she may sign this one so."""
    return how in _ENOUGH[Floor(signatory.floor)]


def _refuse(envelope: Envelope, signatory: Signatory, code: str) -> Refused:
    """Noted while somebody may sign, and the same press again once: afterwards a chain is as it was left."""
    said = {"because": code}
    if envelope.state in OPEN and not _was_just_refused(envelope, signatory, said):
        sign_event_add(envelope, SignEventKind.REFUSED, by=signatory, payload=said)
    return Refused(code, _WORDS[code])


def _was_just_refused(envelope: Envelope, signatory: Signatory, said: dict[str, str]) -> bool:
    last = envelope.events.order_by("-seq").first()
    there = (last.kind, last.actor, last.payload) if last is not None else None
    return there == (SignEventKind.REFUSED, f"signatory:{signatory.pk}", said)


def _problem(
    envelope: Envelope,
    signatory: Signatory,
    there: Signature | None,
    document_sha256: str,
    name: str,
    confirmed: Confirmed,
    *,
    key_is_used: bool,
    is_her_turn: bool,
) -> str:
    if there is not None:
        return "signed"
    if signatory.copy_only:
        return "copy_only"
    if signatory.declined_at is not None:
        return "declined"
    if envelope.state not in OPEN:
        return "closed"
    if envelope.deadline is not None and timezone.localdate() > envelope.deadline:
        return "too_late"
    if not is_her_turn:
        return "not_your_turn"
    if document_sha256 != signatory.envelope.document.sha256 or key_is_used:
        return "other_document"
    if not is_enough(confirmed.how, signatory):
        return "too_weak"
    # The portal's clock said when, and says how long ago: the database's may stand on another host.
    age = timezone.now() - confirmed.at
    if not timedelta(seconds=-5) <= age <= CONFIRMED_WITHIN:
        return "not_confirmed"
    return "" if " " in name else "no_name"


def _keep_evidence(
    envelope: Envelope, signatory: Signatory, name: str, confirmed: Confirmed
) -> dict[str, str]:
    """Keeps what can be erased, and gives the commitments to it that stand in the chain for ever."""
    personal = {
        "name": name,
        "address": confirmed.address,
        "ip": confirmed.ip or "",
        "user_agent": confirmed.user_agent[:300],
        "session": confirmed.session_sha256,
        "oidc": chain.canonical(confirmed.oidc).decode(),
    }
    salts = {what: chain.new_salt() for what, value in personal.items() if value and value != "{}"}
    found = {
        "municipality_id": envelope.municipality_id,
        "address": confirmed.address,
        "ip": confirmed.ip,
        "user_agent": confirmed.user_agent[:300],
        "session_sha256": confirmed.session_sha256,
        "oidc": confirmed.oidc,
        "opened_at": confirmed.opened_at,
        "pages_shown": confirmed.pages_shown,
        "salts": salts,
    }
    # In one question, where `update_or_create` asks six; what she left when she signed before is overwritten.
    SignatureEvidence.objects.bulk_create(
        [SignatureEvidence(signatory=signatory, **found)],
        update_conflicts=True,
        unique_fields=["signatory"],
        update_fields=list(found),
    )
    return {f"{what}_sealed": chain.commitment(salt, personal[what]) for what, salt in salts.items()}


def _complete(envelope: Envelope) -> None:
    """Nobody is missing: the agreement holds, and is sealed next."""
    envelope.state, envelope.completed_at = EnvelopeState.COMPLETED, database_now()
    envelope.save(update_fields=["state", "completed_at"])
    agreement = envelope.agreement
    agreement.state, agreement.signed_on = AgreementState.ACTIVE, timezone.localdate(envelope.completed_at)
    agreement.save(update_fields=["state", "signed_on", "updated_at"])
    sign_event_add(envelope, SignEventKind.COMPLETED)
    agreement_take_over(agreement)
    agreement_meets(agreement)
    outbox_add(
        "agreement_seal",
        str(envelope.pk),
        payload={"envelope": envelope.pk},
        municipality=envelope.municipality,
    )
