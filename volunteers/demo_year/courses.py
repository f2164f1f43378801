"""Courses in both towns: one that comes, one that is full, and one that was, with proofs to fetch."""

from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from partnerships.models import Person, RequirementKind, Unit, VolunteerCentre
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from samskaping.core.working_days import OSLO
from volunteers.models import Course, CourseSeat
from volunteers.services.course import course_attended

# After the volunteers, who sign up.
ORDER = 120


class Story(NamedTuple):
    town: str
    title: str
    about: str
    # Days from today, and the clock; below nought it has been.
    days: int
    from_time: time
    to_time: time
    place: str
    login: str
    kind: str = ""
    # Who holds it; empty is the municipality.
    held_by: str = ""
    places: int | None = None
    signed_up: tuple[str, ...] = ()
    # Of those who were signed up.
    absent: tuple[str, ...] = ()


STORIES = (
    Story(
        "9901", "Introkurs for nye frivillige",
        "Hva du kan gjøre, hva du ikke skal gjøre, taushetsplikt og hvem du ringer. Det blir suppe.",
        12, time(17), time(20), "Kommunestyresalen", "coordinator", "introkurs", places=15,
        signed_up=("Fatuma Ali", "Jostein Bakke"),
    ),
    Story(
        "9901", "Å møte mennesker med demens",
        "En kveld sammen med de ansatte på Fjordheimen. Vi prøver oss fram med sang og bilder.",
        19, time(18), time(20, 30), "Peisestua på Fjordheimen", "place_contact",
        held_by="Fjordheimen sykehjem", places=2,
        signed_up=("Liv Berntsen", "Harald Tangen", "Oksana Melnyk"),
    ),
    Story(
        "9901", "Førstehjelp for frivillige og ansatte", "Hjerte- og lungeredning, fall og kutt.",
        -24, time(17), time(20), "Brannstasjonen", "coordinator", "forstehjelp", places=20,
        signed_up=("Liv Berntsen", "Harald Tangen", "Eirik Nordby", "Solveig Aune"), absent=("Solveig Aune",),
    ),
    Story(
        "9902", "Introkurs for nye frivillige",
        "Kva du kan gjere, teieplikt, og kven du ringjer. Vi et saman først.",
        16, time(17), time(19, 30), "Ungdomshuset", "neighbour", "introkurs", places=12,
        signed_up=("Selam Tesfay",),
    ),
)  # fmt: skip


def load() -> None:
    """Each once; what somebody has changed in it stays changed."""
    for story in STORIES:
        town = Municipality.objects.get(number=story.town)
        if not Course.objects.filter(municipality=town, title=story.title).exists():
            _tell(story, town)


def _tell(story: Story, town: Municipality) -> None:
    by = User.objects.get(email=f"{story.login}@demo.example")
    day = timezone.localdate() + timedelta(days=story.days)
    kind = RequirementKind.objects.filter(municipality=None, key=story.kind).first() if story.kind else None
    course = Course.objects.create(
        municipality=town,
        title=story.title,
        about=story.about,
        place=story.place,
        starts_at=datetime.combine(day, story.from_time, tzinfo=OSLO),
        ends_at=datetime.combine(day, story.to_time, tzinfo=OSLO),
        places=story.places,
        kind=kind,
        created_by=by,
        updated_by=by,
        **_held_by(story, town),
    )
    people = {one.name: one for one in Person.objects.filter(municipality=town, name__in=story.signed_up)}
    seats = {}
    for number, name in enumerate(story.signed_up):
        if name in people:
            seats[name] = CourseSeat.objects.create(
                municipality=town,
                course=course,
                person=people[name],
                waiting=story.places is not None and number >= story.places,
            )
    if story.days < 0:
        there = {seat.pk for name, seat in seats.items() if name not in story.absent}
        course_attended(course=course, there=there, by=by)


def _held_by(story: Story, town: Municipality) -> dict[str, Any]:
    for word, model in (("unit", Unit), ("centre", VolunteerCentre)):
        found = model._default_manager.filter(municipality=town, name=story.held_by).first()
        if found is not None:
            return {word: found}
    return {}
