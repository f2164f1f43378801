"""Taking part in a process: the link and its code, saying yes or no, consent, and leaving.

The link names the participant and proves nothing; the code to the address on file lets her sit down
(partnerships/seat.py, docs/adr/0039).
"""

import uuid

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Participant, Person
from partnerships.models.codesign import ProcessState
from partnerships.seat import seat_proof
from samskaping.accounts.models import User
from samskaping.core.errors import StateChanged
from samskaping.core.link_token import link_token, row_of_token
from samskaping.core.models import OneTimeCode
from samskaping.core.models.one_time_code import CodePurpose
from samskaping.core.services.audit import audit_record, object_name
from samskaping.core.services.one_time_code import (
    SENDINGS,
    SENDINGS_WITHIN,
    one_time_code_make,
    one_time_code_use,
)
from samskaping.core.services.outbox import outbox_add
from samskaping.core.services.rate_limit import rate_limit_hit

LINK = "partnerships.participant"
# One address may stand on several rows: a family's, or one person whom several keep.
AT_MOST_PEOPLE = 5


def participant_token(participant: Participant) -> str:
    return link_token(LINK, participant)


def participant_from_token(token: str) -> Participant | None:
    """Whoever a link names, also one who has left; None for anything we did not make."""
    rows = Participant.objects.select_related(
        "person__user", "person__municipality__settings", "process__municipality__settings",
        "process__unit", "process__centre", "process__organisation", "process__convener",
    )  # fmt: skip
    return row_of_token(token, LINK, rows)


@transaction.atomic
def participant_code_send(*, participant: Participant) -> OneTimeCode:
    """Promises a fresh code to the address on file, never to one from the request.

    Raises StateChanged when she has left or no code reaches her, TooMany after three in fifteen minutes.
    """
    locked = participant_lock(participant)
    proof = seat_proof(locked)
    if not proof:
        raise StateChanged(
            _("Vi har ingen e-postadresse eller mobil å sende en kode til. Ring kontaktpersonen.")
        )
    code = one_time_code_make(CodePurpose.PARTICIPANT, subject=proof, asked_for=object_name(locked))
    outbox_add(
        "participant_code",
        str(code.pk),
        payload={"participant": locked.pk, "code": str(code.pk)},
        municipality=locked.municipality,
    )
    return code


def participant_code_use(*, participant: Participant, code_id: str, typed: str) -> bool:
    """Whether these are the digits we sent to this very participant, to the address she has now."""
    code = one_time_code_use(code_id, CodePurpose.PARTICIPANT, typed)
    return code is not None and code.subject == seat_proof(participant)


@transaction.atomic
def participant_links_send(*, who: str) -> None:
    """Promises the way back to whoever takes part with this address or number.

    Raises TooMany after three in fifteen minutes.
    """
    rate_limit_hit("participant_links", who, at_most=SENDINGS, within=SENDINGS_WITHIN)
    hers = Q(email__iexact=who) if "@" in who else Q(phone=who)
    people = Person.objects.filter(hers, erased_at=None, takes_part__left_at=None, takes_part__isnull=False)
    for person in people.select_related("municipality").distinct().order_by("pk")[:AT_MOST_PEOPLE]:
        outbox_add(
            "participant_links",
            f"{person.pk}:{uuid.uuid4()}",
            payload={"person": person.pk},
            municipality=person.municipality,
        )


@transaction.atomic
def participant_join(*, participant: Participant, consent: bool, by: User | None) -> Participant:
    """Her yes; `consent`: that the group may see her name and side. `by` None: herself, by her link.

    Raises StateChanged when she has left or said yes already, and when it is over.
    """
    locked = participant_lock(participant)
    if locked.process.state == ProcessState.ENDED:
        raise StateChanged(_("Prosessen er avsluttet."))
    if locked.joined_at is not None:
        raise StateChanged(
            _("Du er allerede med.") if _is_herself(locked, by) else _("Personen er allerede med.")
        )
    locked.joined_at, locked.declined_at = timezone.now(), None
    locked.consent_at = locked.joined_at if consent else None
    locked.save(update_fields=["joined_at", "declined_at", "consent_at"])
    audit_record(
        "participant_joined", locked, by=by, on_behalf_of=for_her(locked, by), data={"consent": consent}
    )
    return locked


@transaction.atomic
def participant_decline(*, participant: Participant, by: User | None) -> Participant:
    """Her no; she may change her mind. Raises StateChanged when she takes part."""
    locked = participant_lock(participant)
    if locked.process.state == ProcessState.ENDED:
        raise StateChanged(_("Prosessen er avsluttet."))
    if locked.joined_at is not None:
        raise StateChanged(_("Den som er med, kan gå ut av gruppa i stedet."))
    locked.declined_at = timezone.now()
    locked.save(update_fields=["declined_at"])
    audit_record("participant_declined", locked, by=by, on_behalf_of=for_her(locked, by))
    return locked


@transaction.atomic
def participant_consent(*, participant: Participant, consent: bool, by: User | None) -> Participant:
    """Shows her name to the group, or hides it again at once."""
    locked = participant_lock(participant)
    if locked.joined_at is None:
        raise StateChanged(_("Svar først på om du vil være med."))
    locked.consent_at = timezone.now() if consent else None
    locked.save(update_fields=["consent_at"])
    audit_record(
        "participant_consent", locked, by=by, on_behalf_of=for_her(locked, by), data={"consent": consent}
    )
    return locked


@transaction.atomic
def participant_leave(*, participant: Participant, by: User | None) -> Participant:
    """Out of the group, asked no reason. What was noted of her adaptations and calls goes at once."""
    locked = participant_lock(participant)
    locked.left_at, locked.consent_at = timezone.now(), None
    locked.save(update_fields=["left_at", "consent_at"])
    locked.tasks.filter(done_at=None).update(holder=None)
    locked.follow_ups.all().delete()
    adaptation = getattr(locked, "adaptation", None)
    if adaptation is not None:
        adaptation.delete()
    audit_record("participant_left", locked, by=by, on_behalf_of=for_her(locked, by))
    # Minutes know who takes part, and this is the other way round.
    from partnerships.services.minutes import minutes_wait_no_more

    minutes_wait_no_more(participant=locked)
    return locked


def participant_lock(participant: Participant) -> Participant:
    """Raises StateChanged when she has left."""
    locked = (
        Participant.objects.select_for_update(of=("self",))
        .select_related("municipality", "person", "process")
        .get(pk=participant.pk)
    )
    if locked.left_at is not None:
        raise StateChanged(_("Deltakeren er ikke lenger med i gruppa."))
    return locked


def _is_herself(participant: Participant, by: User | None) -> bool:
    return by is None or by.pk == participant.person.user_id


def for_her(participant: Participant, by: User | None) -> Person | None:
    """On whose behalf it was done; None when she did it herself."""
    return None if _is_herself(participant, by) else participant.person
