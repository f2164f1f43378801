"""Meetings of a process as one seat may see them: what comes, which day suits, who came, the minutes."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.models import (
    Adaptation,
    AgendaItem,
    CodesignProcess,
    Meeting,
    MeetingSlot,
    Minutes,
    MinutesCopy,
    Participant,
    Person,
    SlotAnswer,
)
from partnerships.models.codesign import ProcessState
from partnerships.models.meeting import (
    SHARED,
    MeetingKind,
    MeetingState,
    MinutesState,
    SlotChoice,
    citizens_alone,
)
from partnerships.models.notice import Answer
from partnerships.models.participant import Side
from partnerships.process_asked import PARTICIPANT, PROCESS, USER
from partnerships.seat import Seat
from partnerships.selectors.participant import known_name
from partnerships.selectors.plain_words import Hint, hints
from partnerships.services.participant import participant_token
from samskaping.core.written import Given

# «Hvem tar imot?» needs no colon.
ENDS = (".", ":", "?", "!")


# --- Who may open it, and do what -----------------------------------------------------------------------
def meetings_of(seat: Seat) -> QuerySet[Meeting]:
    """Those this seat may open: never the citizens' own for anybody else."""
    if seat.user is not None:
        return Meeting.objects.visible_to(seat.user).filter(process=seat.process)
    if seat.participant is None:
        return Meeting.objects.none()
    return Meeting.objects.open_to_participant(seat.participant)


def open_to_seat() -> QuerySet[Meeting]:
    """The same, for what is written once."""
    citizens = citizens_alone().filter(Q(person__user=USER) | Q(pk=PARTICIPANT), process=PROCESS)
    return Meeting.objects.filter(SHARED | Q(Exists(citizens)), process=PROCESS)


def meeting_of(seat: Seat, pk: int) -> Meeting:
    """Raises Http404 for what is not there and, in the same words, for what she may not know of."""
    found = meetings_of(seat).filter(pk=pk).first()
    if found is None:
        raise Http404
    found.process = seat.process
    return found


def is_running(meeting: Meeting) -> bool:
    return meeting.process.state != ProcessState.ENDED


def may_arrange(seat: Seat, meeting: Meeting) -> bool:
    """Sets the day, moves and calls off, notes who came, sends the minutes."""
    return is_running(meeting) and (
        seat.among_citizens if meeting.kind == MeetingKind.CITIZENS else seat.edits
    )


def may_write(seat: Seat, meeting: Meeting) -> bool:
    """Writes on the agenda and what was agreed: anybody in the group, and those who hold it together.

    What those who came have said yes to is opened again by who arranges it only.
    """
    if meeting.state == MeetingState.CANCELLED:
        return False
    minutes = getattr(meeting, "minutes", None)
    if minutes is not None and minutes.state == MinutesState.APPROVED:
        return may_arrange(seat, meeting)
    return may_write_else(seat, meeting)


def may_write_else(seat: Seat, meeting: Meeting) -> bool:
    """May write while it is open: what is typed when it closed meanwhile is hers to have back."""
    if not is_running(meeting):
        return False
    return seat.among_citizens if meeting.kind == MeetingKind.CITIZENS else seat.contributes


def is_for(seat: Seat, meeting: Meeting) -> bool:
    """She is one of those who come to it, and say what suits them."""
    return seat.among_citizens if meeting.kind == MeetingKind.CITIZENS else seat.takes_part


def group_of(meeting: Meeting) -> QuerySet[Participant]:
    """Those the meeting is for: everybody who takes part, or the citizens alone.

    When these have shown it, the others may read of it; it is still not theirs to come to or approve.
    """
    own = meeting.kind == MeetingKind.CITIZENS
    group = citizens_alone() if own else Participant.objects.taking_part()
    return group.filter(process=meeting.process_id)


# --- Words ----------------------------------------------------------------------------------------------
def when(starts_at: datetime, ends_at: datetime | None = None) -> str:
    """«tirsdag 3. mars 2026 kl. 18.00–20.00», by the clock on the wall."""
    start = timezone.localtime(starts_at)
    day = formats.date_format(start, "l j. F Y")
    if ends_at is None:
        return _("%(day)s kl. %(start)s") % {"day": day, "start": f"{start:%H.%M}"}
    end = timezone.localtime(ends_at)
    told = {"day": day, "start": f"{start:%H.%M}", "end": f"{end:%H.%M}"}
    return _("%(day)s kl. %(start)s–%(end)s") % told


