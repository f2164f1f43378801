"""Asking people in, by whoever convenes: with a letter in her own channel, or noted after a yes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Adaptation, CodesignProcess, FollowUp, Organisation, Participant, Person
from partnerships.models.codesign import ProcessState
from partnerships.models.participant import Side
from partnerships.models.person import Digest
from partnerships.selectors.channel import code_channel
from partnerships.selectors.participant_letter import LETTER
from partnerships.selectors.words import language_of
from partnerships.services.participant import for_her, participant_join, participant_lock
from partnerships.services.person import controller_of
from partnerships.services.process import process_run
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import ContentTemplate
from samskaping.core.models.one_time_code import new_nonce
from samskaping.core.selectors.content_template import content_template_current
from samskaping.core.services.audit import audit_record
from samskaping.core.services.outbox import outbox_add


@dataclass(frozen=True)
class Somebody:
    """Whom to ask, as the convener writes it."""

    name: str
    email: str = ""
    phone: str = ""
    # street, postal_code, post_town, language, channel
    details: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def participant_invite(
    *,
    process: CodesignProcess,
    who: Somebody,
    side: Side,
    organisation: Organisation | None = None,
    joined: bool,
    by: User,
) -> Participant:
    """Asks her; `joined`: she has said yes already, and is noted on her behalf. A notice brings the letter.

    Raises StateChanged when she is asked already or it is over, DomainError when nothing reaches her.
    """
    locked = CodesignProcess.objects.select_for_update(of=("self",)).get(pk=process.pk)
    if locked.state == ProcessState.ENDED:
        raise StateChanged(_("Prosessen er avsluttet."))
    person = _person_for(process, who, by=by)
    try:
        with transaction.atomic():
            participant = Participant.objects.create(
                municipality=process.municipality,
                process=process,
                person=person,
                side=side,
                organisation=organisation,
                letter=_letter_for(process),
                invited_by=by,
            )
    except IntegrityError:
        raise StateChanged(_("Personen er allerede med, eller har fått invitasjonen.")) from None
    audit_record("participant_invited", participant, by=by, data={"side": side.value})
    process_run(process=locked, by=by)
    if joined:
        participant = participant_join(participant=participant, consent=False, by=by)
    return participant


@transaction.atomic
def participant_invite_again(*, participant: Participant, by: User) -> Participant:
    """A new link, and the old one stops working: with the letter to who has not answered, else by itself.

    Raises StateChanged when she has left, or was sent one today; DomainError when a link is of no use to her.
    """
    locked = participant_lock(participant)
    if locked.joined_at is None and timezone.localdate(locked.invited_at) == timezone.localdate():
        raise StateChanged(_("Invitasjonen er sendt i dag. Ring heller, og spør om den kom fram."))
    if locked.joined_at is not None and code_channel(locked.person) is None:
        raise DomainError(_("Vi har ingen e-postadresse eller mobil å sende lenken til."))
    locked.nonce = new_nonce()
    locked.save(update_fields=["nonce"])
    if locked.joined_at is None:
        # A new day is a new notice.
        Participant.objects.filter(pk=locked.pk).update(invited_at=Now(), declined_at=None)
    else:
        outbox_add(
            "participant_links",
            f"{locked.person_id}:{locked.nonce}",
            payload={"person": locked.person_id},
            municipality=locked.municipality,
        )
    audit_record("participant_invited_again", locked, by=by)
    return locked


@transaction.atomic
def participant_side_set(
    *, participant: Participant, side: Side, organisation: Organisation | None, by: User
) -> Participant:
    """Written wrong, it is mended: who meets when citizens meet alone, and the balance, follow the side.

    Raises StateChanged when she has left.
    """
    locked = participant_lock(participant)
    if (locked.side, locked.organisation) != (side, organisation):
        locked.side, locked.organisation = side, organisation
        locked.save(update_fields=["side", "organisation"])
        audit_record("participant_side_set", locked, by=by, data={"side": side.value})
    return locked


@transaction.atomic
def adaptation_set(*, participant: Participant, text: str, by: User | None) -> None:
    """What must be in place for her, written by herself or with her consent; empty takes it away.

    Raises StateChanged when she does not take part.
    """
    locked = participant_lock(participant)
    if locked.joined_at is None:
        raise StateChanged(_("Svar først på om du vil være med."))
    if text:
        Adaptation.objects.update_or_create(
            participant=locked,
            defaults={"municipality": locked.municipality, "text": text, "consent_at": timezone.now()},
        )
    else:
        Adaptation.objects.filter(participant=locked).delete()
    audit_record(
        "adaptation_set", locked, by=by, on_behalf_of=for_her(locked, by), data={"given": bool(text)}
    )


@transaction.atomic
def follow_up_note(*, participant: Participant, line: str, next_on: Any, by: User) -> FollowUp:
    """One line after a call between meetings. Raises StateChanged when she has left."""
    locked = participant_lock(participant)
    # What was to be done by now is done by this.
    locked.follow_ups.exclude(next_on=None).update(next_on=None)
    noted = FollowUp.objects.create(
        municipality=locked.municipality, participant=locked, line=line, next_on=next_on, by=by
    )
    audit_record("follow_up_noted", locked, by=by)
    return noted


def _person_for(process: CodesignProcess, who: Somebody, *, by: User) -> Person:
    """Kept by the side that convenes: its own row for her, made when it has none."""
    details = {name: value for name, value in who.details.items() if value}
    side = process.organisation or process.centre
    controller = {"controller_organisation": None, "controller_centre": None, **controller_of(side)}
    people = Person.objects.filter(**controller, municipality=process.municipality, erased_at=None)
    known = people.filter(name__iexact=who.name).order_by("pk")
    # A family may share an address or a number: the same one is the same person only with the same name.
    if who.email:
        same = known.filter(email__iexact=who.email).first()
    elif who.phone:
        same = known.filter(phone=who.phone).first()
    elif details.get("street") and details.get("postal_code") and details.get("post_town"):
        same = known.filter(street__iexact=details["street"], postal_code=details["postal_code"]).first()
    else:
        raise DomainError(_("Skriv en e-postadresse, et telefonnummer eller hele postadressen."))
    if same is not None:
        # Somebody we know already: her address and wishes are hers, not to be overwritten in passing.
        return same
    person = Person(
        municipality=process.municipality,
        name=who.name,
        email=who.email.lower(),
        phone=who.phone,
        language=language_of(process.municipality),
        **controller_of(side),
    )
    person.save()
    audit_record("person_added", person, by=by)
    for name, value in details.items():
        setattr(person, name, value)
    # She has no work list to wait for: what is said to her leaves at once.
    person.digest = Digest.AT_ONCE
    person.save()
    return person


def _letter_for(process: CodesignProcess) -> ContentTemplate:
    """The letter she is sent; from now on its words stay as they are."""
    letter = content_template_current(LETTER, municipality=process.municipality)
    if letter.first_used_at is None:
        ContentTemplate.objects.filter(pk=letter.pk, first_used_at=None).update(first_used_at=Now())
    return letter
