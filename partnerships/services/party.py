"""The sides of a partnership: asked in, in or not, and leaving. Also from the municipality next door."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from partnerships.access import access_of
from partnerships.models import NeighbourAsk, Partnership, PartnershipParty
from partnerships.models.partnership import LogKind, Phase
from partnerships.selectors.words import language_of
from partnerships.services.handover import duties_of_side_end
from partnerships.services.partnership import (
    Actor,
    is_own,
    partnership_lock,
    party_field,
    portal_notes,
    search_key_refresh,
)
from partnerships.services.understanding import understanding_side_left
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record


@transaction.atomic
def party_ask(*, partnership: Partnership, actor: Actor, by: User) -> PartnershipParty:
    """Asks somebody the user herself can see. The municipality's own units are in at once.

    One who left or declined is asked anew in the same row. Raises StateChanged when it is in already,
    DomainError for what is closed or not hers to see.
    """
    locked = _open(partnership)
    seen = type(actor).objects.visible_to(by).filter(pk=actor.pk, ended_at=None)
    if not seen.exists():
        raise DomainError(gettext_lazy("Velg noen som finnes i kommunen."))
    found = _anew(locked, actor)
    in_at_once = is_own(by, actor)
    found.asked_by = by
    found.accepted_at = timezone.now() if in_at_once else None
    found.answered_by = by if in_at_once else None
    found.save()
    search_key_refresh(locked)
    audit_record("party_asked", found, by=by)
    if in_at_once:
        _note(locked, by, lambda: _("%(name)s er med.") % {"name": actor.name})
    return found


@transaction.atomic
def party_answer(*, party: PartnershipParty, yes: bool, words: str = "", by: User) -> PartnershipParty:
    """Yes or no, from the side itself or from its municipality on its behalf, which is noted.

    Raises StateChanged when it is answered, or for yes when the partnership is over; DomainError for those
    it is not up to.
    """
    locked, partnership = _party(party)
    if locked.accepted_at or locked.declined_at:
        raise StateChanged(gettext_lazy("Spørsmålet er allerede besvart."))
    if yes:
        _refuse_ended(partnership)
    if not may_speak_for(by, locked):
        raise DomainError(gettext_lazy("Bare parten selv kan svare."))
    locked.accepted_at = timezone.now() if yes else None
    locked.declined_at = None if yes else timezone.now()
    locked.answered_by = by
    locked.save()
    search_key_refresh(partnership)
    audit_record(
        "party_accepted" if yes else "party_declined", locked, by=by, on_behalf_of=_behalf(by, locked)
    )
    name = locked.actor.name
    _note(
        partnership,
        by,
        lambda: (_("%(name)s er med.") if yes else _("%(name)s takket nei.")) % {"name": name},
        words,
    )
    return locked


@transaction.atomic
def party_leave(*, party: PartnershipParty, words: str = "", by: User) -> PartnershipParty:
    """Out from today, for whatever reason or none. An unanswered question is withdrawn the same way.

    Raises StateChanged when it is out already, DomainError for those who may not take it out.
    """
    locked, partnership = _party(party)
    if not may_take_out(by, locked):
        raise DomainError(gettext_lazy("Det er parten selv som går ut."))
    if locked.left_on or locked.declined_at:
        raise StateChanged(gettext_lazy("Parten er ikke med lenger."))
    name = locked.actor.name
    if locked.accepted_at is None:
        locked.declined_at, locked.answered_by = timezone.now(), by
        audit_record("party_withdrawn", locked, by=by)
    else:
        locked.left_on = timezone.localdate()
        audit_record("party_left", locked, by=by, on_behalf_of=_behalf(by, locked))
        _note(partnership, by, lambda: _("%(name)s gikk ut.") % {"name": name}, words)
        understanding_side_left(partnership=partnership)
    locked.save()
    if locked.left_on:
        duties_of_side_end(locked, by=by)
    search_key_refresh(partnership)
    return locked


@transaction.atomic
def neighbour_ask(
    *, partnership: Partnership, municipality: Municipality, name: str, words: str = "", by: User
) -> NeighbourAsk:
    """Asks another municipality for one of its own, by name. Nobody here sees what there is over there.

    Raises StateChanged when the same is asked and waits for an answer, DomainError for one's own.
    """
    locked = _open(partnership)
    if municipality.pk == locked.municipality_id:
        raise DomainError(gettext_lazy("Velg en annen kommune enn deres egen."))
    try:
        with transaction.atomic():
            asked = NeighbourAsk.objects.create(
                municipality_id=locked.municipality_id,
                partnership=locked,
                asked_municipality=municipality,
                name=" ".join(name.split()),
                words=words,
                asked_by=by,
            )
    except IntegrityError:
        raise StateChanged(gettext_lazy("Dere har allerede spurt, og venter på svar.")) from None
    audit_record("neighbour_asked", asked, by=by)
    return asked


@transaction.atomic
def neighbour_answer(*, ask: NeighbourAsk, actor: Actor | None, words: str = "", by: User) -> NeighbourAsk:
    """The one of theirs that is meant, which then is in; or None for no. One who left comes back in its row.

    Raises StateChanged when it is answered, or for yes when the partnership is over; DomainError for
    another's actor.
    """
    partnership = partnership_lock(ask.partnership)
    locked = NeighbourAsk.objects.select_for_update(of=("self",)).get(pk=ask.pk)
    if locked.answered_at:
        raise StateChanged(gettext_lazy("Spørsmålet er allerede besvart."))
    if locked.asked_municipality_id not in access_of(by).municipalities_all(Permission.PARTNERSHIP_EDIT):
        raise DomainError(gettext_lazy("Bare den som er spurt, kan svare."))
    locked.answered_at, locked.answered_by = timezone.now(), by
    if actor is not None:
        _refuse_ended(partnership)
        if actor.municipality_id != locked.asked_municipality_id or actor.ended_at:
            raise DomainError(gettext_lazy("Velg noen som finnes i kommunen."))
        party = _anew(partnership, actor)
        party.asked_by, party.accepted_at, party.answered_by = locked.asked_by, timezone.now(), by
        party.save()
        # Who was asked for before, and left, is in by this question now.
        NeighbourAsk.objects.filter(party=party).update(party=None)
        locked.party = party
        search_key_refresh(partnership)
        audit_record("party_accepted", locked.party, by=by, on_behalf_of=actor)
    locked.save()
    audit_record("neighbour_answered", locked, by=by)
    told = {"name": actor.name if actor else locked.name}
    _note(
        partnership,
        by,
        lambda: (_("%(name)s er med.") if actor else _("%(name)s takket nei.")) % told,
        words,
    )
    return locked


@transaction.atomic
def neighbour_withdraw(*, ask: NeighbourAsk, by: User) -> None:
    """Raises StateChanged when there is an answer already."""
    locked = NeighbourAsk.objects.select_for_update(of=("self",)).get(pk=ask.pk)
    if locked.answered_at:
        raise StateChanged(gettext_lazy("Spørsmålet er allerede besvart."))
    locked.answered_at, locked.answered_by = timezone.now(), by
    locked.save()
    audit_record("neighbour_ask_withdrawn", locked, by=by)


def may_speak_for(user: User, party: PartnershipParty) -> bool:
    """The side itself, and those who answer for the municipality it belongs to."""
    access = access_of(user)
    here = party.party_municipality_id in access.municipalities_all(Permission.PARTNERSHIP_EDIT)
    return here or access.own(Permission.PARTNERSHIP_EDIT).meets(party.owned_by())


def may_take_out(user: User, party: PartnershipParty) -> bool:
    """The side itself; the municipality the partnership is in; whoever asked, while there is no answer."""
    here = party.municipality_id in access_of(user).municipalities_all(Permission.PARTNERSHIP_EDIT)
    asked = party.accepted_at is None and party.asked_by_id == user.pk
    return here or asked or may_speak_for(user, party)


def _behalf(by: User, party: PartnershipParty) -> Actor | None:
    """Whom it was done for, when it was not one of its own."""
    return None if access_of(by).own(Permission.PARTNERSHIP_EDIT).meets(party.owned_by()) else party.actor


def _open(partnership: Partnership) -> Partnership:
    locked = partnership_lock(partnership)
    _refuse_ended(locked)
    return locked


def _refuse_ended(partnership: Partnership) -> None:
    if partnership.phase == Phase.ENDED:
        raise StateChanged(gettext_lazy("Samarbeidet er avsluttet. Ta det opp igjen først."))


def _party(party: PartnershipParty) -> tuple[PartnershipParty, Partnership]:
    """Locked in the one order there is: the partnership first."""
    partnership = partnership_lock(party.partnership)
    locked = (
        PartnershipParty.objects.select_for_update(of=("self",))
        .select_related("unit", "centre", "organisation")
        .get(pk=party.pk)
    )
    return locked, partnership


def _anew(partnership: Partnership, actor: Actor) -> PartnershipParty:
    """The row of a side that is asked now: a new one, or that of one who left or declined.

    Raises StateChanged when it is in, or asked and has not answered.
    """
    field = party_field(actor)
    rows = partnership.parties.select_for_update(of=("self",))
    found: PartnershipParty | None = rows.filter(**{field: actor}).first()
    if found is None:
        return PartnershipParty(
            municipality_id=partnership.municipality_id,
            party_municipality_id=actor.municipality_id,
            partnership=partnership,
            **{field: actor},
        )
    if found.left_on is None and found.declined_at is None:
        raise StateChanged(gettext_lazy("Parten er allerede med, eller er spurt."))
    found.asked_at, found.declined_at, found.left_on = timezone.now(), None, None
    return found


def _note(partnership: Partnership, by: User, line: Any, words: str = "") -> None:
    with override(language_of(partnership.municipality)):
        said = f"{line()} {words}".strip()
    portal_notes(partnership, said[:1000], by=by, kind=LogKind.PARTY)