def agreed_lines(meeting: Meeting) -> list[str]:
    """The minutes as plain lines, for a message or a letter."""
    items = meeting.agenda.exclude(agreed="").order_by("order", "pk")
    return [f"{item.text}{'' if item.text.endswith(ENDS) else ':'} {item.agreed}" for item in items]


def link_for(person: Person, process: CodesignProcess, path: str) -> str:
    """A page of the process for somebody who reads a message: by her account, or the way by her link."""
    if person.user_id is not None:
        return path
    participant = Participant.objects.filter(process=process, person=person, left_at=None).first()
    if participant is None:
        return path
    return reverse("participant_open", args=[participant_token(participant)], query={"next": path})


# --- The list -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One meeting in a list."""

    meeting: Meeting
    when: str
    state: str
    color: str
    # Its minutes may be read.
    has_minutes: bool


def lines_of(meetings: Iterable[Meeting]) -> list[Line]:
    """Of meetings read `with_minutes`."""
    return [line_of(meeting, getattr(meeting, "minutes", None)) for meeting in meetings]


def line_of(meeting: Meeting, minutes: Minutes | None) -> Line:
    now = timezone.now()
    has_been = meeting.state == MeetingState.SET and meeting.ends_at is not None and meeting.ends_at < now
    state, color = str(meeting.get_state_display()), "info"
    if meeting.state == MeetingState.CANCELLED:
        color = "neutral"
    elif meeting.state == MeetingState.POLLING:
        color = "warning"
    elif has_been and (minutes is None or minutes.state == MinutesState.DRAFT):
        state, color = _("Holdt, uten referat"), "warning"
    elif has_been and minutes is not None and minutes.state == MinutesState.SENT:
        state, color = _("Referat til godkjenning"), "info"
    elif has_been:
        state, color = _("Referat godkjent"), "success"
    return Line(
        meeting=meeting,
        when=when(meeting.starts_at, meeting.ends_at) if meeting.starts_at else "",
        state=state,
        color=color,
        has_minutes=minutes is not None and minutes.state != MinutesState.DRAFT,
    )


def coming(meetings: QuerySet[Meeting], now: datetime | Given | None = None) -> QuerySet[Meeting]:
    """What is to find a day, first, and then what is to come."""
    now = now or timezone.now()
    ahead = Q(state=MeetingState.POLLING) | Q(state=MeetingState.SET, ends_at__gte=now)
    return meetings.filter(ahead).select_related("minutes")


def been(meetings: QuerySet[Meeting], now: datetime | Given | None = None) -> QuerySet[Meeting]:
    """Newest first, with those that were called off."""
    now = now or timezone.now()
    over = Q(state=MeetingState.CANCELLED) | Q(state=MeetingState.SET, ends_at__lt=now)
    return meetings.filter(over).select_related("minutes").order_by("-starts_at", "-pk")


# --- Which day suits ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SlotView:
    slot: MeetingSlot
    when: str
    yes: int
    if_needed: int
    no: int
    # Hers, in words; empty before she has said.
    own: str
    # More say yes to this one than to some other, and to none more.
    best: bool
    is_past: bool


@dataclass(frozen=True)
class Poll:
    slots: list[SlotView]
    answered: int
    asked: int
    # For the convener alone: those who have not answered every time, to ring.
    missing: list[Participant]


def poll_of(meeting: Meeting, seat: Seat) -> Poll:
    slots = list(meeting.slots.order_by("starts_at", "pk"))
    answers = list(SlotAnswer.objects.filter(slot__meeting=meeting, participant__left_at=None))
    group = list(group_of(meeting).select_related("person").order_by("person__name_key", "pk"))
    counts = Counter((answer.slot_id, answer.choice) for answer in answers)
    own = {
        a.slot_id: a
        for a in answers
        if seat.participant is not None and a.participant_id == seat.participant.pk
    }
    said = Counter(answer.participant_id for answer in answers)
    missing = [one for one in group if said[one.pk] < len(slots)]
    rank = {slot.pk: (counts[slot.pk, "yes"], counts[slot.pk, "if_needed"]) for slot in slots}
    best, worst = max(rank.values(), default=(0, 0)), min(rank.values(), default=(0, 0))
    now = timezone.now()
    return Poll(
        slots=[
            SlotView(
                slot=slot,
                when=when(slot.starts_at, slot.ends_at),
                yes=counts[slot.pk, SlotChoice.YES],
                if_needed=counts[slot.pk, SlotChoice.IF_NEEDED],
                no=counts[slot.pk, SlotChoice.NO],
                own=own[slot.pk].get_choice_display() if slot.pk in own else "",
                best=rank[slot.pk] == best > worst,
                is_past=slot.starts_at < now,
            )
            for slot in slots
        ],
        answered=sum(1 for one in group if said[one.pk]),
        asked=len(group),
        missing=missing if seat.convenes else [],
    )


