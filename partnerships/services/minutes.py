"""The agenda, who came, what was agreed, and the yes of those who were there. Never who said what."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import AgendaItem, Attendance, Meeting, Minutes, MinutesCopy, Participant
from partnerships.models.meeting import MeetingState, MinutesState
from partnerships.models.notice import Answer
from partnerships.selectors.meeting import group_of
from partnerships.services.editing import edited, unchanged_since
from partnerships.services.meeting import meeting_lock
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record

ITEMS_AT_MOST = 40


# --- The agenda -----------------------------------------------------------------------------------------
@transaction.atomic
def agenda_add(*, meeting: Meeting, text: str, by: User | None, agreed: str = "") -> AgendaItem:
    """Last on the list. Raises StateChanged when the meeting is called off."""
    locked = meeting_lock(meeting)
    if locked.state == MeetingState.CANCELLED:
        raise StateChanged(_("Møtet er avlyst."))
    if locked.agenda.count() >= ITEMS_AT_MOST:
        raise DomainError(_("Møtet har allerede førti saker. Ta noen av dem neste gang."))
    last = locked.agenda.aggregate(last=Max("order"))["last"] or 0
    item: AgendaItem = AgendaItem.objects.create(
        municipality_id=locked.municipality_id,
        meeting=locked,
        order=last + 1,
        text=text,
        agreed=agreed,
        updated_by=by,
    )
    if agreed:
        _open_again(locked)
    audit_record("agenda_added", locked, by=by)
    return item


@transaction.atomic
def agenda_write(*, item: AgendaItem, version: int, changes: dict[str, Any], by: User | None) -> AgendaItem:
    """The item, or what was agreed under it. Words that were sent already are to be sent anew.

    Raises ChangedMeanwhile when somebody saved it after `version` was read, StateChanged when it is gone.
    """
    meeting = meeting_lock(item.meeting)
    locked: AgendaItem | None = (
        AgendaItem.objects.select_for_update(of=("self",)).filter(pk=item.pk, meeting=meeting).first()
    )
    if locked is None:
        raise StateChanged(_("Saken er tatt bort."))
    unchanged_since(locked, version)
    changed = edited(locked, changes, may_change=("text", "agreed"), by=by)
    if changed:
        _open_again(meeting)
        audit_record("agenda_changed", meeting, by=by, data={"item": locked.pk, "fields": changed})
    return locked


@transaction.atomic
def agenda_remove(*, item: AgendaItem, by: User | None) -> None:
    """Raises StateChanged when something was agreed under it: that is not taken away in silence."""
    meeting = meeting_lock(item.meeting)
    locked: AgendaItem | None = (
        AgendaItem.objects.select_for_update(of=("self",)).filter(pk=item.pk, meeting=meeting).first()
    )
    if locked is None:
        return
    if locked.agreed:
        raise StateChanged(_("Det er skrevet noe under saken. Ta bort teksten først."))
    pk = locked.pk
    locked.delete()
    audit_record("agenda_removed", meeting, by=by, data={"item": pk})


@transaction.atomic
def agenda_move(*, item: AgendaItem, up: bool, by: User | None) -> None:
    """One place up or down; the first one stays first."""
    meeting = meeting_lock(item.meeting)
    items = list(meeting.agenda.select_for_update(of=("self",)).order_by("order", "pk"))
    here = next((place for place, one in enumerate(items) if one.pk == item.pk), None)
    if here is None:
        return
    there = here - 1 if up else here + 1
    if not 0 <= there < len(items):
        return
    items[here], items[there] = items[there], items[here]
    for order, one in enumerate(items, 1):
        AgendaItem.objects.filter(pk=one.pk).exclude(order=order).update(order=order)
    audit_record("agenda_moved", meeting, by=by, data={"item": item.pk})


# --- Who came -------------------------------------------------------------------------------------------
@transaction.atomic
def attendance_note(
    *, meeting: Meeting, came: Iterable[Participant], of: Iterable[Participant], by: User | None
) -> None:
    """`came` were there, the others of `of` were not; about anybody else nothing is changed.

    Raises DomainError before it has begun, and for somebody it was not for.
    """
    locked = _begun(meeting)
    there, asked = {one.pk for one in came}, {one.pk for one in of}
    if not there <= asked or group_of(locked).filter(pk__in=asked).count() != len(asked):
        raise DomainError(_("Velg noen som er med i gruppa."))
    Attendance.objects.filter(meeting=locked, participant__in=asked - there).delete()
    Attendance.objects.bulk_create(
        [
            Attendance(municipality_id=locked.municipality_id, meeting=locked, participant_id=pk)
            for pk in sorted(there)
        ],
        ignore_conflicts=True,
    )
    audit_record("attendance_noted", locked, by=by, data={"there": len(there)})


def _begun(meeting: Meeting) -> Meeting:
    locked = meeting_lock(meeting)
    if locked.state != MeetingState.SET or locked.starts_at is None or locked.starts_at > timezone.now():
        raise DomainError(_("Møtet har ikke vært ennå."))
    return locked


# --- Sent, and approved ---------------------------------------------------------------------------------
@transaction.atomic
def minutes_send(*, meeting: Meeting, by: User | None) -> Minutes:
    """To everybody the meeting was for; those who were there are asked whether it was so.

    Raises DomainError when nothing is written, or nobody is noted as there; StateChanged when they were sent.
    """
    locked = _begun(meeting)
    minutes = minutes_of(locked)
    if minutes.state != MinutesState.DRAFT:
        raise StateChanged(_("Referatet er allerede sendt."))
    if not locked.agenda.exclude(agreed="").exists():
        raise DomainError(_("Skriv hva dere ble enige om først."))
    there = set(locked.attendance.values_list("participant", flat=True))
    group = list(group_of(locked))
    if not there & {one.pk for one in group}:
        raise DomainError(_("Kryss av hvem som var der først. Det er de som godkjenner referatet."))
    minutes.state, minutes.number, minutes.sent_at = MinutesState.SENT, minutes.number + 1, timezone.now()
    minutes.approved_at = None
    minutes.save(update_fields=["state", "number", "sent_at", "approved_at"])
    MinutesCopy.objects.bulk_create(
        MinutesCopy(
            municipality_id=locked.municipality_id,
            minutes=minutes,
            participant=one,
            number=minutes.number,
            was_there=one.pk in there,
        )
        for one in group
    )
    audit_record("minutes_sent", locked, by=by, data={"number": minutes.number, "copies": len(group)})
    return minutes


@transaction.atomic
def minutes_answer(*, copy: MinutesCopy, answer: Answer, by: User | None, objection: str = "") -> Minutes:
    """Whether it was so; the last yes of those who were there makes the minutes approved.

    Raises StateChanged when they have been changed since she was asked.
    """
    meeting = meeting_lock(copy.minutes.meeting)
    minutes: Minutes = Minutes.objects.select_for_update(of=("self",)).get(meeting=meeting)
    asked = (
        MinutesCopy.objects.filter(pk=copy.pk, was_there=True).select_related("participant__person").first()
    )
    if asked is None or asked.number != minutes.number or minutes.state == MinutesState.DRAFT:
        raise StateChanged(_("Referatet er endret siden du ble spurt. Du blir spurt på nytt."))
    person = asked.participant.person
    for_her = by is not None and by.pk != person.user_id
    asked.answer, asked.answered_at = answer, timezone.now()
    asked.objection = objection if answer == Answer.NO else ""
    asked.entered_by = by if for_her else None
    asked.save(update_fields=["answer", "answered_at", "objection", "entered_by"])
    _approve_when_all_have(minutes)
    audit_record(
        "minutes_answered",
        meeting,
        by=by,
        on_behalf_of=person if for_her else None,
        data={"answer": answer.value, "participant": asked.participant_id},
    )
    return minutes


@transaction.atomic
def minutes_wait_no_more(*, participant: Participant) -> None:
    """She has left: where hers was the only word awaited, the minutes are approved."""
    waiting = Minutes.objects.filter(state=MinutesState.SENT, copies__participant=participant)
    for meeting in Meeting.objects.filter(minutes__in=waiting).order_by("pk"):
        minutes = minutes_of(meeting_lock(meeting))
        if minutes.state == MinutesState.SENT:
            _approve_when_all_have(minutes)


def minutes_of(meeting: Meeting) -> Minutes:
    """The caller has the meeting's lock."""
    minutes: Minutes = Minutes.objects.get_or_create(
        meeting=meeting, defaults={"municipality_id": meeting.municipality_id}
    )[0]
    return minutes


def _approve_when_all_have(minutes: Minutes) -> None:
    """Who has left the group is waited for no more; when all have, nobody says that it was so."""
    asked = minutes.copies.filter(number=minutes.number, was_there=True, participant__left_at=None)
    all_have = asked.exists() and not asked.exclude(answer=Answer.YES).exists()
    minutes.state = MinutesState.APPROVED if all_have else MinutesState.SENT
    minutes.approved_at = timezone.now() if all_have else None
    if all_have:
        minutes.approved = words_of(minutes.meeting)
    minutes.save(update_fields=["state", "approved_at", "approved"])


def words_of(meeting: Meeting) -> list[dict[str, str]]:
    """What the minutes say now, to be kept when they are said yes to."""
    return [{"text": item.text, "agreed": item.agreed} for item in meeting.agenda.order_by("order", "pk")]


def _open_again(meeting: Meeting) -> None:
    """A yes was to other words: they are sent once more before they count."""
    Minutes.objects.filter(meeting=meeting).exclude(state=MinutesState.DRAFT).update(
        state=MinutesState.DRAFT, approved_at=None
    )
