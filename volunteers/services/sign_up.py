"""Somebody we do not know writes from the public pages: a question, an interest, or to begin at once.

She is no person here before somebody takes her in, or her own code does where the task is light. The link in
her message names her sign-up and proves nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Membership, Offer, Organisation, Person, VolunteerCentre
from partnerships.models.offer import OfferState
from partnerships.models.person import Channel, Digest
from partnerships.public import reply_by
from partnerships.services.person import Side, controller_of
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.link_token import link_token, proof_of, row_of_token
from samskaping.core.models import Municipality, OneTimeCode
from samskaping.core.models.one_time_code import CodePurpose
from samskaping.core.services.audit import audit_record, object_name
from samskaping.core.services.one_time_code import one_time_code_make, one_time_code_use
from samskaping.core.services.outbox import outbox_add
from samskaping.core.services.sent_twice import made_lately
from volunteers.models import Assignment, Opening, SignUp, Volunteer
from volunteers.models.assignment import OPEN, AssignmentState
from volunteers.models.sign_up import SignUpKind, SignUpOutcome
from volunteers.models.volunteer import CameBy, VolunteerState
from volunteers.selectors.opening import is_light, taken
from volunteers.selectors.sign_up import address_of, message_channel, people_of, side_of
from volunteers.services.assignment import assignment_make, assignment_set
from volunteers.services.opening import opening_close, opening_lock
from volunteers.services.volunteer import volunteer_activate, volunteer_add

LINK = "volunteers.sign_up"
# What she wrote: the same within a minute is the same press.
WROTE = (
    *("municipality_id", "kind", "opening_id", "name", "email", "phone", "words"),
    *("interests", "how_much", "free", "under_18"),
)


@dataclass(frozen=True)
class Words:
    """What she wrote, beside her name and how she is reached."""

    words: str = ""
    interests: Sequence[str] = ()
    how_much: str = ""
    free: Sequence[str] = ()
    under_18: bool = False


@dataclass(frozen=True)
class Somebody:
    """As she wrote it herself."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = "nb"
    about: Words = field(default_factory=Words)


def sign_up_token(sign_up: SignUp) -> str:
    return link_token(LINK, sign_up)


def sign_up_from_token(token: str) -> SignUp | None:
    """None for anything we did not make, and for what is gone."""
    rows = SignUp.objects.select_related(
        "municipality__settings", "centre", "organisation", "opening__offer__municipality"
    )
    return row_of_token(token, LINK, rows)


@transaction.atomic
def sign_up_make(
    *, municipality: Municipality, kind: SignUpKind, who: Somebody, opening: Opening | None = None
) -> SignUp:
    """Somebody answers her by the day that is promised here; she is told so where a message reaches her.
    Sending the same twice sends it once.

    Raises StateChanged for an opening that was taken down, DomainError when a code would reach nobody.
    """
    if opening is not None and not Opening.objects.public().filter(pk=opening.pk).exists():
        raise StateChanged(_("Oppdraget er tatt ned. Kanskje et annet passer?"))
    if kind == SignUpKind.AT_ONCE and (opening is None or not opening.at_once):
        raise StateChanged(_("Her vil noen snakke med deg først. Meld interesse, så tar de kontakt."))
    made = SignUp(
        municipality=municipality,
        kind=kind,
        opening=opening,
        name=who.name,
        email=who.email.lower(),
        phone=who.phone,
        language=who.language,
        words=who.about.words,
        interests=list(who.about.interests),
        how_much=who.about.how_much,
        free=list(who.about.free),
        under_18=who.about.under_18,
        reply_by=reply_by(municipality, timezone.localdate()),
        **_kept_by(opening.offer if opening else None),
    )
    if kind == SignUpKind.AT_ONCE and message_channel(made) is None:
        raise DomainError(_("Skriv en e-postadresse eller et norsk mobilnummer, så sender vi en kode."))
    # A new code is hers to ask for at once; nothing else is written twice.
    same = made_lately(made, "at", WROTE) if kind != SignUpKind.AT_ONCE else None
    if same is not None:
        return same
    made.save()
    audit_record("sign_up_made", made, by=None, data={"kind": kind.value})
    if kind != SignUpKind.AT_ONCE:
        _tell_received(made)
    return made


