"""The volunteers of an offer: who is in its crew, who comes to each of the next times, and what is short."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from partnerships.access import access_of
from partnerships.models import Occurrence, Offer
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.text import sort_key
from volunteers.models import Assignment, HourEntry, OfferCrew, Shift, Volunteer
from volunteers.models.assignment import OPEN, AssignmentState, offers_reached
from volunteers.models.shift import IN_PLACE, ShiftState
from volunteers.selectors.known import READ_WITH, Known, known
from volunteers.shift_due import is_confirmed, tell_on

TIMES_SHOWN, FOUND_AT_MOST = 4, 20
COLORS = {
    ShiftState.ASKED: "info",
    ShiftState.COMING: "success",
    ShiftState.WAITING: "warning",
    ShiftState.CANNOT: "neutral",
    ShiftState.CAME: "success",
    ShiftState.ABSENT: "neutral",
}
# In the order somebody looks for them.
_STATES = ("coming", "came", "waiting", "asked", "cannot", "absent")
_ORDER = {state: number for number, state in enumerate(_STATES)}


def crew_of(offer: Offer) -> OfferCrew:
    """Its settings; what holds for everybody where nobody has chosen."""
    found = OfferCrew.objects.filter(offer=offer).first()
    return found or OfferCrew(offer=offer, municipality_id=offer.municipality_id)


def runs(user: User, offer: Offer) -> bool:
    """May change who comes: those who may change the offer."""
    return access_of(user).covers(Permission.OFFER_EDIT, offer)


def may_mark(user: User, offer: Offer) -> bool:
    """May say who was there: whoever may know who comes there today."""
    return offers_reached(user, Permission.VOLUNTEER_TODAY).filter(pk=offer.pk).exists()


@dataclass(frozen=True)
class Cell:
    text: str = ""
    color: str = ""
    # «Kan du fortsatt?» was asked, and not answered.
    unanswered: bool = False
    # Asks somebody to take over.
    offered: bool = False


@dataclass(frozen=True)
class Member:
    volunteer: Volunteer
    name: str
    phone: str
    email: str
    hidden: bool
    assignment: Assignment | None
    cells: list[Cell]
    # Whether her record is a page this viewer may read.
    opens: bool


@dataclass(frozen=True)
class Time:
    """One of the next times, and how many come."""

    occurrence: Occurrence
    coming: int
    waiting: int
    short: int
    full: bool


@dataclass(frozen=True)
class CrewPage:
    crew: OfferCrew
    times: list[Time]
    members: list[Member]
    # Who keeps them, how many: of those this viewer may not know.
    others: list[tuple[str, int]]
    number: int


def crew_page(offer: Offer, user: User, *, times: int = TIMES_SHOWN) -> CrewPage:
    """Six questions, however many there are."""
    now = timezone.now()
    crew = crew_of(offer)
    coming = list(
        offer.occurrences.taking_place().filter(ends_at__gt=now).order_by("starts_at", "pk")[:times]
    )
    assignments = list(
        Assignment.objects.filter(offer=offer, state__in=OPEN, volunteer__person__erased_at=None)
        .select_related(*READ_WITH)
        .order_by("volunteer__person__name_key", "pk")
    )
    shifts = list(
        Shift.objects.filter(occurrence__in=coming, volunteer__person__erased_at=None)
        .select_related("occurrence", *READ_WITH)
        .order_by("since", "pk")
    )
    by_time: dict[int, dict[int, Shift]] = defaultdict(dict)
    volunteers: dict[int, Volunteer] = {one.volunteer_id: one.volunteer for one in assignments}
    for shift in shifts:
        by_time[shift.occurrence_id][shift.volunteer_id] = shift
        volunteers.setdefault(shift.volunteer_id, shift.volunteer)
    seen = known(user, volunteers.keys())
    task = {one.volunteer_id: one for one in assignments}
    return CrewPage(
        crew=crew,
        times=[_time(crew, one, by_time[one.pk].values()) for one in coming],
        members=[
            _member(seen, one, task.get(one.pk), [by_time[time.pk].get(one.pk) for time in coming], crew)
            for one in volunteers.values()
            if seen.is_known(one)
        ],
        others=seen.others(volunteers.values()),
        number=sum(one.state != AssignmentState.ASKED for one in assignments),
    )


def _time(crew: OfferCrew, occurrence: Occurrence, shifts: Iterable[Shift]) -> Time:
    states = [shift.state for shift in shifts]
    coming = sum(state in IN_PLACE for state in states)
    return Time(
        occurrence=occurrence,
        coming=coming,
        waiting=states.count(ShiftState.WAITING),
        short=max((crew.needed or 0) - coming, 0),
        full=crew.places is not None and coming >= crew.places,
    )


def _member(
    seen: Known,
    volunteer: Volunteer,
    assignment: Assignment | None,
    shifts: list[Shift | None],
    crew: OfferCrew,
) -> Member:
    return Member(
        volunteer=volunteer,
        name=seen.name(volunteer),
        phone=seen.phone(volunteer),
        email=seen.email(volunteer),
        hidden=volunteer.pk in seen.contact and volunteer.person.hide_contact,
        assignment=assignment,
        cells=[cell_of(shift, crew) for shift in shifts],
        opens=seen.opens(volunteer),
    )


def cell_of(shift: Shift | None, crew: OfferCrew) -> Cell:
    if shift is None:
        return Cell()
    state = ShiftState(shift.state)
    return Cell(
        text=str(state.label),
        color=COLORS[state],
        unanswered=is_unanswered(shift, crew),
        offered=shift.offered_at is not None,
    )


def is_unanswered(shift: Shift, crew: OfferCrew) -> bool:
    """She was asked whether she still can, and has not said. Shown to who runs it; nobody is thrown out."""
    if shift.state != ShiftState.COMING or not crew.asks_day_before or crew.pk is None:
        return False
    return tell_on(shift) <= timezone.localdate() and not is_confirmed(shift)


# --- One time ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One volunteer at one time: what she has said, or nothing yet."""

    volunteer: Volunteer
    name: str
    phone: str
    shift: Shift | None
    cell: Cell
    task: str = ""
    minutes: int | None = None

    @property
    def state(self) -> str:
        return self.shift.state if self.shift else ""


