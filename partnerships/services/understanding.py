"""Writing «Dette er vi enige om»: each side its own words, the rest together, and everybody's yes."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Partnership, PartnershipParty, Understanding, UnderstandingSide
from partnerships.models.partnership import Phase
from partnerships.models.understanding import OPEN_STATES, UnderstandingState
from partnerships.selectors.sides import Speaking, sides_of, speaking
from partnerships.selectors.understanding import LINES, has_confirmed
from partnerships.services.editing import count, edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record

WORDS = ("wishes", "gains")
_READ_AGAIN = _("Teksten er endret siden du leste den. Les den på nytt.")


@transaction.atomic
def understanding_write(
    *, partnership: Partnership, version: int, changes: dict[str, Any], by: User
) -> Understanding:
    """What the sides shall, shall not, and what recipients can expect. Asks everybody again.

    Raises ChangedMeanwhile when somebody wrote after `version` was read, DomainError when it is over.
    """
    work = _open(_lock(partnership), by)
    unchanged_since(work, version)
    changed = edited(work, changes, may_change=LINES, by=by)
    if changed:
        audit_record("understanding_changed", work, by=by, data={"fields": changed})
    return work


@transaction.atomic
def understanding_add(*, partnership: Partnership, line: str, by: User) -> Understanding:
    """One line more of what they shall, in the version in work. Safe to call again with the same line.

    Raises DomainError when it is over.
    """
    work = _open(_lock(partnership), by)
    if line not in work.shall:
        edited(work, {"shall": [*work.shall, line]}, may_change=LINES, by=by)
        audit_record("understanding_changed", work, by=by, data={"fields": ["shall"]})
    return work


@transaction.atomic
def understanding_side_write(
    *, party: PartnershipParty, number: int, version: int, changes: dict[str, Any], by: User
) -> UnderstandingSide:
    """One side's wishes and gains, in its own words. `number` and `version` are what was read.

    Raises ChangedMeanwhile when somebody of the same side wrote meanwhile, StateChanged when another version
    was begun or agreed on since, and DomainError for a side that is not hers.
    """
    locked = _lock(party.partnership)
    may = _may_speak(locked, party, by)
    work = _open(locked, by)
    if work.number != number:
        raise StateChanged(_READ_AGAIN)
    side = _side(work, party)
    unchanged_since(side, version)
    changed = edited(side, changes, may_change=WORDS, by=by)
    if changed:
        count(work, by=by)
        audit_record("understanding_side_written", work, by=by, on_behalf_of=_behalf(may, party))
    return side


@transaction.atomic
def understanding_propose(*, partnership: Partnership, version: int, by: User) -> Understanding:
    """Asks every side for its yes. Who asks says yes for her own.

    Raises StateChanged when it was changed since she read it, DomainError when there is nothing to agree on
    or nobody to agree with.
    """
    locked = _lock(partnership)
    parties = sides_of(locked)
    may = speaking(by, parties)
    work = _in_work(locked)
    if work is None or work.version != version or work.state != UnderstandingState.DRAFT:
        raise StateChanged(_READ_AGAIN)
    if not work.shall and not any(side.wishes or side.gains for side in work.sides.all()):
        raise DomainError(_("Skriv først noe dere kan være enige om."))
    if len(parties) < 2:
        raise DomainError(_("Det må være minst to parter som har takket ja."))
    own = [party for party in parties if party.pk in may.own]
    work.state, work.proposed_at = UnderstandingState.PROPOSED, timezone.now()
    work.proposed_by = own[0] if own else None
    work.save(update_fields=["state", "proposed_at", "proposed_by"])
    audit_record("understanding_proposed", work, by=by)
    for party in own:
        _confirm(work, party, by=by)
    _agree_if_all(work, parties)
    return work


@transaction.atomic
def understanding_confirm(*, party: PartnershipParty, version: int, by: User) -> Understanding:
    """One side's yes to the words as they stood at `version`; the last one makes it agreed.

    Raises StateChanged when they are others now, DomainError for a side that is not hers.
    """
    locked = _lock(party.partnership)
    may = _may_speak(locked, party, by)
    work = _proposed(locked, version)
    _confirm(work, party, by=by)
    audit_record("understanding_confirmed", work, by=by, on_behalf_of=_behalf(may, party))
    _agree_if_all(work, sides_of(locked))
    return work


@transaction.atomic
def understanding_object(*, party: PartnershipParty, version: int, words: str, by: User) -> Understanding:
    """What one side wants otherwise. It is not a no: the words wait beside the text for somebody to write.

    Raises StateChanged when the text is another one now, DomainError for a side that is not hers.
    """
    locked = _lock(party.partnership)
    may = _may_speak(locked, party, by)
    work = _proposed(locked, version)
    side = _side(work, party)
    side.objection, side.confirmed_version, side.confirmed_at, side.confirmed_by = words, None, None, None
    side.save(update_fields=["objection", "confirmed_version", "confirmed_at", "confirmed_by", "updated_at"])
    audit_record("understanding_objected", work, by=by, on_behalf_of=_behalf(may, party))
    return work


# --- Under the lock ---------------------------------------------------------------------------------------
def _lock(partnership: Partnership) -> Partnership:
    """One partnership's understanding is changed by one at a time. Raises DomainError when it is over."""
    locked = Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    if locked.phase == Phase.ENDED:
        raise DomainError(_("Samarbeidet er avsluttet. Ta det opp igjen først."))
    return locked


