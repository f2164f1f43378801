"""Duties are handed over, never dropped: asked, answered, and only then is the one before free."""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models import (
    Contact,
    Duty,
    DutyHolder,
    Membership,
    Organisation,
    Partnership,
    PartnershipParty,
    Person,
    Unit,
    VolunteerCentre,
)
from partnerships.models.responsibility import HolderPart
from partnerships.services.person import Side
from partnerships.services.responsibility import not_over
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record


@transaction.atomic
def duty_hand_over(
    *,
    duty: Duty,
    part: HolderPart | str,
    by: User,
    person: Person | None = None,
    position: str = "",
    side: Side = None,
) -> DutyHolder:
    """Asks a person, who answers for herself. A position cannot answer, and has the duty at once; so has
    whoever takes it on herself.

    Raises StateChanged when the duty is gone, the partnership is over or somebody is asked already,
    DomainError for who has it now, and for a person or a side that takes no part.
    """
    locked = _duty(duty)
    not_over(locked.map.partnership)
    part = HolderPart(part)
    _must_take_part(locked, person, side)
    if DutyHolder.objects.asked().filter(duty=locked, part=part).exists():
        raise StateChanged(_("Noen er allerede spurt. Trekk spørsmålet tilbake først."))
    if person is not None and DutyHolder.objects.now().filter(duty=locked, part=part, person=person).exists():
        raise DomainError(_("Personen har oppgaven allerede."))
    holder = DutyHolder.objects.create(
        municipality=locked.municipality,
        duty=locked,
        part=part,
        person=person,
        position=position,
        asked_by=by,
        **_placed(side),
    )
    audit_record("duty_asked", holder, by=by)
    if person is None or person.user_id == by.pk:
        _take(holder, by=by)
    return holder


@transaction.atomic
def handover_answer(*, holder: DutyHolder, yes: bool, by: User | None) -> DutyHolder:
    """Yes ends the one before; no leaves all as it was. `by` is None when she answered by a message's link.

    Raises StateChanged when the question is answered, withdrawn, or about a duty that is gone; a yes also
    when the partnership is over.
    """
    duty = _duty(holder.duty)
    locked = _holder(holder)
    if not _is_asked(locked):
        raise StateChanged(_("Spørsmålet er ikke lenger åpent."))
    locked.duty = duty
    if yes:
        not_over(duty.map.partnership)
        _take(locked, by=by)
        return locked
    locked.declined_at = timezone.now()
    locked.save(update_fields=["declined_at"])
    audit_record("duty_declined", locked, by=by, on_behalf_of=_behalf(locked, by))
    return locked


@transaction.atomic
def handover_withdraw(*, holder: DutyHolder, by: User) -> None:
    """Raises StateChanged when she has answered meanwhile."""
    locked = _holder(holder)
    if not _is_asked(locked):
        raise StateChanged(_("Spørsmålet er ikke lenger åpent."))
    locked.until = timezone.now()
    locked.save(update_fields=["until"])
    audit_record("duty_question_withdrawn", locked, by=by)


@transaction.atomic
def holder_leaves(*, holder: DutyHolder, leaves_on: date | None, by: User) -> None:
    """She is leaving on this day, or stays after all. The duty is hers until somebody else has said yes.

    Raises StateChanged when she has it no longer.
    """
    locked = _holder(holder)
    if locked.accepted_at is None or locked.until is not None:
        raise StateChanged(_("Oppgaven er levert videre."))
    locked.leaves_on = leaves_on
    locked.save(update_fields=["leaves_on"])
    audit_record("duty_leaving" if leaves_on else "duty_staying", locked, by=by)


@transaction.atomic
def deputy_end(*, holder: DutyHolder, by: User) -> None:
    """A duty can be without a deputy. Raises DomainError for a holder: hers is handed over."""
    locked = _holder(holder)
    if locked.part != HolderPart.DEPUTY:
        raise DomainError(_("En oppgave leveres videre, den slippes ikke."))
    if locked.accepted_at is None or locked.until is not None:
        raise StateChanged(_("Det er ingen stedfortreder nå."))
    locked.until = timezone.now()
    locked.save(update_fields=["until"])
    audit_record("deputy_ended", locked, by=by)