def _kept_by(offer: Offer | None) -> dict[str, Any]:
    """Who holds the offer answers, and keeps her if she comes; the municipality where they are not here."""
    side: Side = (offer.organisation or offer.centre) if offer is not None else None
    works = Membership.objects.current()
    if isinstance(side, Organisation):
        here = works.filter(organisation=side, role=Role.ORGANISATION_REP).exists()
        return {"organisation": side} if here else {}
    if isinstance(side, VolunteerCentre) and side.is_controller:
        here = works.filter(centre=side, role=Role.CENTRE_LEADER).exists()
        return {"centre": side} if here else {}
    return {}


def _tell_received(sign_up: SignUp) -> None:
    if message_channel(sign_up) is not None:
        outbox_add(
            "sign_up_received",
            str(sign_up.pk),
            payload={"sign_up": sign_up.pk},
            municipality=sign_up.municipality,
        )


# --- At once --------------------------------------------------------------------------------------------
def _proof(sign_up: SignUp) -> str:
    return proof_of(LINK, object_name(sign_up), address_of(sign_up))


@transaction.atomic
def sign_up_code_send(*, sign_up: SignUp) -> OneTimeCode:
    """Promises a code to what she wrote. Raises TooMany after three in fifteen minutes to one address."""
    code = one_time_code_make(CodePurpose.SIGN_UP, subject=_proof(sign_up), asked_for=address_of(sign_up))
    outbox_add(
        "sign_up_code",
        str(code.pk),
        payload={"sign_up": sign_up.pk, "code": str(code.pk)},
        municipality=sign_up.municipality,
    )
    return code


def sign_up_code_is_for(code: OneTimeCode, sign_up: SignUp) -> bool:
    return code.subject == _proof(sign_up)


def sign_up_code_use(*, sign_up: SignUp, code_id: str, typed: str) -> bool:
    """Whether these are the digits we sent to the address of this very sign-up."""
    code = one_time_code_use(code_id, CodePurpose.SIGN_UP, typed)
    return code is not None and sign_up_code_is_for(code, sign_up)


@transaction.atomic
def sign_up_confirm(*, sign_up: SignUp) -> SignUp:
    """Her code was right: she is in, at once; or, where the last place just went, somebody will call.

    The opening's lock is what keeps the last place for one. Doing it twice does it once.
    """
    opening = opening_lock(sign_up.opening) if sign_up.opening is not None else None
    locked: SignUp = (
        SignUp.objects.select_for_update(of=("self",))
        .select_related("municipality", "organisation", "centre")
        .get(pk=sign_up.pk)
    )
    if locked.confirmed_at is not None:
        return locked
    locked.confirmed_at = timezone.now()
    if opening is None or locked.under_18 or not _has_room(opening):
        # Interest is as good: somebody answers, with another place or another day.
        locked.kind = SignUpKind.INTEREST
        locked.save(update_fields=["confirmed_at", "kind"])
        audit_record("sign_up_confirmed", locked, by=None, data={"joined": False})
        _tell_received(locked)
        return locked
    person = _person_of(locked) or _person_made(locked, by=None)
    volunteer = _joined(person, locked)
    _at_the_offer(volunteer, opening.offer, AssignmentState.ACTIVE, by=None)
    locked.volunteer, locked.answered_at = volunteer, locked.confirmed_at
    locked.outcome = SignUpOutcome.TAKEN_IN
    locked.save(update_fields=["confirmed_at", "volunteer", "answered_at", "outcome"])
    audit_record("sign_up_confirmed", locked, by=None, data={"joined": True})
    if taken(opening) >= opening.wanted:
        opening_close(opening=opening, by=None)
    _tell_received(locked)
    return locked


def _has_room(opening: Opening) -> bool:
    shown = opening.closed_at is None and opening.offer.state not in (OfferState.ENDED, OfferState.PAUSED)
    return shown and opening.at_once and is_light(opening.offer) and taken(opening) < opening.wanted


def _joined(person: Person, sign_up: SignUp) -> Volunteer:
    """A volunteer of hers, new, back, or the one she is already."""
    about = {name: value for name, value in _wishes(sign_up).items() if value}
    known = Volunteer.objects.filter(person=person).exclude(state=VolunteerState.ENDED).first()
    if known is not None:
        return volunteer_activate(volunteer=known, by=None)
    return volunteer_add(person=person, by=None, state=VolunteerState.ACTIVE, came_by=CameBy.PUBLIC, **about)


def _wishes(sign_up: SignUp) -> dict[str, Any]:
    return {
        "interests": sign_up.interests,
        "how_much": sign_up.how_much,
        "free": sign_up.free,
    }


