"""Meetings of a group: planned, set, moved, called off; and the citizens' own, shown to all when they wish.

`by` is who is signed in; None is a participant who came by her link. Whether she may is the view's to ask:
an own meeting is opened by citizens only (models/meeting.py: `citizens_alone`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import AgendaItem, CodesignProcess, Meeting, MeetingCall, MeetingSlot
from partnerships.models.codesign import ProcessState
from partnerships.models.meeting import CallKind, MeetingKind, MeetingState
from partnerships.services.editing import count, edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record

FIELDS = frozenset({"title", "place", "host", "food", "starts_at", "ends_at"})
# What somebody has in her calendar: when one of these is another, she must hear of it.
CALLED_FOR = frozenset({"place", "starts_at", "ends_at"})
LONGEST = timedelta(days=1)


class Time(NamedTuple):
    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def meeting_plan(
    *,
    process: CodesignProcess,
    title: str,
    by: User | None,
    kind: MeetingKind = MeetingKind.JOINT,
    time: Time | None = None,
    agenda: Sequence[str] = (),
    place: str = "",
    host: str = "",
    food: str = "",
    uid: UUID | None = None,
) -> Meeting:
    """With a time the group is called in at once; without, a day is to be found.

    With a `uid` that the same person has planned one with already, nothing is made: she pressed twice.

    Raises DomainError when the process is over, or the time is.
    """
    running = CodesignProcess.objects.select_for_update(of=("self",), no_key=True).get(pk=process.pk)
    if running.state == ProcessState.ENDED:
        raise DomainError(_("Prosessen er avsluttet. Ta den opp igjen først."))
    if time is not None:
        _check_time(time)
    twin = Meeting.objects.filter(uid=uid).first() if uid is not None else None
    if twin is not None and (twin.process_id, twin.kind, twin.created_by) == (running.pk, kind, by):
        return twin
    meeting = Meeting.objects.create(
        uid=uid if uid is not None and twin is None else uuid4(),
        municipality_id=running.municipality_id,
        process=running,
        kind=kind,
        title=title,
        place=place,
        host=host,
        food=food,
        created_by=by,
        updated_by=by,
        **({"state": MeetingState.SET, "starts_at": time.starts_at, "ends_at": time.ends_at} if time else {}),
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(municipality_id=running.municipality_id, meeting=meeting, order=number, text=text)
        for number, text in enumerate(agenda, 1)
    )
    audit_record("meeting_planned", meeting, by=by, data={"kind": meeting.kind})
    if time is not None:
        _call(meeting, CallKind.SET)
    return meeting


@transaction.atomic
def meeting_change(*, meeting: Meeting, version: int, changes: dict[str, Any], by: User | None) -> Meeting:
    """Saves what differs. Another time or place calls the group in anew.

    Raises ChangedMeanwhile when somebody saved after `version` was read, DomainError for a time that will not
    do, StateChanged when it is called off.
    """
    locked = meeting_lock(meeting)
    if locked.state == MeetingState.CANCELLED:
        raise StateChanged(_("Møtet er avlyst."))
    unchanged_since(locked, version)
    was_at, was_set, was_over = locked.starts_at, locked.state == MeetingState.SET, is_over(locked)
    starts_at, ends_at = changes.get("starts_at", was_at), changes.get("ends_at", locked.ends_at)
    if (starts_at, ends_at) != (was_at, locked.ends_at):
        if starts_at is None or ends_at is None:
            raise DomainError(_("Møtet er avtalt. Velg en annen tid, eller avlys det."))
        _check_time(Time(starts_at, ends_at), may_be_over=was_over)
    changed = edited(locked, changes, may_change=FIELDS, by=by)
    if not changed:
        return locked
    if not was_set and locked.starts_at is not None:
        locked.state = MeetingState.SET
        locked.save(update_fields=["state"])
        _call(locked, CallKind.SET)
    elif was_set and not was_over and CALLED_FOR & set(changed):
        _next_call(locked, CallKind.MOVED, was_at)
    audit_record("meeting_changed", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def meeting_set(*, meeting: Meeting, slot: MeetingSlot, by: User | None) -> Meeting:
    """The day is found.

    Raises StateChanged when it was set or called off meanwhile, DomainError when it is past.
    """
    locked = meeting_lock(meeting)
    if locked.state != MeetingState.POLLING:
        raise StateChanged(_("Møtet har allerede fått en dag, eller er avlyst."))
    if slot.meeting_id != locked.pk:
        raise DomainError(_("Velg en av tidene dere har spurt om."))
    _check_time(Time(slot.starts_at, slot.ends_at))
    locked.state, locked.starts_at, locked.ends_at = MeetingState.SET, slot.starts_at, slot.ends_at
    count(locked, by=by, fields=("state", "starts_at", "ends_at"))
    _call(locked, CallKind.SET)
    audit_record("meeting_set", locked, by=by)
    return locked


@transaction.atomic
def meeting_cancel(*, meeting: Meeting, by: User | None) -> Meeting:
    """Everybody is told. Raises StateChanged when it is called off already, or has been."""
    locked = meeting_lock(meeting)
    if locked.state == MeetingState.CANCELLED:
        raise StateChanged(_("Møtet er allerede avlyst."))
    if is_over(locked):
        raise StateChanged(_("Møtet har vært. Det kan ikke avlyses."))
    was_set = locked.state == MeetingState.SET
    locked.state = MeetingState.CANCELLED
    count(locked, by=by, fields=("state",))
    if was_set:
        _next_call(locked, CallKind.CANCELLED, locked.starts_at)
    elif locked.asked_at is not None:
        _call(locked, CallKind.CANCELLED)
    audit_record("meeting_cancelled", locked, by=by)
    return locked


@transaction.atomic
def meeting_share(*, meeting: Meeting, by: User | None) -> Meeting:
    """The citizens show the whole group what they came to. Raises StateChanged when they have."""
    locked = meeting_lock(meeting)
    if not locked.is_citizens_own:
        raise StateChanged(_("Møtet er allerede synlig for hele gruppa."))
    locked.shared_at = timezone.now()
    count(locked, by=by, fields=("shared_at",))
    audit_record("meeting_shared", locked, by=by)
    return locked


def is_over(meeting: Meeting) -> bool:
    return (
        meeting.state == MeetingState.SET and meeting.ends_at is not None and meeting.ends_at < timezone.now()
    )


def meeting_lock(meeting: Meeting) -> Meeting:
    """Raises StateChanged when it is gone."""
    locked = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("municipality", "process")
        .filter(pk=meeting.pk)
        .first()
    )
    if locked is None:
        raise StateChanged(_("Møtet er ikke her lenger."))
    return locked


def _check_time(time: Time, *, may_be_over: bool = False) -> None:
    if time.ends_at <= time.starts_at:
        raise DomainError(_("Møtet må slutte etter at det begynner."))
    if time.ends_at - time.starts_at > LONGEST:
        raise DomainError(_("Et møte varer høyst ett døgn."))
    if time.ends_at < timezone.now() and not may_be_over:
        raise DomainError(_("Velg en tid som kommer."))


def _next_call(locked: Meeting, kind: CallKind, was_at: datetime | None) -> None:
    locked.sequence += 1
    locked.save(update_fields=["sequence"])
    _call(locked, kind, was_at)


def _call(meeting: Meeting, kind: CallKind, was_at: datetime | None = None) -> None:
    """What the due-source tells each of them, in her channel (due_meeting.py)."""
    MeetingCall.objects.create(
        municipality_id=meeting.municipality_id,
        meeting=meeting,
        number=meeting.sequence,
        kind=kind,
        was_at=was_at,
    )