def _in_work(partnership: Partnership) -> Understanding | None:
    return Understanding.objects.filter(partnership=partnership, state__in=OPEN_STATES).first()


def _open(partnership: Partnership, by: User) -> Understanding:
    """The version in work, or a new one that begins with the words of the last."""
    found = _in_work(partnership)
    if found is not None:
        return found
    last = Understanding.objects.filter(partnership=partnership).order_by("-number").first()
    made = Understanding(municipality_id=partnership.municipality_id, partnership=partnership, updated_by=by)
    if last is not None:
        # The count goes on, so that whoever read the last version has read what this one begins with.
        made.number, made.version = last.number + 1, last.version
        for name in LINES:
            setattr(made, name, getattr(last, name))
    made.save()
    for side in last.sides.filter(party__left_on=None) if last is not None else ():
        UnderstandingSide.objects.create(
            municipality_id=made.municipality_id,
            understanding=made,
            party_id=side.party_id,
            version=side.version,
            updated_by_id=side.updated_by_id,
            wishes=side.wishes,
            gains=side.gains,
        )
    audit_record("understanding_begun", made, by=by)
    return made


def _proposed(partnership: Partnership, version: int) -> Understanding:
    work = _in_work(partnership)
    if work is None or work.version != version or work.state != UnderstandingState.PROPOSED:
        raise StateChanged(_READ_AGAIN)
    return work


def _side(work: Understanding, party: PartnershipParty) -> UnderstandingSide:
    side, _made = UnderstandingSide.objects.get_or_create(
        understanding=work, party=party, defaults={"municipality_id": work.municipality_id}
    )
    return side


def _may_speak(partnership: Partnership, party: PartnershipParty, by: User) -> Speaking:
    parties = sides_of(partnership)
    may = speaking(by, parties)
    if party not in parties or not may.may(party):
        raise DomainError(_("Du kan bare skrive og svare for din egen side."))
    return may


def understanding_side_left(*, partnership: Partnership) -> None:
    """What waits for everybody's yes is a draft again: those who remain look at it, and send it."""
    Understanding.objects.filter(partnership=partnership, state=UnderstandingState.PROPOSED).update(
        state=UnderstandingState.DRAFT
    )


def _behalf(may: Speaking, party: PartnershipParty) -> Any:
    return party.actor if party.pk in may.behalf else None


def _confirm(work: Understanding, party: PartnershipParty, *, by: User) -> None:
    side = _side(work, party)
    side.confirmed_version, side.confirmed_at, side.confirmed_by = work.version, timezone.now(), by
    side.objection = ""
    side.save(update_fields=["confirmed_version", "confirmed_at", "confirmed_by", "objection"])


def _agree_if_all(work: Understanding, parties: list[PartnershipParty]) -> None:
    sides = {side.party_id: side for side in work.sides.all()}
    if not all(has_confirmed(sides.get(party.pk), work) for party in parties):
        return
    Understanding.objects.filter(partnership=work.partnership_id, state=UnderstandingState.AGREED).update(
        state=UnderstandingState.REPLACED
    )
    work.state, work.agreed_at = UnderstandingState.AGREED, timezone.now()
    work.save(update_fields=["state", "agreed_at"])
    audit_record("understanding_agreed", work, by=None)
