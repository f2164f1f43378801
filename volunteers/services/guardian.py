"""Who says yes for somebody under eighteen: noted by staff, or by herself with the code she was sent.

The link names the guardian and proves nothing; the code to her address opens the question, and says whose
it is about.
"""

from datetime import date

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.link_token import link_token, proof_of, row_of_token
from samskaping.core.models import OneTimeCode
from samskaping.core.models.one_time_code import CodePurpose, new_nonce
from samskaping.core.services.audit import audit_record, object_name
from samskaping.core.services.one_time_code import one_time_code_make, one_time_code_use
from samskaping.core.services.outbox import outbox_add
from volunteers.models import Guardian, Volunteer
from volunteers.selectors.guardian import code_address
from volunteers.services.volunteer import volunteer_lock

ADULT = 18
LINK = "volunteers.guardian"
# For so long after the code she may think before she answers.
SEAT, SEAT_SECONDS = "volunteers.guardian.seat", 3600


@transaction.atomic
def guardian_set(
    *,
    volunteer: Volunteer,
    adult_from: date,
    name: str,
    email: str,
    phone: str,
    consented: bool,
    said_yes: bool = False,
    by: User,
) -> Guardian:
    """`consented`: on paper or on the telephone, noted by staff. Another guardian has not said anything yet.
    `said_yes`: what the page said; where that is as it was, her own answer meanwhile stands.

    Raises DomainError when nothing reaches her, or when the day is not within the next eighteen years.
    """
    if not (email or phone):
        raise DomainError(_("Skriv en e-postadresse eller et telefonnummer til den foresatte."))
    today = timezone.localdate()
    if not today < adult_from <= today.replace(year=today.year + ADULT, day=min(today.day, 28)):
        raise DomainError(_("Skriv dagen den frivillige fyller 18 år."))
    locked = volunteer_lock(volunteer)
    old = Guardian.objects.select_for_update(of=("self",)).filter(volunteer=locked).first()
    guardian: Guardian = old or Guardian(municipality=locked.municipality, volunteer=locked)
    is_another = (guardian.name, guardian.email, guardian.phone) != (name, email, phone)
    if is_another:
        guardian.asked_at = guardian.consented_at = guardian.declined_at = guardian.noted_by = None
        # A link to an address she no longer has opens nothing.
        guardian.nonce = new_nonce()
    guardian.name, guardian.email, guardian.phone = name, email, phone
    is_said = is_another or consented != said_yes
    if is_said and consented and guardian.consented_at is None:
        guardian.consented_at, guardian.declined_at, guardian.noted_by = timezone.now(), None, by
    elif is_said and not consented and guardian.consented_at is not None:
        # She has taken her yes back, or it was noted by mistake.
        guardian.consented_at, guardian.declined_at, guardian.noted_by = None, timezone.now(), by
    guardian.save()
    if locked.adult_from != adult_from:
        locked.adult_from = adult_from
        locked.save(update_fields=["adult_from"])
    audit_record("guardian_set", locked, by=by, data={"consented": guardian.consented_at is not None})
    return guardian


@transaction.atomic
def guardian_remove(*, volunteer: Volunteer, by: User) -> None:
    """She is eighteen, or never was under it. Doing it twice does it once."""
    locked = volunteer_lock(volunteer)
    gone, _rows = Guardian.objects.filter(volunteer=locked).delete()
    if gone or locked.adult_from is not None:
        locked.adult_from = None
        locked.save(update_fields=["adult_from"])
        audit_record("guardian_removed", locked, by=by)


@transaction.atomic
def guardian_ask(*, guardian: Guardian, by: User) -> Guardian:
    """Promises her the question. Raises StateChanged when she has said yes, DomainError when no message
    reaches her: then she is rung."""
    locked = _lock(guardian)
    if locked.consented_at is not None:
        raise StateChanged(_("Den foresatte har allerede sagt ja."))
    if not code_address(locked):
        raise DomainError(_("Vi har ingen e-post eller mobil å sende til. Ring, og før svaret her."))
    locked.asked_at, locked.declined_at = timezone.now(), None
    locked.save(update_fields=["asked_at", "declined_at"])
    outbox_add(
        "guardian_ask",
        f"{locked.pk}:{int(locked.asked_at.timestamp())}",
        payload={"guardian": locked.pk},
        municipality=locked.municipality,
    )
    audit_record("guardian_asked", locked.volunteer, by=by)
    return locked


def guardian_token(guardian: Guardian) -> str:
    return link_token(LINK, guardian)


def guardian_from_token(token: str) -> Guardian | None:
    """None for anything we did not make, and for what is gone."""
    rows = Guardian.objects.select_related(*READ_WITH).filter(volunteer__person__erased_at=None)
    return row_of_token(token, LINK, rows)


@transaction.atomic
def guardian_code_send(*, guardian: Guardian) -> OneTimeCode:
    """A code to her address on file. Raises TooMany, and StateChanged when none reaches her."""
    locked = _lock(guardian)
    if not code_address(locked):
        raise StateChanged(_("Vi har ingen e-postadresse eller mobil å sende en kode til. Ring oss."))
    code = one_time_code_make(CodePurpose.GUARDIAN, subject=_proof(locked), asked_for=object_name(locked))
    outbox_add(
        "guardian_code",
        str(code.pk),
        payload={"guardian": locked.pk, "code": str(code.pk)},
        municipality=locked.municipality,
    )
    return code


def guardian_code_is_for(code: OneTimeCode, guardian: Guardian) -> bool:
    return code.subject == _proof(guardian)


def guardian_code_use(*, guardian: Guardian, code_id: str, typed: str) -> str:
    """What her answer is sent with, for an hour; empty when these are not the digits we sent her."""
    code = one_time_code_use(code_id, CodePurpose.GUARDIAN, typed)
    if code is None or not guardian_code_is_for(code, guardian):
        return ""
    return signing.dumps(_proof(guardian), salt=SEAT)


@transaction.atomic
def guardian_answer(*, guardian: Guardian, seat: str, says_yes: bool) -> Guardian:
    """Her own yes or no; she may change her mind. Raises StateChanged when her hour is over."""
    locked = _lock(guardian)
    try:
        proof = signing.loads(seat, salt=SEAT, max_age=SEAT_SECONDS)
    except signing.BadSignature:
        proof = ""
    if proof != _proof(locked):
        raise StateChanged(_("Det gikk for lang tid. Åpne lenken igjen, så får du en ny kode."))
    now = timezone.now()
    locked.consented_at, locked.declined_at = (now, None) if says_yes else (None, now)
    locked.noted_by = None
    locked.save(update_fields=["consented_at", "declined_at", "noted_by"])
    audit_record("guardian_answered", locked.volunteer, by=None, data={"yes": says_yes})
    return locked


def _proof(guardian: Guardian) -> str:
    return proof_of(LINK, object_name(guardian), code_address(guardian))


READ_WITH = (
    *("municipality__settings", "volunteer__municipality", "volunteer__person__municipality__settings"),
    *("volunteer__person__controller_organisation", "volunteer__person__controller_centre"),
)


def _lock(guardian: Guardian) -> Guardian:
    rows = Guardian.objects.select_for_update(of=("self",)).select_related(*READ_WITH)
    locked: Guardian = rows.get(pk=guardian.pk)
    return locked