def duties_of_side_end(party: PartnershipParty, *, by: User) -> None:
    """When it is out of the partnership: nobody of it is asked any more, and what they hold turns red.

    Theirs are those placed on its side, and its people who are on no side that stays.
    """
    own = party.owned_by()
    stays = Partnership.objects.get(pk=party.partnership_id).owned_by()
    here = {party.municipality_id, *stays.municipality_ids}
    roles = Membership.objects.current().filter(person=OuterRef("person"))
    contacts = Contact.objects.filter(
        person=OuterRef("person"), party__partnership=party.partnership_id, party__accepted_at__isnull=False
    )
    elsewhere = roles.filter(_on(stays) | Q(unit=None, centre=None, organisation=None, municipality__in=here))
    hers = Q(Exists(roles.filter(_on(own)))) | Q(Exists(contacts.filter(party=party)))
    beside = Q(Exists(elsewhere)) | Q(Exists(contacts.filter(party__left_on=None)))
    on_no_side = Q(unit=None, centre=None, organisation=None)
    theirs = DutyHolder.objects.filter(
        _on(own) | on_no_side & hers & ~beside,
        duty__map__partnership=party.partnership_id,
        duty__removed_at=None,
    ).select_for_update(of=("self",))
    for holder in theirs.filter(accepted_at=None, declined_at=None, until=None):
        holder.until = timezone.now()
        holder.save(update_fields=["until"])
        audit_record("duty_question_withdrawn", holder, by=by)
    today = timezone.localdate()
    for holder in theirs.filter(accepted_at__isnull=False, until=None).exclude(leaves_on__lte=today):
        holder.leaves_on = today
        holder.save(update_fields=["leaves_on"])
        audit_record("duty_leaving", holder, by=by)


def _on(own: Own) -> Q:
    return Q(unit__in=own.unit_ids) | Q(centre__in=own.centre_ids) | Q(organisation__in=own.organisation_ids)


def _take(holder: DutyHolder, *, by: User | None) -> None:
    """The one before is free when this one says yes; a deputy who takes over is deputy no more."""
    now = timezone.now()
    before = DutyHolder.objects.now().filter(duty=holder.duty_id)
    before.filter(part=holder.part).update(until=now)
    if holder.person_id is not None and holder.part == HolderPart.HOLDER:
        before.filter(part=HolderPart.DEPUTY, person=holder.person_id).update(until=now)
    holder.accepted_at = now
    holder.save(update_fields=["accepted_at"])
    audit_record("duty_taken", holder, by=by, on_behalf_of=_behalf(holder, by))


def _behalf(holder: DutyHolder, by: User | None) -> Person | None:
    """Whom `by` speaks for, when it is not she herself."""
    if by is None or holder.person is None or holder.person.user_id == by.pk:
        return None
    return holder.person


def _must_take_part(duty: Duty, *rows: Person | Side) -> None:
    """Of the map's municipality, or of a party's. Raises DomainError."""
    partnership = duty.map.partnership
    known = {duty.municipality_id}
    if partnership is not None:
        known |= partnership.owned_by().municipality_ids
    if any(row is not None and row.municipality_id not in known for row in rows):
        raise DomainError(_("Velg noen fra en av partene."))


def _placed(side: Side) -> dict[str, Unit | VolunteerCentre | Organisation]:
    if isinstance(side, Unit):
        return {"unit": side}
    if isinstance(side, VolunteerCentre):
        return {"centre": side}
    return {"organisation": side} if isinstance(side, Organisation) else {}


def _is_asked(holder: DutyHolder) -> bool:
    return holder.accepted_at is None and holder.declined_at is None and holder.until is None


def _duty(duty: Duty) -> Duty:
    """The duty's row is the lock of a handover: nobody else changes hands meanwhile."""
    locked = (
        Duty.objects.select_for_update(of=("self",))
        .select_related("municipality__settings", "map__partnership")
        .filter(pk=duty.pk, removed_at=None)
        .first()
    )
    if locked is None:
        raise StateChanged(_("Oppgaven er tatt bort fra kartet."))
    return locked


def _holder(holder: DutyHolder) -> DutyHolder:
    return (
        DutyHolder.objects.select_for_update(of=("self",))
        .select_related("municipality", "person")
        .get(pk=holder.pk)
    )
