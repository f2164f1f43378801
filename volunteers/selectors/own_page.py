"""Min side: what a volunteer sees of herself, at everybody who keeps her; and her month on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from partnerships.models import Occurrence, Offer
from partnerships.selectors.offer import Contact, held_by, when
from partnerships.selectors.words import sender_name, settings_of
from samskaping.accounts.models import User
from samskaping.core.registries import Viewer
from samskaping.core.working_days import OSLO
from volunteers.models import Assignment, CareStep, CourseSeat, HourEntry, Shift, Volunteer
from volunteers.models.assignment import AssignmentState
from volunteers.models.shift import ShiftState
from volunteers.models.volunteer import VolunteerState
from volunteers.page import Shown, my_page

MEANT_SHOWN = 3


@dataclass(frozen=True)
class Own:
    """One of her rows, with its sections."""

    volunteer: Volunteer
    # Who keeps her there.
    controller: str
    wide: list[Shown]
    narrow: list[Shown]

    @property
    def has_ended(self) -> bool:
        return self.volunteer.state == VolunteerState.ENDED


def own_volunteers(user: User) -> list[Volunteer]:
    """All her rows, those she is in first."""
    rows = list(
        Volunteer.objects.filter(person__user=user, person__erased_at=None)
        .select_related(
            "person__controller_organisation", "person__controller_centre", "municipality__settings"
        )
        .order_by()
    )
    for row in rows:
        row.person.user, row.person.municipality = user, row.municipality
    return sorted(rows, key=lambda row: (row.state == VolunteerState.ENDED, row.pk))


def own_pages(viewer: Viewer) -> list[Own]:
    pages = []
    for volunteer in own_volunteers(viewer.user):
        wide, narrow = my_page.columns(volunteer, viewer)
        pages.append(Own(volunteer, sender_name(volunteer.person), wide, narrow))
    return pages


# --- Where she helps, and what people ask -----------------------------------------------------------------
@dataclass(frozen=True)
class OwnOffer:
    assignment: Assignment
    when: str
    held_by: str
    contact: Contact


def own_offers_of(volunteer: Volunteer) -> list[OwnOffer]:
    rows = (
        Assignment.objects.filter(volunteer=volunteer)
        .there()
        .select_related(
            "offer__contact",
            "offer__unit",
            "offer__centre",
            "offer__organisation",
            "offer__municipality__settings",
        )
        .order_by("offer__title_key", "pk")
    )
    return [OwnOffer(row, when(row.offer), held_by(row.offer), contact_for(row.offer)) for row in rows]


def contact_for(offer: Offer) -> Contact:
    """Somebody to ring in any case. Who comes to an offer knows who runs it; a hidden number stays hidden."""
    person = offer.contact if offer.contact is not None and offer.contact.erased_at is None else None
    open_to_her = person is not None and not person.hide_contact
    side = offer.unit or offer.centre or offer.organisation
    settings = settings_of(offer.municipality)
    numbers = (
        offer.ring,
        person.phone if person and open_to_her else "",
        side.phone if side else "",
        settings.contact_phone if settings else "",
    )
    name = person.name if person else side.name if side else settings.contact_name if settings else ""
    return Contact(name, next(filter(None, numbers), ""))


# --- What it meant ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Meant:
    hours: int
    times: int
    # What those on the spot wrote of times she was at.
    said: Sequence[Occurrence]


def meant(volunteer: Volunteer, today: date) -> Meant:
    """This year."""
    first = today.replace(month=1, day=1)
    gave = HourEntry.objects.filter(volunteer=volunteer, day__gte=first)
    minutes = gave.aggregate(minutes=Sum("minutes"))["minutes"] or 0
    came = Shift.objects.filter(volunteer=volunteer, state=ShiftState.CAME)
    said = Occurrence.objects.filter(pk__in=came.values("occurrence")).exclude(feedback="")
    return Meant(
        hours=round(minutes / 60),
        times=gave.count() if minutes else 0,
        said=list(said.select_related("offer").order_by("-starts_at")[:MEANT_SHOWN]),
    )


# --- Her month --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class MonthRow:
    at: datetime
    title: str
    place: str

    @property
    def day(self) -> str:
        return capfirst(date_format(timezone.localtime(self.at), "l j. F"))

    @property
    def clock(self) -> str:
        return f"{timezone.localtime(self.at):%H.%M}"


def month_rows(volunteers: Sequence[Volunteer], first: date) -> list[MonthRow]:
    """What is agreed, and the times where she helps but those she cannot come to: for the fridge's door."""
    begins = datetime(first.year, first.month, 1, tzinfo=OSLO)
    ends = (begins + timedelta(days=32)).replace(day=1)
    # With her shifts where they keep such; else whenever it takes place.
    helps = Assignment.objects.filter(volunteer__in=volunteers, state=AssignmentState.ACTIVE)
    shifts = Shift.objects.filter(volunteer__in=volunteers, occurrence=OuterRef("pk"))
    coming = Exists(shifts.filter(state__in=(ShiftState.COMING, ShiftState.CAME)))
    not_coming = Exists(shifts.filter(state__in=(ShiftState.CANNOT, ShiftState.WAITING, ShiftState.ABSENT)))
    times = (
        Occurrence.objects.filter(coming | (Q(offer__in=helps.values("offer")) & ~not_coming))
        .filter(
            municipality__in={one.municipality_id for one in volunteers},
            starts_at__gte=begins,
            starts_at__lt=ends,
        )
        .taking_place()
        .select_related("offer")
    )
    talks = CareStep.objects.filter(volunteer__in=volunteers, at__gte=begins, at__lt=ends, let_go_at=None)
    seats = CourseSeat.objects.filter(
        person__in=[one.person_id for one in volunteers],
        waiting=False,
        course__cancelled_at=None,
        course__starts_at__gte=begins,
        course__starts_at__lt=ends,
    ).select_related("course")
    rows = [MonthRow(one.starts_at, one.offer.title, one.place or one.offer.place) for one in times]
    rows += [MonthRow(step.at, str(step.get_kind_display()), step.place) for step in talks if step.at]
    rows += [MonthRow(seat.course.starts_at, seat.course.title, seat.course.place) for seat in seats]
    return sorted(rows, key=lambda row: (row.at, row.title))


def month_first(asked: str, today: date) -> date:
    """«2026-11», or this month for anything else."""
    try:
        found = datetime.strptime(asked, "%Y-%m").date()  # noqa: DTZ007 - a month
    except ValueError:
        return today.replace(day=1)
    return found if abs(found.year - today.year) <= 2 else today.replace(day=1)