@dataclass(frozen=True)
class TimePage:
    crew: OfferCrew
    time: Time
    lines: list[Line]
    others: list[tuple[str, int]] = field(default_factory=list)
    whole: int = 0

    @property
    def silent(self) -> list[Line]:
        """In the crew, and never asked of this time."""
        return [line for line in self.lines if line.shift is None]


def time_page(occurrence: Occurrence, user: User) -> TimePage:
    offer, crew = occurrence.offer, crew_of(occurrence.offer)
    shifts = list(
        Shift.objects.filter(occurrence=occurrence, volunteer__person__erased_at=None)
        .select_related("occurrence", *READ_WITH)
        .order_by("since", "pk")
    )
    active = Assignment.objects.filter(
        offer=offer, state=AssignmentState.ACTIVE, volunteer__person__erased_at=None
    ).select_related(*READ_WITH)
    assignments = {one.volunteer_id: one for one in active.order_by("volunteer__person__name_key", "pk")}
    minutes = dict(
        HourEntry.objects.filter(occurrence=occurrence, volunteer__isnull=False).values_list(
            "volunteer", "minutes"
        )
    )
    by_volunteer = {shift.volunteer_id: shift for shift in shifts}
    volunteers = {one.volunteer_id: one.volunteer for one in (*shifts, *assignments.values())}
    seen = known(user, volunteers.keys())
    lines = [
        Line(
            volunteer=one,
            name=seen.name(one),
            phone=seen.phone(one),
            shift=by_volunteer.get(one.pk),
            cell=cell_of(by_volunteer.get(one.pk), crew),
            task=assignments[one.pk].task if one.pk in assignments else "",
            minutes=minutes.get(one.pk),
        )
        for one in volunteers.values()
        if seen.is_known(one)
    ]
    return TimePage(
        crew=crew,
        time=_time(crew, occurrence, shifts),
        lines=sorted(lines, key=lambda line: _ORDER.get(line.state, len(_ORDER))),
        others=seen.others(volunteers.values()),
        whole=round((occurrence.ends_at - occurrence.starts_at).total_seconds() / 60),
    )


# --- Whom to add ------------------------------------------------------------------------------------------
def addable(user: User, offer: Offer) -> QuerySet[Volunteer]:
    """Those she may know by name, who are with us in the offer's municipality."""
    found: QuerySet[Volunteer] = (
        Volunteer.objects.visible_to(user, Permission.VOLUNTEER_NAMES)
        .here()
        .filter(municipality=offer.municipality_id)
    )
    return found


def found_by_name(volunteers: QuerySet[Volunteer], typed: str) -> list[Volunteer]:
    """By the beginning of any of her names."""
    key = sort_key(typed)
    if not key:
        return []
    named = Q(person__name_key__startswith=key) | Q(person__name_key__contains=f" {key}")
    rows: Any = volunteers.filter(named).select_related(
        "person__controller_organisation", "person__controller_centre", "person__municipality__settings"
    )
    return list(rows.order_by("person__name_key", "pk")[:FOUND_AT_MOST])
