"""Meetings on a process's page, in the calendar, among what waits, in the trace, in a copy of one's data."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships import due_meeting
from partnerships.models import (
    Attendance,
    CodesignProcess,
    Meeting,
    Minutes,
    MinutesCopy,
    Participant,
    Person,
    SlotAnswer,
)
from partnerships.models.codesign import ProcessState
from partnerships.models.meeting import SHARED, MeetingQuerySet, MeetingState, MinutesState
from partnerships.page import NextStep
from partnerships.process_asked import NOW, PARTICIPANT, PROCESS, OfSeat
from partnerships.process_page import ProcessSection, process_asks, process_section, process_steps_from
from partnerships.seat import AMONG_CITIZENS, Seat
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.selectors.meeting import been, coming, lines_of, open_to_seat, when
from partnerships.selectors.process_history import under_own_processes
from samskaping.core.audit_words import audit_says
from samskaping.core.calendar_items import CalendarItem, Span, calendar_source
from samskaping.core.models import Municipality
from samskaping.core.one_query import Question, Row, as_moment
from samskaping.core.privacy import PersonalRows, personal_rows
from samskaping.core.registries import Viewer, WorkItem, work_source
from samskaping.core.retention import Rule, retention_rule

BY_LINK = gettext_lazy("en deltaker")
audit_says("meeting_planned", gettext_lazy("%(who)s planla møtet"), unsigned=BY_LINK)
audit_says("meeting_changed", gettext_lazy("%(who)s endret møtet"), unsigned=BY_LINK)
audit_says("meeting_asked", gettext_lazy("%(who)s spurte gruppa hvilken dag som passer"), unsigned=BY_LINK)
audit_says("meeting_answered", gettext_lazy("%(who)s svarte på hvilken dag som passer"), unsigned=BY_LINK)
audit_says("meeting_set", gettext_lazy("%(who)s satte dagen"), unsigned=BY_LINK)
audit_says("meeting_cancelled", gettext_lazy("%(who)s avlyste møtet"), unsigned=BY_LINK)
audit_says("meeting_shared", gettext_lazy("%(who)s viste møtet til hele gruppa"), unsigned=BY_LINK)
audit_says("agenda_added", gettext_lazy("%(who)s la til en sak"), unsigned=BY_LINK)
audit_says("agenda_changed", gettext_lazy("%(who)s skrev i referatet"), unsigned=BY_LINK)
audit_says("agenda_removed", gettext_lazy("%(who)s tok bort en sak"), unsigned=BY_LINK)
audit_says("agenda_moved", gettext_lazy("%(who)s flyttet en sak"), unsigned=BY_LINK)
audit_says("attendance_noted", gettext_lazy("%(who)s noterte hvem som var der"), unsigned=BY_LINK)
audit_says("minutes_sent", gettext_lazy("%(who)s sendte referatet"), unsigned=BY_LINK)
audit_says("minutes_answered", gettext_lazy("%(who)s svarte på om referatet stemmer"), unsigned=BY_LINK)

SHOWN = 2
# After this long without an answer it is time to choose a day all the same.
CHOOSE_AFTER = timedelta(days=5)
WRITE_WITHIN = timedelta(days=60)


def _to_answer() -> QuerySet[Meeting]:
    """She is asked which day suits, and has not said of every day."""
    hers = SlotAnswer.objects.filter(slot=OuterRef("slots"), participant=PARTICIPANT)
    asked = open_to_seat().filter(~Exists(hers), state=MeetingState.POLLING, slots__starts_at__gt=NOW)
    return asked.distinct()


COMING = OfSeat(lambda: coming(open_to_seat(), NOW)[:SHOWN])
LAST = OfSeat(lambda: been(open_to_seat(), NOW)[:1])
TO_ANSWER = OfSeat(lambda: _to_answer()[:1], shown_to=lambda seat: seat.takes_part)
ANY = OfSeat(
    lambda: Meeting.objects.for_everybody().filter(process=PROCESS).order_by().values("pk")[:1],
    shown_to=lambda seat: seat.edits and not seat.takes_part,
)


def register() -> None:
    due_meeting.register()
    process_asks(COMING, LAST, TO_ANSWER, ANY, AMONG_CITIZENS)
    process_section(ProcessSection("meetings", 20, "partnerships/meeting/_section.html", on_page))
    process_steps_from("meetings", steps)
    calendar_source("meetings", _in_span, in_calendar)
    work_source("meetings_to_set", _to_set, to_set)
    work_source("minutes_to_write", _to_write, to_write)
    history_kind(
        Kind(
            model=Meeting,
            slug="mote",
            label=gettext_lazy("Møter"),
            own=lambda access, own: Q(process__in=under_own_processes(access, own)),
            about=lambda row, _names: _("Møtet «%(title)s»") % {"title": row.title},
            page=lambda row, _user: reverse("meeting", args=[row.process_id, row.pk]),
            # What the citizens do by themselves is in no history anybody else reads.
            behind=lambda _seen: SHARED,
        )
    )
    for rows in ROWS:
        personal_rows(rows)
    retention_rule(RULE)


# --- On the page of a process ---------------------------------------------------------------------------
def on_page(seat: Seat) -> Mapping[str, Any] | None:
    """What comes, and the last one that was."""
    lines = lines_of([*COMING.of(seat), *LAST.of(seat)])
    may_plan = seat.process.state != ProcessState.ENDED and (seat.edits or seat.among_citizens)
    if not lines and not may_plan:
        return None
    return {"lines": lines, "may_plan": may_plan}


def steps(seat: Seat) -> Iterator[NextStep]:
    if seat.process.state == ProcessState.ENDED:
        return
    tag = _("Møte")
    if seat.participant is not None:
        for meeting in TO_ANSWER.of(seat):
            url = reverse("meeting_own_answer", args=[seat.process.pk, meeting.pk])
            yield NextStep(
                tag, _("Si hvilken dag som passer for deg"), url, note=meeting.title, color="info", order=5
            )
    elif seat.edits and not ANY.of(seat):
        yield NextStep(
            tag,
            _("Finn en dag for det første møtet"),
            reverse("meeting_new", args=[seat.process.pk]),
            order=30,
        )


# --- In the calendar ------------------------------------------------------------------------------------
def _in_span(span: Span) -> Question | None:
    viewer = span.viewer
    hers = Participant.objects.taking_part().filter(process=OuterRef("process"), person__user=viewer.user)
    # Without joining the processes: PostgreSQL would read a nation's.
    convened = CodesignProcess.objects.filter(convener__user=viewer.user)
    title = CodesignProcess.objects.filter(pk=OuterRef("process")).values("title")
    own = Exists(hers) | Q(process__in=convened.order_by().values("pk"))
    seen = span.covers(Meeting.objects.visible_to(viewer.user)).exclude(state=MeetingState.POLLING)
    if span.only_own or viewer.membership is None:
        seen = seen.filter(own)
    else:
        seen = seen.filter(Q(municipality=viewer.membership.municipality_id) | own)
    return Question(
        seen.annotate(hers=Exists(hers)),
        pk="pk",
        process="process",
        title="title",
        process_title=Subquery(title.order_by()),
        starts_at="starts_at",
        ends_at="ends_at",
        place="place",
        uid="uid",
        sequence="sequence",
        updated_at="updated_at",
        state="state",
        hers="hers",
    )


def in_calendar(_span: Span, rows: Sequence[Row]) -> Iterator[CalendarItem]:
    kind = _("Møte")
    for row in rows:
        yield CalendarItem(
            starts_at=as_moment(row["starts_at"]),
            ends_at=as_moment(row["ends_at"]),
            title=_("%(theme)s – %(process)s") % {"theme": row["title"], "process": row["process_title"]},
            kind=kind,
            uid=UUID(row["uid"]),
            changed_at=as_moment(row["updated_at"]),
            sequence=row["sequence"],
            place=row["place"],
            url=reverse("meeting", args=[row["process"], row["pk"]]),
            is_cancelled=row["state"] == MeetingState.CANCELLED,
            is_own=row["hers"],
        )


# --- What waits for whoever leads the group -------------------------------------------------------------
def _led_by(viewer: Viewer) -> MeetingQuerySet:
    """Those whose group she is the contact of, that she may open."""
    if viewer.membership is None:
        return Meeting.objects.none()
    return (
        Meeting.objects.for_everybody()
        .filter(process__convener__user=viewer.user, process__municipality=viewer.membership.municipality_id)
        .exclude(process__state=ProcessState.ENDED)
    )


def _to_set(viewer: Viewer) -> Question | None:
    waiting = _led_by(viewer).filter(state=MeetingState.POLLING, asked_at__lt=viewer.now - CHOOSE_AFTER)
    return Question(
        waiting.order_by("asked_at", "pk")[:10],
        pk="pk",
        process="process",
        title="title",
        group="process__title",
    )


def to_set(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Møte"),
            title=_("Velg en dag: %(title)s") % {"title": row["title"]},
            note=row["group"],
            url=reverse("meeting", args=[row["process"], row["pk"]]),
        )


def _to_write(viewer: Viewer) -> Question | None:
    written = Minutes.objects.filter(meeting=OuterRef("pk")).exclude(state=MinutesState.DRAFT)
    held = _led_by(viewer).held().filter(~Exists(written), ends_at__gt=viewer.now - WRITE_WITHIN)
    return Question(
        held.order_by("ends_at", "pk")[:10],
        pk="pk",
        process="process",
        title="title",
        group="process__title",
        starts_at="starts_at",
    )


def to_write(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Referat"),
            title=_("Skriv og send referat: %(title)s") % {"title": row["title"]},
            note=row["group"],
            url=reverse("minutes", args=[row["process"], row["pk"]]),
        )


# --- What is kept about somebody ------------------------------------------------------------------------
def _at(meeting: Meeting) -> dict[str, str]:
    told = {_("Møte"): meeting.title}
    return {**told, _("Når"): when(meeting.starts_at, meeting.ends_at)} if meeting.starts_at else told


def _attendance(person: Person) -> QuerySet[Attendance]:
    rows = Attendance.objects.filter(participant__person=person)
    return rows.select_related("meeting").order_by("meeting__starts_at", "pk")


def _days(person: Person) -> QuerySet[SlotAnswer]:
    rows = SlotAnswer.objects.filter(participant__person=person)
    return rows.select_related("slot__meeting").order_by("slot__starts_at", "pk")


def _copies(person: Person) -> QuerySet[MinutesCopy]:
    rows = MinutesCopy.objects.filter(participant__person=person)
    return rows.select_related("minutes__meeting").order_by("sent_at", "pk")


def _day_words(row: SlotAnswer) -> dict[str, str]:
    return {
        _("Møte"): row.slot.meeting.title,
        _("Når"): when(row.slot.starts_at, row.slot.ends_at),
        _("Svar"): row.get_choice_display(),
    }


def _copy_words(row: MinutesCopy) -> dict[str, str]:
    told = {
        **_at(row.minutes.meeting),
        _("Svar"): row.get_answer_display(),
        _("Ønsket annerledes"): row.objection,
    }
    return {label: value for label, value in told.items() if value}


def _only(at: str, *, own: bool) -> Q:
    """Of the citizens' own, or of all others: who keeps her data is no citizen of the group."""
    joint = Q(**{f"{at}kind": "joint"}) | Q(**{f"{at}shared_at__isnull": False})
    return ~joint if own else joint


