"""«Bekreftelse på frivillig innsats»: what may stand in it. She chooses; nothing about others is here."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.selectors.offer import held_by
from partnerships.selectors.words import contact_phone, sender_name
from volunteers.models import Assignment, CourseSeat, HourEntry, Volunteer
from volunteers.models.assignment import AssignmentState

PARTS = (
    ("period", _("Når du var med")),
    ("places", _("Hvor du var med")),
    ("tasks", _("Hva du gjorde")),
    ("hours", _("Hvor mange timer")),
    ("courses", _("Kurs du har tatt")),
)


@dataclass(frozen=True)
class Place:
    title: str
    held_by: str
    task: str


@dataclass(frozen=True)
class Confirmation:
    name: str
    controller: str
    shows: frozenset[str]
    since: date | None
    until: date | None
    places: list[Place]
    hours: int
    courses: list[tuple[str, date]]
    on: date
    # Whom to ask about it; empty where nobody has said.
    phone: str

    @property
    def tasks(self) -> list[str]:
        """Each once, in the order she took them; where it was says what it was, when nothing else does."""
        told = {"places"} & self.shows
        return list(
            dict.fromkeys(place.task or place.title for place in self.places if place.task or not told)
        )


def confirmation_of(volunteer: Volunteer, shows: frozenset[str]) -> Confirmation:
    taken = (
        Assignment.objects.filter(volunteer=volunteer)
        .exclude(state__in=(AssignmentState.ASKED, AssignmentState.INTERESTED, AssignmentState.DECLINED))
        .select_related("offer__unit", "offer__centre", "offer__organisation")
        .order_by("starts_on", "pk")
    )
    hours = HourEntry.objects.filter(volunteer=volunteer).aggregate(minutes=Sum("minutes"), first=Min("day"))
    seats = CourseSeat.objects.filter(person=volunteer.person, attended=True).select_related("course")
    rows = list(taken)
    begun = [row.starts_on for row in rows if row.starts_on]
    first = [day for day in (*begun, hours["first"]) if day is not None]
    return Confirmation(
        name=volunteer.person.name,
        controller=sender_name(volunteer.person),
        shows=shows,
        since=min(first, default=timezone.localdate(volunteer.created_at)),
        until=volunteer.ended_on,
        places=[Place(row.offer.title, held_by(row.offer), row.task) for row in rows],
        hours=round((hours["minutes"] or 0) / 60),
        courses=[
            (seat.course.title, timezone.localdate(seat.course.starts_at))
            for seat in seats.order_by("course__starts_at")
        ],
        on=timezone.localdate(),
        phone=contact_phone(volunteer.person),
    )
