"""A volunteer's way: in, on, on pause, back, and out. What she must have stands in requirement.py."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Person
from partnerships.models.offer import OfferState
from partnerships.services.editing import count, edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.history import TRACKED
from samskaping.core.services.audit import audit_record
from volunteers.came_in import somebody_came_in
from volunteers.models import Assignment, PoliceFact, Volunteer
from volunteers.models.assignment import OPEN, AssignmentState
from volunteers.models.volunteer import CameBy, LeavingReason, VolunteerState
from volunteers.services.away import shifts_let_go
from volunteers.services.care import care_follow
from volunteers.services.errand import errands_let_go

FIELDS = frozenset(
    {
        *("unit", "centre", "organisation", "languages", "interests", "interests_words", "motive"),
        *("how_much", "free", "area_words", "one_to_one", "adult_from", "followed_by"),
    }
)


@transaction.atomic
def volunteer_add(
    *,
    person: Person,
    by: User | None,
    state: VolunteerState = VolunteerState.STARTING,
    came_by: CameBy = CameBy.STAFF,
    reply_by: date | None = None,
    **about: Any,
) -> Volunteer:
    """One for each person and controller; one who had left comes back with what is still known of her.

    `by` None: she herself. Raises StateChanged when she is a volunteer already.
    """
    if not set(about) <= FIELDS:
        message = f"Not for this service to set: {sorted(set(about) - FIELDS)}"
        raise ValueError(message)
    old = Volunteer.objects.select_for_update(of=("self",)).filter(person=person).first()
    if old is not None:
        return _back(old, state, about, by)
    if person.controller_organisation_id:
        about.setdefault("organisation", person.controller_organisation)
    elif person.controller_centre_id:
        about.setdefault("centre", person.controller_centre)
    try:
        with transaction.atomic():
            made = Volunteer.objects.create(
                municipality=person.municipality,
                person=person,
                state=state,
                state_since=timezone.localdate(),
                came_by=came_by,
                reply_by=reply_by,
                created_by=by,
                updated_by=by,
                **about,
            )
    except IntegrityError:
        raise StateChanged(_("Personen er allerede frivillig her.")) from None
    care_follow(volunteer=made, was="", by=by)
    audit_record("volunteer_added", made, by=by)
    somebody_came_in(made)
    return made


def _back(old: Volunteer, state: VolunteerState, about: dict[str, Any], by: User | None) -> Volunteer:
    if old.state != VolunteerState.ENDED:
        raise StateChanged(_("Personen er allerede frivillig her."))
    for name, value in about.items():
        setattr(old, name, value)
    _into(old, state, by=by, also=tuple(about))
    audit_record("volunteer_back", old, by=by)
    somebody_came_in(old)
    return old


@transaction.atomic
def volunteer_change(*, volunteer: Volunteer, version: int, changes: dict[str, Any], by: User) -> Volunteer:
    """Saves what differs. Raises ChangedMeanwhile when somebody saved after `version` was read."""
    locked = volunteer_lock(volunteer)
    unchanged_since(locked, version)
    changed = edited(locked, changes, may_change=FIELDS, by=by)
    if changed:
        audit_record("volunteer_changed", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def volunteer_answered(*, volunteer: Volunteer, by: User) -> Volunteer:
    """She has had the answer she was promised. Pressing twice answers once."""
    locked = volunteer_lock(volunteer)
    if locked.reply_by is not None:
        locked.reply_by = None
        if locked.state == VolunteerState.INTERESTED:
            _into(locked, VolunteerState.STARTING, by=by, also=("reply_by",))
        else:
            count(locked, by=by, fields=["reply_by"])
        audit_record("volunteer_answered", locked, by=by)
    return locked


@transaction.atomic
def volunteer_activate(*, volunteer: Volunteer, by: User | None) -> Volunteer:
    """She has begun. Whether she has what it takes is told, not refused: advice, not walls."""
    locked = volunteer_lock(volunteer)
    if locked.state == VolunteerState.ENDED:
        raise StateChanged(_("Den frivillige har sluttet. Ta inn igjen først."))
    if locked.state != VolunteerState.ACTIVE:
        _into(locked, VolunteerState.ACTIVE, by=by)
        audit_record("volunteer_activated", locked, by=by)
    return locked


@transaction.atomic
def volunteer_pause(*, volunteer: Volunteer, until: date | None, by: User | None) -> Volunteer:
    """Without a reason, and without an end where she does not know. Her places are kept for her.

    Raises StateChanged when she has left, DomainError for a day that has been.
    """
    locked = volunteer_lock(volunteer)
    if locked.state == VolunteerState.ENDED:
        raise StateChanged(_("Den frivillige har sluttet."))
    if until is not None and until <= timezone.localdate():
        raise DomainError(_("Velg en dag som kommer."))
    locked.paused_until = until
    _into(locked, VolunteerState.PAUSED, by=by, also=("paused_until",))
    shifts_let_go(locked, until=until, by=by)
    errands_let_go(locked, until=until, by=by)
    audit_record("volunteer_paused", locked, by=by)
    return locked


@transaction.atomic
def volunteer_return(*, volunteer: Volunteer, by: User | None) -> Volunteer:
    """Back from a pause. Raises StateChanged when she was on none."""
    locked = volunteer_lock(volunteer)
    if locked.state != VolunteerState.PAUSED:
        raise StateChanged(_("Den frivillige er ikke på pause."))
    _into(locked, VolunteerState.ACTIVE, by=by)
    audit_record("volunteer_returned", locked, by=by)
    return locked


@transaction.atomic
def volunteer_end(
    *, volunteer: Volunteer, on: date, reason: LeavingReason | None, by: User | None
) -> Volunteer:
    """Her open assignments end with it, and the fact of the police certificate goes at once.

    Raises StateChanged when she has left already.
    """
    locked = volunteer_lock(volunteer)
    if locked.state == VolunteerState.ENDED:
        raise StateChanged(_("Det er allerede avsluttet."))
    Assignment.objects.filter(volunteer=locked, state__in=OPEN).update(
        state=AssignmentState.ENDED, ended_on=on, updated_by=by
    )
    PoliceFact.objects.filter(volunteer=locked).delete()
    shifts_let_go(locked, until=None, by=by)
    errands_let_go(locked, until=None, by=by)
    locked.ended_on, locked.leaving_reason, locked.reply_by = on, reason or "", None
    _into(locked, VolunteerState.ENDED, by=by, also=("ended_on", "leaving_reason", "reply_by"))
    audit_record("volunteer_ended", locked, by=by)
    return locked


@transaction.atomic
def volunteer_end_undo(*, volunteer: Volunteer, by: User) -> Volunteer:
    """It was a mistake, or she is back: she is where she was, and what ended with it goes on as it was. The
    police certificate is shown anew: the fact of it is gone for good.

    Raises StateChanged when she has not left.
    """
    locked = volunteer_lock(volunteer)
    if locked.state != VolunteerState.ENDED:
        raise StateChanged(_("Den frivillige er ikke avsluttet."))
    was, ended_at = _before_the_end(locked)
    if ended_at is not None:
        _assignments_again(locked, ended_at, by)
    locked.paused_until = was.paused_until if was is not None else None
    state = VolunteerState(was.state) if was is not None else VolunteerState.ACTIVE
    _into(locked, state, by=by)
    audit_record("volunteer_end_undone", locked, by=by)
    return locked


def _before_the_end(locked: Volunteer) -> tuple[Any, datetime | None]:
    """What she was until she left, and the moment of all that was written when she did. None of what is so
    old that nobody knows it any more."""
    rows = TRACKED[Volunteer].objects.filter(pgh_obj=locked.pk).order_by("pgh_id")
    was = rows.exclude(state=VolunteerState.ENDED).last()
    ended = rows.filter(state=VolunteerState.ENDED, pgh_id__gt=was.pgh_id if was is not None else 0).first()
    return was, ended.transaction_at if ended is not None else None


def _assignments_again(locked: Volunteer, ended_at: datetime, by: User) -> None:
    """Those that ended in the same step; what was ended by itself stays so, also of the same day."""
    rows = TRACKED[Assignment].objects.filter(pgh_obj=OuterRef("pk"))
    with_her = rows.filter(state=AssignmentState.ENDED, transaction_at=ended_at)
    was = rows.filter(state__in=OPEN).order_by("-pgh_id").values("state")[:1]
    hers = Assignment.objects.filter(volunteer=locked)
    again = hers.filter(Exists(with_her), state=AssignmentState.ENDED).exclude(
        Q(offer__state=OfferState.ENDED) | Q(offer__in=hers.filter(state__in=OPEN).values("offer"))
    )
    again.update(
        state=Coalesce(Subquery(was), Value(AssignmentState.ACTIVE.value)), ended_on=None, updated_by=by
    )


def volunteer_lock(volunteer: Volunteer) -> Volunteer:
    locked: Volunteer = (
        Volunteer.objects.select_for_update(of=("self",)).select_related("person").get(pk=volunteer.pk)
    )
    return locked


def _into(locked: Volunteer, state: VolunteerState, *, by: User | None, also: tuple[str, ...] = ()) -> None:
    was = locked.state
    locked.state, locked.state_since = state, timezone.localdate()
    if state != VolunteerState.PAUSED:
        locked.paused_until = None
    if state != VolunteerState.ENDED:
        locked.ended_on, locked.leaving_reason = None, ""
    fields = {*also, "state", "state_since", "paused_until", "ended_on", "leaving_reason"}
    count(locked, by=by, fields=sorted(fields))
    care_follow(volunteer=locked, was=was, by=by)
