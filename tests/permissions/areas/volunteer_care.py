"""How volunteers are looked after, courses, and Min side. The participant with an account helps, too."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from samskaping.core.link_token import link_token
from tests.factories.partnerships import PersonFactory
from tests.factories.volunteers import AssignmentFactory, CareStepFactory, CourseFactory, VolunteerFactory
from tests.permissions.frame import Row
from volunteers.models import Course, CourseSeat, Volunteer
from volunteers.models.care import CareKind
from volunteers.selectors.care import TALK_FILE
from volunteers.selectors.course import COURSE_FILE
from volunteers.services.care import care_note_add, care_talk_set
from volunteers.services.thanks import thanks_give

# The municipality's own, in the unit and at its offer: others than who keeps her know who she is.
KNOW = "unit_leader,place_contact,staff"
KEPT = f"coordinator:%s {KNOW}:403 *:404 anonymous:login"
ONLY_KEEPER = "coordinator:%s *:404 anonymous:login"
HERS = "participant:%s *:404 anonymous:login"
NO_COURSES = "user,superuser,ended,national,guest"


def _thing(name: str) -> Any:
    return lambda world, place: {"pk": world.town(place).things[name].pk}


def _kept(
    *, get: int = 200, post: int = 0, name: str = "cared_for", cell: str = KEPT, data: Any = None, **more: Any
) -> Row:
    return Row(
        get=cell % get if get else "",
        post=cell % post if post else "",
        path=_thing(name),
        data=lambda _world: {**(data or {}), **more},
    )


def _token(name: str, salt: str) -> Any:
    return lambda world, place: {"token": link_token(salt, world.town(place).things[name])}


def _file(name: str, salt: str) -> Row:
    """For whoever has the link: a calendar programme has no session. It names nobody."""
    return Row(get="*:200", foreign_get="*:200", path=_token(name, salt), shows_its_own=True)


COURSE = f"{NO_COURSES}:404 participant:%s anonymous:login *:%s"
RUNS_COURSE = f"coordinator,unit_leader:%s {NO_COURSES}:404 participant:403 anonymous:login *:403"
KEEPS_PEOPLE = "coordinator,centre_leader,organisation_rep,place_contact"
TIMES = {"day": "2090-01-03", "from_time": "10:00", "to_time": "12:00", "open_to": "all"}
ROWS: dict[str, Row] = {
    # --- Follow-up --------------------------------------------------------------------------------------
    "care_step_add": _kept(post=302, kind="other", words="Nøkkel", due_on="2090-01-03"),
    "care_step_move": _kept(post=302, name="care_step", cell=ONLY_KEEPER, due_on="2090-01-03"),
    "care_talk": _kept(post=302, name="care_step", cell=ONLY_KEEPER, day="2090-01-03", clock="10:00"),
    "care_step_done": _kept(get=0, post=302, name="care_step", cell=ONLY_KEEPER),
    "care_step_let_go": _kept(get=0, post=302, name="care_step", cell=ONLY_KEEPER),
    "care_note_add": _kept(post=302, line="Liker å synge", days="30"),
    "care_note_remove": _kept(get=0, post=302, name="care_note", cell=ONLY_KEEPER),
    "care_talk_file": _file("care_talk", TALK_FILE),
    "clarify_guide": Row(
        get="coordinator,unit_leader,place_contact,centre_leader,organisation_rep:200 *:403 anonymous:login"
    ),
    "leaving_reasons": Row(get=f"{KEEPS_PEOPLE}:200 *:403 anonymous:login"),
    "thanks_give": Row(
        get=f"coordinator,{KNOW}:200 *:404 anonymous:login",
        post=f"coordinator,{KNOW}:302 *:404 anonymous:login",
        path=_thing("cared_for"),
        data=lambda _world: {"words": "Takk for sangen"},
    ),
    "own_page_tell": _kept(get=0, post=302),
    "volunteer_confirmation": _kept(),
    "volunteer_confirmation_pdf": _kept(),
    "volunteer_month": _kept(),
    # --- Courses ----------------------------------------------------------------------------------------
    "courses": Row(get=f"{NO_COURSES}:403 participant:200 *:200 anonymous:login"),
    "course_new": Row(
        get="coordinator,unit_leader,centre_leader,organisation_rep:200 *:403 anonymous:login",
        post="coordinator,unit_leader,centre_leader,organisation_rep:302 *:403 anonymous:login",
        data=lambda _world: {"title": "Prøvekurs", **TIMES},
    ),
    "course": Row(get=COURSE % (200, 200), path=_thing("course")),
    "course_edit": _kept(post=302, name="course", cell=RUNS_COURSE, title="Nytt navn", version=0, data=TIMES),
    "course_cancel": _kept(post=302, name="course", cell=RUNS_COURSE, because="Syk"),
    "course_attendance": _kept(post=302, name="course", cell=RUNS_COURSE),
    "course_sign_up": Row(post=COURSE % (302, 302), path=_thing("course")),
    # Whom she keeps; what she sends is nobody's.
    "course_sign_up_for": Row(
        post="*:404 anonymous:login", path=_thing("course"), data=lambda _world: {"person": "0"}
    ),
    "course_leave": _kept(
        post=302, name="course_seat", cell="coordinator,unit_leader:%s *:404 anonymous:login"
    ),
    "course_proof": _kept(name="course_was", cell="coordinator,unit_leader:%s *:404 anonymous:login"),
    "course_file": _file("course", COURSE_FILE),
    # --- Min side ---------------------------------------------------------------------------------------
    "own_edit": _kept(post=302, name="own_volunteer", cell=HERS, version=0),
    "own_pause": _kept(post=302, name="own_volunteer", cell=HERS, until=""),
    "own_return": _kept(get=0, post=302, name="own_volunteer", cell=HERS),
    "own_end": _kept(post=302, name="own_volunteer", cell=HERS, on="2025-01-05"),
    "own_goodbye": _kept(get=302, name="own_volunteer", cell=HERS),
    "own_confirmation": _kept(name="own_volunteer", cell=HERS),
    "own_confirmation_pdf": _kept(name="own_volunteer", cell=HERS),
    "own_talk_answer": _kept(get=0, post=302, name="own_talk", cell=HERS, answer="yes"),
    "own_month": Row(get=HERS % 200),
}


def furnish(town: Any, word: str) -> None:
    coordinator = town.members["coordinator"]
    volunteer = VolunteerFactory.create(
        person=PersonFactory.create(
            municipality=town.municipality, name=f"{word} hjelper", email=f"hjelper-{word}@prove.example"
        ),
        unit=town.unit,
        motive=f"{word} vil",
    )
    AssignmentFactory.create(offer=town.things["offer"], volunteer=volunteer, task=f"{word} synger")
    soon = timezone.now() + timedelta(days=3)
    step = CareStepFactory.create(volunteer=volunteer, words=f"{word} prat", owner=coordinator.user)
    given = {"at": soon, "place": f"{word} kafeen", "by": coordinator.user}
    talk = care_talk_set(step=CareStepFactory.create(volunteer=volunteer), **given)
    thanks_give(
        volunteer=volunteer, words=f"{word} sang fint", by=coordinator.user, offer=town.things["offer"]
    )
    hers = town.things["participant"].person
    own = Volunteer.objects.filter(person=hers).first() or VolunteerFactory.create(person=hers)
    own_talk = care_talk_set(
        step=CareStepFactory.create(volunteer=own, kind=CareKind.FOLLOW_UP_TALK), **given
    )
    for keeper in ("organisation", "centre"):
        theirs = town.people[keeper]
        row = Volunteer.objects.filter(person=theirs).first() or VolunteerFactory.create(person=theirs)
        CareStepFactory.create(volunteer=row, words=theirs.name)
    course = CourseFactory.create(
        municipality=town.municipality, unit=town.unit, title=f"{word} kurs", about=f"{word} lærer"
    )
    been = CourseFactory.create(municipality=town.municipality, unit=town.unit, title=f"{word} førstehjelp")
    then = timezone.now() - timedelta(days=9)
    Course.objects.filter(pk=been.pk).update(starts_at=then, ends_at=then + timedelta(hours=2))
    seats = {"municipality": town.municipality, "person": volunteer.person}
    town.things.update(
        {
            "cared_for": volunteer,
            "care_step": step,
            "care_talk": talk,
            "care_note": care_note_add(
                volunteer=volunteer, line=f"{word} gitar", days=30, by=coordinator.user
            ),
            "own_volunteer": own,
            "own_talk": own_talk,
            "course": course,
            "course_seat": CourseSeat.objects.create(course=course, **seats),
            "course_was": CourseSeat.objects.create(course=been, attended=True, **seats),
        }
    )
