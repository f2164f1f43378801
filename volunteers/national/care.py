"""A next step for every volunteer, thanks for some, and a few courses in each municipality."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from partnerships.national.nation import Nation
from volunteers.models import CareStep, Course, CourseSeat, Thanks, Volunteer
from volunteers.models.care import CareKind, CarePhase
from volunteers.models.volunteer import VolunteerState

# After the volunteers.
ORDER = 90
COURSES = 3
SEATS = 12


def load(nation: Nation) -> None:
    if nation.has(CareStep.objects.all()):
        return
    here = (
        Volunteer.objects.filter(municipality__is_demo=False)
        .exclude(state=VolunteerState.ENDED)
        .order_by("pk")
        .only("municipality_id", "person_id", "followed_by_id")
    )
    volunteers = list(here)
    nation.write(CareStep, (_step(nation, one) for one in volunteers))
    nation.write(Thanks, (_thanks(one) for one in volunteers if nation.random.random() < 0.2))
    # Long told: nobody is to send forty thousand messages of them.
    given = timezone.now() - timedelta(days=60)
    Thanks.objects.filter(municipality__is_demo=False).update(at=given)
    by_town: dict[int, list[Volunteer]] = {}
    for one in volunteers:
        by_town.setdefault(one.municipality_id, []).append(one)
    courses = nation.write(Course, (course for town in by_town for course in _courses(nation, town)))
    nation.write(CourseSeat, (seat for course in courses for seat in _seats(nation, course, by_town)))


def _step(nation: Nation, volunteer: Volunteer) -> CareStep:
    return CareStep(
        municipality_id=volunteer.municipality_id,
        volunteer=volunteer,
        phase=CarePhase.CARE,
        kind=CareKind.FOLLOW_UP_TALK,
        # Most are far ahead: about one in two hundred is due.
        due_on=nation.today + timedelta(days=nation.random.randrange(-1, 360)),
        owner_id=volunteer.followed_by_id,
    )


def _thanks(volunteer: Volunteer) -> Thanks:
    return Thanks(municipality_id=volunteer.municipality_id, volunteer=volunteer, words="Takk for i går.")


def _courses(nation: Nation, town: int) -> Iterator[Course]:
    for number in range(COURSES):
        day = nation.today + timedelta(days=nation.random.randrange(5, 60))
        starts_at = datetime.combine(day, time(17), tzinfo=UTC)
        yield Course(
            municipality_id=town,
            title=f"Introkurs {number + 1}",
            place="Rådhuset",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=3),
            places=SEATS + 3,
        )


def _seats(nation: Nation, course: Course, by_town: dict[int, list[Volunteer]]) -> Iterator[CourseSeat]:
    there = by_town[course.municipality_id]
    for one in nation.random.sample(there, min(SEATS, len(there))):
        yield CourseSeat(municipality_id=course.municipality_id, course=course, person_id=one.person_id)
