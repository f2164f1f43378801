"""Who comes to a time of an offer. How many there is room for is counted under a lock on the time.

So two who take the last place at once are one who comes and one who waits; a place that becomes free goes to
the first who waits; and who asked somebody to take over has her place until somebody does.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Occurrence
from partnerships.models.offer import OfferState
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record
from volunteers.models import Assignment, OfferCrew, Shift, Volunteer
from volunteers.models.assignment import AssignmentState
from volunteers.models.shift import IN_PLACE, ShiftState
from volunteers.models.volunteer import VolunteerState
from volunteers.selectors.module import with_shifts
from volunteers.services.clash import clashes_at

# Who comes every time has places this far ahead.
AHEAD = timedelta(days=60)
AT_A_TIME = 200
# To these no place goes by itself.
AWAY = (VolunteerState.PAUSED, VolunteerState.ENDED)
# What answers itself no more.
OVER = (ShiftState.CAME, ShiftState.ABSENT)


# --- Yes and no ------------------------------------------------------------------------------------------
@transaction.atomic
def shift_answer(
    *,
    occurrence: Occurrence,
    volunteer: Volunteer,
    comes: bool,
    by: User | None,
    clash_accepted: bool = False,
) -> Shift:
    """She comes, or cannot. `by` None: she herself. Where it is full, she waits: look at the shift's state.

    Saying the same twice says it once. Raises StateChanged for a time that is off, has been, or where she was
    marked as there; DomainError for somebody who has left; Clash when she is somewhere else.
    """
    locked = occurrence_lock(occurrence)
    _still_coming(locked)
    shift = Shift.objects.filter(occurrence=locked, volunteer=volunteer).first()
    if shift is not None and shift.state in OVER:
        raise StateChanged(_("Oppmøtet er ført."))
    if comes:
        return _comes(locked, volunteer, shift, by=by, clash_accepted=clash_accepted)
    return _cannot(locked, volunteer, shift, by=by)


def _comes(
    locked: Occurrence, volunteer: Volunteer, shift: Shift | None, *, by: User | None, clash_accepted: bool
) -> Shift:
    if volunteer.state == VolunteerState.ENDED:
        raise DomainError(_("Den frivillige har sluttet."))
    now = timezone.now()
    if shift is not None and shift.state == ShiftState.COMING:
        # She says it again: that is «kan du fortsatt?» answered, and nobody has to take over.
        shift.confirmed_at, shift.offered_at = now, None
        shift.save(update_fields=["confirmed_at", "offered_at"])
        return shift
    if shift is not None and shift.state == ShiftState.WAITING:
        return shift
    clashes = clashes_at(volunteer, locked, accepted=clash_accepted)
    return _put(locked, volunteer, shift, _for_one_more(locked), by=by, clash_accepted=clashes)


def _cannot(locked: Occurrence, volunteer: Volunteer, shift: Shift | None, *, by: User | None) -> Shift:
    if shift is not None and shift.state == ShiftState.CANNOT:
        return shift
    had_place = shift is not None and shift.state == ShiftState.COMING
    made = _put(locked, volunteer, shift, ShiftState.CANNOT, by=by)
    if had_place:
        move_up(locked)
    return made


def _put(
    locked: Occurrence,
    volunteer: Volunteer,
    shift: Shift | None,
    state: ShiftState,
    *,
    by: User | None,
    clash_accepted: bool = False,
) -> Shift:
    made = shift or Shift(municipality_id=locked.municipality_id, occurrence=locked, volunteer=volunteer)
    made.state, made.since, made.by = state, timezone.now(), by
    made.offered_at = made.confirmed_at = made.moved_up_at = None
    made.clash_accepted = clash_accepted
    made.save()
    audit_record(
        "shift_answered",
        made,
        by=by,
        on_behalf_of=volunteer.person if by is not None else None,
        data={"state": state.value},
    )
    return made


@transaction.atomic
def shift_remove(*, shift: Shift, by: User) -> None:
    """Taken off the list, as if she had never been asked. Raises StateChanged once it has been."""
    locked = occurrence_lock(shift.occurrence)
    _still_coming(locked)
    found = Shift.objects.filter(pk=shift.pk).first()
    if found is None:
        return
    if found.state in OVER:
        raise StateChanged(_("Oppmøtet er ført."))
    always = Assignment.objects.filter(
        offer=locked.offer_id, volunteer=found.volunteer_id, every_time=True, state=AssignmentState.ACTIVE
    )
    if always.exists():
        # Without a row the clock would put her there again.
        _cannot(locked, found.volunteer, found, by=by)
        return
    had_place = found.state == ShiftState.COMING
    audit_record("shift_removed", found, by=by, on_behalf_of=found.volunteer.person)
    found.delete()
    if had_place:
        move_up(locked)


@transaction.atomic
def shift_ask(*, occurrence: Occurrence, volunteers: Iterable[Volunteer], by: User) -> int:
    """«Kan du komme?» to those who have said nothing yet; how many. They are told in their own channels.

    Who comes every time has said so: she is put on the list of a new time, and not asked.
    """
    locked = occurrence_lock(occurrence)
    _still_coming(locked)
    volunteers = list(volunteers)
    always = _always().filter(offer=locked.offer_id, volunteer__in=volunteers)
    for assignment in always.select_related("volunteer"):
        _comes_as_always(locked, assignment.volunteer)
    known = set(Shift.objects.filter(occurrence=locked).values_list("volunteer", flat=True))
    now = timezone.now()
    made = Shift.objects.bulk_create(
        Shift(
            municipality_id=locked.municipality_id,
            occurrence=locked,
            volunteer=volunteer,
            state=ShiftState.ASKED,
            since=now,
            by=by,
        )
        for volunteer in volunteers
        if volunteer.pk not in known
    )
    if made:
        audit_record("shift_asked", locked, by=by, data={"count": len(made)})
    return len(made)


# --- Somebody who takes over ------------------------------------------------------------------------------
@transaction.atomic
def shift_offer(*, shift: Shift, by: User | None) -> Shift:
    """«Jeg trenger en som tar over»: the others there are asked; hers until one says yes.

    Raises StateChanged when she has no place there.
    """
    locked = occurrence_lock(shift.occurrence)
    _still_coming(locked)
    found: Shift = Shift.objects.select_related("volunteer__person").get(pk=shift.pk)
    if found.state != ShiftState.COMING:
        raise StateChanged(_("Du står ikke på denne vakta lenger."))
    if found.offered_at is None:
        found.offered_at = timezone.now()
        found.save(update_fields=["offered_at"])
        audit_record("shift_offered", found, by=by, on_behalf_of=found.volunteer.person if by else None)
        # Somebody who waits takes it at once.
        first = _first_waiting(locked)
        if first is not None:
            _hand_over(locked, found, first.volunteer, by=None)
            found.refresh_from_db()
    return found


@transaction.atomic
def shift_keep(*, shift: Shift, by: User | None) -> Shift:
    """She comes after all. Raises StateChanged when somebody took it meanwhile."""
    occurrence_lock(shift.occurrence)
    found = Shift.objects.get(pk=shift.pk)
    if found.state != ShiftState.COMING:
        raise StateChanged(_("Noen har tatt vakta. Takk for at du spurte i tide."))
    if found.offered_at is not None:
        found.offered_at = None
        found.save(update_fields=["offered_at"])
        audit_record("shift_kept", found, by=by)
    return found


@transaction.atomic
def shift_take(*, shift: Shift, volunteer: Volunteer, by: User | None, clash_accepted: bool = False) -> Shift:
    """The first yes takes it. Raises StateChanged when somebody else did, or she comes already; Clash."""
    locked = occurrence_lock(shift.occurrence)
    _still_coming(locked)
    found = Shift.objects.get(pk=shift.pk)
    own = Shift.objects.filter(occurrence=locked, volunteer=volunteer, state=ShiftState.COMING)
    if found.volunteer_id == volunteer.pk or own.exists():
        raise StateChanged(_("Du står allerede på denne vakta."))
    if found.offered_at is None or found.state != ShiftState.COMING:
        raise StateChanged(_("En annen tok vakta først. Takk for at du ville!"))
    if volunteer.state == VolunteerState.ENDED:
        raise DomainError(_("Den frivillige har sluttet."))
    clashes_at(volunteer, locked, accepted=clash_accepted)
    return _hand_over(locked, found, volunteer, by=by)


def _hand_over(locked: Occurrence, found: Shift, volunteer: Volunteer, *, by: User | None) -> Shift:
    found.state, found.offered_at, found.since = ShiftState.CANNOT, None, timezone.now()
    found.save(update_fields=["state", "offered_at", "since"])
    own = Shift.objects.filter(occurrence=locked, volunteer=volunteer).first()
    waited = own is not None and own.state == ShiftState.WAITING
    made = _put(locked, volunteer, own, ShiftState.COMING, by=by)
    if waited:
        _told_of_place(made)
    audit_record("shift_taken", made, by=by)
    return made


# --- Every time -------------------------------------------------------------------------------------------
@transaction.atomic
def every_time_set(*, assignment: Assignment, on: bool, by: User | None) -> Assignment:
    """«Jeg kommer hver gang», or each time by itself again: then what she has said of single times stays.

    Raises StateChanged for one who is not in.
    """
    locked = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if locked.every_time == on:
        return locked
    if on and locked.state != AssignmentState.ACTIVE:
        raise StateChanged(_("Det går når den frivillige er med her."))
    locked.every_time = on
    locked.version += 1
    locked.updated_by = by
    locked.save(update_fields=["every_time", "version", "updated_by", "updated_at"])
    audit_record(
        "every_time_set",
        locked,
        by=by,
        on_behalf_of=locked.volunteer.person if by is not None else None,
        data={"on": on},
    )
    if on:
        for occurrence in _without_her(locked):
            _comes_as_always(occurrence, locked.volunteer)
    return locked


def waiting_moved_up() -> int:
    """By the clock: where a place became free and nobody gave it away, as with a profile that was erased."""
    waiting = Shift.objects.filter(occurrence=OuterRef("pk"), state=ShiftState.WAITING)
    times = Occurrence.objects.filter(
        Exists(waiting),
        with_shifts(),
        starts_at__gt=timezone.now(),
        cancelled_at=None,
    )
    found = list(times.order_by("pk"))
    for occurrence in found:
        with transaction.atomic():
            move_up(occurrence_lock(occurrence))
    return len(found)


def shifts_make(today: date) -> int:
    """By the clock: a place at each new time for those who come every time; how many. Safe to run twice."""
    made, last = 0, 0
    always = (
        _always()
        .filter(Q(starts_on=None) | Q(starts_on__lte=today), with_shifts())
        .select_related("volunteer")
        .order_by("pk")
    )
    while batch := list(always.filter(pk__gt=last)[:AT_A_TIME]):
        last = batch[-1].pk
        for assignment in batch:
            for occurrence in _without_her(assignment):
                with transaction.atomic():
                    made += _comes_as_always(occurrence, assignment.volunteer)
    return made


def _always() -> QuerySet[Assignment]:
    always = Assignment.objects.filter(every_time=True, state=AssignmentState.ACTIVE)
    return always.exclude(volunteer__state__in=AWAY)


def _without_her(assignment: Assignment) -> QuerySet[Occurrence]:
    now = timezone.now()
    said = Shift.objects.filter(occurrence=OuterRef("pk"), volunteer=assignment.volunteer_id)
    coming = Occurrence.objects.filter(
        offer=assignment.offer_id, starts_at__gt=now, starts_at__lte=now + AHEAD, cancelled_at=None
    )
    return coming.filter(~Exists(said)).order_by("pk")


def _comes_as_always(occurrence: Occurrence, volunteer: Volunteer) -> int:
    locked = occurrence_lock(occurrence)
    if locked.cancelled_at is not None:
        return 0
    state = _for_one_more(locked)
    made, is_new = Shift.objects.get_or_create(
        occurrence=locked,
        volunteer=volunteer,
        defaults={"municipality_id": locked.municipality_id, "state": state, "since": timezone.now()},
    )
    return int(is_new and made.state == ShiftState.COMING)


# --- Places -----------------------------------------------------------------------------------------------
def places_given(offer_id: int) -> None:
    """When there is room for more: those who wait move up at every time to come. Inside a transaction."""
    now = timezone.now()
    waiting = Shift.objects.filter(occurrence=OuterRef("pk"), state=ShiftState.WAITING)
    coming = Occurrence.objects.filter(Exists(waiting), offer=offer_id, ends_at__gt=now, cancelled_at=None)
    for occurrence in coming.order_by("pk"):
        move_up(occurrence_lock(occurrence))


def occurrence_lock(occurrence: Occurrence) -> Occurrence:
    locked: Occurrence = (
        Occurrence.objects.select_for_update(of=("self",)).select_related("offer").get(pk=occurrence.pk)
    )
    return locked


def _still_coming(locked: Occurrence) -> None:
    if locked.cancelled_at is not None:
        raise StateChanged(_("Denne gangen er avlyst."))
    if locked.ends_at <= timezone.now():
        raise StateChanged(_("Denne gangen har vært."))
    if locked.offer.state == OfferState.ENDED:
        raise StateChanged(_("Tilbudet er avsluttet."))


def _has_room(locked: Occurrence) -> bool:
    """Asked only by whoever holds the lock."""
    places = OfferCrew.objects.filter(offer=locked.offer_id).values_list("places", flat=True).first()
    return places is None or Shift.objects.filter(occurrence=locked, state__in=IN_PLACE).count() < places


def _for_one_more(locked: Occurrence) -> ShiftState:
    """A place that became free unseen, as by an erasure, is for those who wait."""
    move_up(locked)
    return ShiftState.COMING if _has_room(locked) else ShiftState.WAITING


def _first_waiting(locked: Occurrence) -> Shift | None:
    waiting = Shift.objects.filter(occurrence=locked, state=ShiftState.WAITING)
    here = waiting.exclude(volunteer__state__in=AWAY).select_related("volunteer")
    return here.order_by("since", "pk").first()


def move_up(locked: Occurrence) -> None:
    while _has_room(locked) and (first := _first_waiting(locked)):
        first.state = ShiftState.COMING
        first.save(update_fields=["state"])
        _told_of_place(first)
        audit_record("shift_moved_up", first, by=None)


def _told_of_place(shift: Shift) -> None:
    """Her message is derived from this (shift_due.py)."""
    shift.moved_up_at = timezone.now()
    shift.save(update_fields=["moved_up_at"])