def _both(
    key: str, label: Any, own_label: Any, find: Any, at: str, fields: tuple[str, ...], words: Any
) -> Iterator[PersonalRows]:
    """Two sections of a copy; the citizens' own stand in her own copy alone, and both are erased."""
    for own in (False, True):
        yield PersonalRows(
            f"own_{key}" if own else key,
            own_label if own else label,
            lambda person, own=own: find(person).filter(_only(at, own=own)),  # type: ignore[misc]
            fields,
            erase=lambda person, own=own: find(person).filter(_only(at, own=own)).delete(),  # type: ignore[misc]
            words=words,
            only_to_herself=own,
        )


ROWS = (
    *_both(
        "meeting_days",
        gettext_lazy("Svar på hvilke dager som passer"),
        gettext_lazy("Svar på hvilke dager som passer, innbyggernes egne møter"),
        _days,
        "slot__meeting__",
        ("choice",),
        _day_words,
    ),
    *_both(
        "attendance",
        gettext_lazy("Møter i grupper"),
        gettext_lazy("Innbyggernes egne møter"),
        _attendance,
        "meeting__",
        ("meeting__title",),
        lambda row: _at(row.meeting),
    ),
    *_both(
        "minutes",
        gettext_lazy("Referater, og svar på dem"),
        gettext_lazy("Referater fra innbyggernes egne møter"),
        _copies,
        "minutes__meeting__",
        ("sent_at", "answer", "objection"),
        _copy_words,
    ),
)


def _old_days(town: Municipality, before: datetime) -> QuerySet[SlotAnswer]:
    return SlotAnswer.objects.filter(municipality=town, slot__starts_at__lt=before)


RULE = Rule(
    "meeting_days",
    gettext_lazy("Svar på hvilke dager som passet for et møte"),
    gettext_lazy("Når dagen er funnet, trenger ingen å vite når hver enkelt hadde tid."),
    least_days=1,
    most_days=365,
    find=lambda town, before: _old_days(town, before).filter(participant__person__held_since=None),
    erase=lambda rows: rows.delete()[1].get("partnerships.SlotAnswer", 0),
    held=lambda town, before: _old_days(town, before).exclude(participant__person__held_since=None).count(),
)