def choices_of(meeting: Meeting, participant: Participant) -> dict[int, str]:
    """What she has answered, by the keys of the times."""
    hers = SlotAnswer.objects.filter(slot__meeting=meeting, participant=participant)
    return dict(hers.values_list("slot", "choice"))


# --- Who was there --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class There:
    """Who came: how many on each side, and the names this seat may know."""

    count: int
    sides: str
    names: list[str]
    # She was there herself.
    herself: bool


def there_of(meeting: Meeting, seat: Seat) -> There:
    came = list(
        Participant.objects.filter(pk__in=meeting.attendance.values("participant"))
        .select_related("person")
        .order_by("person__name_key", "pk")
    )
    counts = Counter(one.side for one in came)
    labels: dict[Side, Callable[[int], str]] = {
        Side.CITIZEN: lambda n: ngettext("%(n)s innbygger", "%(n)s innbyggere", n),
        Side.RECIPIENT: lambda n: ngettext(
            "%(n)s mottaker eller pårørende", "%(n)s mottakere eller pårørende", n
        ),
        Side.VOLUNTEER: lambda n: ngettext("%(n)s frivillig", "%(n)s frivillige", n),
        Side.STAFF: lambda n: ngettext("%(n)s ansatt", "%(n)s ansatte", n),
        Side.OTHER: lambda n: ngettext("%(n)s annen", "%(n)s andre", n),
    }
    words = [label(counts[side]) % {"n": counts[side]} for side, label in labels.items() if counts[side]]
    return There(
        count=len(came),
        sides=", ".join(words),
        names=[name for name in (known_name(seat, one) for one in came) if name],
        herself=seat.participant is not None and any(one.pk == seat.participant.pk for one in came),
    )


def adaptations_for(seat: Seat, meeting: Meeting) -> list[Adaptation]:
    """What must be in place for those who come, for who may know it: before the meeting, and not after."""
    is_over = meeting.ends_at is not None and meeting.ends_at < timezone.now()
    if seat.user is None or is_over or meeting.state == MeetingState.CANCELLED:
        return []
    seen = Adaptation.objects.visible_to(seat.user).filter(participant__in=group_of(meeting))
    return list(seen.select_related("participant__person").order_by("participant__person__name_key", "pk"))


# --- The agenda, and what was agreed --------------------------------------------------------------------
@dataclass(frozen=True)
class ItemView:
    item: AgendaItem
    hints: list[Hint]


def items_of(meeting: Meeting, *, with_hints: bool) -> list[ItemView]:
    """Hints are for those who write, before it is sent."""
    items = meeting.agenda.order_by("order", "pk")
    return [ItemView(item, hints(item.agreed) if with_hints else []) for item in items]


@dataclass(frozen=True)
class Approval:
    """How far the minutes have come."""

    state: str
    color: str
    said_yes: int
    asked: int
    # What somebody would have otherwise, for those who write. Not who.
    objections: list[str]
    # Hers, while it waits for her word or she may change it.
    own: MinutesCopy | None
    # For the convener alone: those whose word is awaited.
    awaited: list[MinutesCopy]


def approval_of(meeting: Meeting, minutes: Minutes | None, seat: Seat, *, writes: bool) -> Approval:
    if minutes is None or minutes.state == MinutesState.DRAFT:
        return Approval(str(MinutesState.DRAFT.label), "neutral", 0, 0, [], None, [])
    copies = list(
        MinutesCopy.objects.filter(
            minutes=minutes, number=minutes.number, was_there=True, participant__left_at=None
        )
        .select_related("participant__person")
        .order_by("participant__person__name_key", "pk")
    )
    hers = seat.participant.pk if seat.participant is not None else None
    return Approval(
        state=str(minutes.get_state_display()),
        color="success" if minutes.state == MinutesState.APPROVED else "info",
        said_yes=sum(1 for copy in copies if copy.answer == Answer.YES),
        asked=len(copies),
        objections=[copy.objection for copy in copies if copy.objection] if writes else [],
        own=next((copy for copy in copies if copy.participant_id == hers), None),
        awaited=[copy for copy in copies if not copy.answer] if seat.convenes else [],
    )
