"""Coming to sign by the link in a message: the code, what was opened and shown, reminding, and asking.

The link names the signatory and proves nothing. The code to the address on file says who she is, for all
that she is asked to sign (agreements/sitting.py).
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Envelope, Signatory, SigningQuestion
from agreements.models.envelope import OPEN
from agreements.models.signature import SignEventKind
from agreements.services.sign_event import database_now, sign_event_add
from partnerships.models import Person
from partnerships.selectors.channel import address_proof
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.link_token import link_token, row_of_token
from samskaping.core.models import OneTimeCode
from samskaping.core.models.one_time_code import CodePurpose
from samskaping.core.services.audit import audit_record, object_name
from samskaping.core.services.one_time_code import one_time_code_make, one_time_code_use
from samskaping.core.services.outbox import outbox_add
from samskaping.core.services.rate_limit import rate_limit_hit

LINK = "agreements.signatory"
AT_MOST_QUESTIONS = 20
# Whoever has her link may ask for codes: to her, not for ever.
CODES, CODES_WITHIN = 10, timedelta(days=1)


def signatory_token(signatory: Signatory) -> str:
    return link_token(LINK, signatory)


def signatory_from_token(token: str) -> Signatory | None:
    """Whoever a link names, whatever became of it; None for anything we did not make."""
    rows = Signatory.objects.select_related(
        "person__municipality__settings", "person__controller_organisation", "person__controller_centre",
        "envelope__agreement__municipality__settings",
    )  # fmt: skip
    return row_of_token(token, LINK, rows)


def signing_proof(person: Person) -> str:
    """What her code proves, until her address is another. Empty where no code reaches her."""
    return address_proof("agreements.signing", person, person)


@transaction.atomic
def signing_code_send(*, person: Person) -> OneTimeCode:
    """Promises a fresh code to the address on file, never to one from the request.

    Raises StateChanged when no code reaches her, TooMany after three in fifteen minutes and ten in a day.
    """
    proof = signing_proof(person)
    if not proof or person.erased_at is not None:
        raise StateChanged(
            _("Vi har ingen e-postadresse eller mobil å sende en kode til. Spør den som sendte avtalen.")
        )
    rate_limit_hit(
        "signing_code",
        str(person.pk),
        at_most=CODES,
        within=CODES_WITHIN,
        sentence=_(
            "Det er bedt om mange koder i dag. Prøv igjen i morgen, eller ring den som sendte avtalen: Du "
            "kan også signere på papir."
        ),
    )
    code = one_time_code_make(CodePurpose.SIGNING, subject=proof, asked_for=object_name(person))
    outbox_add(
        "signing_code",
        str(code.pk),
        payload={"person": person.pk, "code": str(code.pk)},
        municipality=person.municipality,
    )
    _tell(person, SignEventKind.CODE_SENT)
    return code


@transaction.atomic
def signing_code_use(*, person: Person, code_id: str, typed: str) -> bool:
    """Whether these are the digits we sent to this very person, to the address she has now."""
    code = one_time_code_use(code_id, CodePurpose.SIGNING, typed)
    right = code is not None and code.subject == signing_proof(person)
    _tell(person, SignEventKind.CODE_OK if right else SignEventKind.CODE_FAILED)
    return right


@transaction.atomic
def signing_message_told(*, signatory_id: int, person_id: int, kind: SignEventKind, message: str) -> None:
    """How the message that asked her fared: DELIVERED or BOUNCED, in the chain while somebody may sign.

    Safe for a signatory that is no more, and for one that was sent on to another meanwhile.
    """
    asked = Signatory.objects.filter(pk=signatory_id, person=person_id).first()
    if asked is None:
        return
    envelope = Envelope.objects.locked(asked.envelope_id)
    if envelope.state in OPEN:
        sign_event_add(envelope, kind, payload={"signatory": asked.pk, "message": message})


@transaction.atomic
def signing_code_bounced(*, person: Person) -> None:
    """Nobody is reached where her code went."""
    _tell(person, SignEventKind.BOUNCED, by_portal=True, payload={"message": "code"})


@transaction.atomic
def signatory_read(*, signatory: Signatory) -> None:
    """She has had the whole document before her and goes on: noted the first time, and when it was."""
    envelope = Envelope.objects.locked(signatory.envelope_id)
    if envelope.state not in OPEN:
        return
    locked = Signatory.objects.select_for_update().get(pk=signatory.pk)
    if locked.opened_at is not None or locked.person_id != signatory.person_id:
        return
    locked.opened_at = database_now()
    locked.save(update_fields=["opened_at"])
    pages = envelope.document.pages
    sign_event_add(envelope, SignEventKind.OPENED, by=locked)
    sign_event_add(envelope, SignEventKind.SHOWN, by=locked, payload={"pages": pages})


@transaction.atomic
def signatory_remind(*, signatory: Signatory, by: User) -> None:
    """«Minn nå». Raises StateChanged when she has answered, it is over, or she was reminded today."""
    from agreements.services.signature import waits_for

    envelope = Envelope.objects.locked(signatory.envelope_id)
    locked = Signatory.objects.select_for_update().get(pk=signatory.pk)
    if envelope.state not in OPEN or locked not in waits_for(envelope):
        raise StateChanged(_("Det er ingenting å minne om her nå."))
    today = timezone.localdate()
    asked_today = envelope.sent_at is not None and timezone.localdate(envelope.sent_at) == today
    if locked.reminded_on == today or asked_today:
        raise StateChanged(_("Personen har fått beskjed i dag. Ring heller, og spør om den kom fram."))
    locked.reminded_on = today
    locked.save(update_fields=["reminded_on"])
    audit_record("signing_reminded", envelope.agreement, by=by, data={"signatory": locked.pk})


@transaction.atomic
def signing_question_ask(*, signatory: Signatory, text: str) -> SigningQuestion:
    """«Jeg har et spørsmål»: to whoever sent it. Raises DomainError without words, or after twenty."""
    words = text.strip()
    if not words:
        raise DomainError(_("Skriv hva du lurer på."))
    Signatory.objects.select_for_update().get(pk=signatory.pk)
    if signatory.questions.count() >= AT_MOST_QUESTIONS:
        raise DomainError(_("Du har spurt mange ganger her. Ring heller den som sendte avtalen."))
    asked = SigningQuestion.objects.create(
        municipality_id=signatory.municipality_id,
        signatory=signatory,
        person=signatory.person,
        text=words[:1000],
    )
    audit_record(
        "signing_asked", signatory.envelope.agreement, by=signatory.person.user,
        data={"signatory": signatory.pk},
    )  # fmt: skip
    return asked


def asked_of(person: Person) -> Iterable[Envelope]:
    """Open envelopes she is in, in the order they are locked."""
    found = Envelope.objects.filter(signatories__person=person, state__in=OPEN)
    return Envelope.objects.filter(pk__in=found.values("pk")).order_by("pk")


def _tell(
    person: Person, kind: SignEventKind, *, by_portal: bool = False, payload: Mapping[str, Any] | None = None
) -> None:
    """One code is for all that she is asked to sign, and each chain tells of it."""
    for pk in [envelope.pk for envelope in asked_of(person)]:
        envelope = Envelope.objects.locked(pk)
        if envelope.state in OPEN:
            asked = envelope.signatories.filter(person=person).order_by("pk").first()
            about = {**payload, "signatory": asked.pk} if payload and asked is not None else None
            sign_event_add(envelope, kind, by=None if by_portal else asked, payload=about)