def _at_the_offer(volunteer: Volunteer, offer: Offer, state: AssignmentState, *, by: User | None) -> None:
    """There once, whatever she was there before."""
    there = Assignment.objects.filter(volunteer=volunteer, offer=offer, state__in=OPEN).first()
    if there is None:
        assignment_make(volunteer=volunteer, offer=offer, state=state, by=by)
    elif state == AssignmentState.ACTIVE:
        assignment_set(assignment=there, state=state, by=by)


# --- Answering ------------------------------------------------------------------------------------------
@transaction.atomic
def sign_up_answer(*, sign_up: SignUp, text: str, outcome: SignUpOutcome, by: User) -> SignUp:
    """An answer in words, sent to her where a message reaches her. Raises StateChanged for a second one."""
    locked = _open(sign_up)
    _answered(locked, text, outcome, by)
    audit_record("sign_up_answered", locked, by=by, data={"outcome": outcome.value})
    return locked


@transaction.atomic
def sign_up_take_in(*, sign_up: SignUp, person: Person | None, text: str, by: User) -> Volunteer:
    """A volunteer from now on, on her way in; `person`: who she is here already, None for somebody new.

    Raises StateChanged when she was answered meanwhile, DomainError for a person of another controller.
    """
    locked = _open(sign_up)
    if person is not None and not people_of(locked).filter(pk=person.pk).exists():
        raise DomainError(_("Velg en person som finnes her."))
    found = person or _person_made(locked, by=by)
    known = Volunteer.objects.filter(person=found).exclude(state=VolunteerState.ENDED).first()
    about = {name: value for name, value in _wishes(locked).items() if value}
    # Somebody has her next step from the first day; another may take it over.
    volunteer = known or volunteer_add(
        person=found,
        by=by,
        state=VolunteerState.STARTING,
        came_by=CameBy.PUBLIC,
        followed_by=by,
        **about,
    )
    if locked.opening is not None and locked.opening.offer.state != OfferState.ENDED:
        _at_the_offer(volunteer, locked.opening.offer, AssignmentState.INTERESTED, by=by)
    locked.volunteer = volunteer
    _answered(locked, text, SignUpOutcome.TAKEN_IN, by)
    audit_record("sign_up_answered", locked, by=by, data={"outcome": SignUpOutcome.TAKEN_IN.value})
    return volunteer


@transaction.atomic
def sign_up_withdraw(*, sign_up: SignUp) -> None:
    """By herself, with her link: gone, as if she had not written. Doing it twice does it once.

    Raises StateChanged once she is in.
    """
    locked = SignUp.objects.select_for_update(of=("self",)).filter(pk=sign_up.pk).first()
    if locked is None:
        return
    if locked.volunteer_id is not None:
        raise StateChanged(_("Du er tatt imot som frivillig. Ring oss, så ordner vi det."))
    audit_record("sign_up_withdrawn", locked, by=None)
    locked.delete()


def _open(sign_up: SignUp) -> SignUp:
    locked: SignUp = (
        SignUp.objects.select_for_update(of=("self",))
        .select_related("municipality", "organisation", "centre", "opening__offer")
        .get(pk=sign_up.pk)
    )
    if locked.answered_at is not None:
        raise StateChanged(_("Noen har svart på denne allerede."))
    return locked


def _answered(locked: SignUp, text: str, outcome: SignUpOutcome, by: User) -> None:
    locked.answer, locked.outcome = text, outcome
    locked.answered_at, locked.answered_by = timezone.now(), by
    locked.save(update_fields=["answer", "outcome", "answered_at", "answered_by", "volunteer"])
    if message_channel(locked) is not None:
        outbox_add(
            "sign_up_answer",
            str(locked.pk),
            payload={"sign_up": locked.pk},
            municipality=locked.municipality,
        )


def _person_of(sign_up: SignUp) -> Person | None:
    """Who she is here already: a family may share an address, so the name has to be hers too."""
    hers = Q(email__iexact=sign_up.email) if sign_up.email else Q(phone=sign_up.phone)
    found: Person | None = people_of(sign_up).filter(hers, name__iexact=sign_up.name).order_by("pk").first()
    return found


def _person_made(sign_up: SignUp, *, by: User | None) -> Person:
    made = Person.objects.create(
        municipality=sign_up.municipality,
        name=sign_up.name,
        email=sign_up.email,
        phone=sign_up.phone,
        language=sign_up.language,
        channel=message_channel(sign_up) or Channel.PHONE,
        # She has no work list to wait for: what is said to her leaves at once.
        digest=Digest.AT_ONCE,
        **controller_of(side_of(sign_up)),
    )
    audit_record("person_added", made, by=by)
    return made
