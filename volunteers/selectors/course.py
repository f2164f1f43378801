"""Courses: those one may see, one as its page shows it, and whom one may sign up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import BoolAnd
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from partnerships.access import access_of
from partnerships.models import Membership, Organisation, Person, Unit, VolunteerCentre
from partnerships.selectors.offer_start import Start
from partnerships.selectors.partnership_start import Actor, key_of
from partnerships.selectors.words import municipality_name
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key
from volunteers.models import Course, CourseSeat, Volunteer
from volunteers.models.course import CourseFor

# What the link to a course in a calendar programme is for.
COURSE_FILE = "volunteers.course_file"
PER_PAGE = 30
FOUND_AT_MOST = 10
WORD_OF: dict[type, str] = {Unit: "unit", VolunteerCentre: "centre", Organisation: "organisation"}
JOINED = ("unit", "centre", "organisation", "kind", "municipality__settings")


def course_times(starts_at: datetime, ends_at: datetime) -> str:
    """«Torsdag 3. desember kl. 17.00–20.00»; over several days with both days."""
    first, last = timezone.localtime(starts_at), timezone.localtime(ends_at)
    day = capfirst(date_format(first, "l j. F"))
    if first.date() == last.date():
        return _("%(day)s kl. %(from)s–%(to)s") % {
            "day": day,
            "from": f"{first:%H.%M}",
            "to": f"{last:%H.%M}",
        }
    return _("%(day)s kl. %(from)s til %(last)s kl. %(to)s") % {
        "day": day,
        "from": f"{first:%H.%M}",
        "last": date_format(last, "l j. F"),
        "to": f"{last:%H.%M}",
    }


@dataclass(frozen=True)
class Line:
    course: Course
    when: str
    held_by: str
    taken: int
    waiting: int
    # Hers: "", "place" or "waiting".
    mine: str

    @property
    def free(self) -> int | None:
        """None: there is room for all."""
        return None if self.course.places is None else max(self.course.places - self.taken, 0)


def courses_page(user: User, membership: Membership | None, number: str | None, *, been: bool) -> "Page[Any]":
    """Where she works now; to whoever has no role, wherever she is a volunteer."""
    seen = Course.objects.visible_to(user)
    if membership is not None and membership.municipality_id is not None:
        seen = seen.filter(municipality=membership.municipality_id)
    now = timezone.now()
    rows = (
        seen.filter(ends_at__lte=now).order_by("-starts_at", "-pk")
        if been
        else seen.filter(ends_at__gt=now).order_by("starts_at", "pk")
    )
    page: Page[Any] = Paginator(rows.select_related(*JOINED), PER_PAGE).get_page(number)
    page.object_list = lines_of(page.object_list, user)
    return page


def lines_of(courses: Iterable[Course], user: User) -> list[Line]:
    found = list(courses)
    counts: dict[int, Any] = {
        row["course"]: row
        for row in CourseSeat.objects.filter(course__in=found)
        .values("course")
        .order_by()
        .annotate(
            taken=Count("pk", filter=Q(waiting=False)),
            line=Count("pk", filter=Q(waiting=True)),
            # None: she is not signed up.
            hers=BoolAnd("waiting", filter=Q(person__user=user)),
        )
    }
    words = {None: "", True: "waiting", False: "place"}
    return [
        Line(
            course=course,
            when=course_times(course.starts_at, course.ends_at),
            held_by=course.held_by or municipality_name(course.municipality),
            taken=counts.get(course.pk, {}).get("taken", 0),
            waiting=counts.get(course.pk, {}).get("line", 0),
            mine=words[counts.get(course.pk, {}).get("hers")],
        )
        for course in found
    ]


def may_edit(course: Course, user: User) -> bool:
    return access_of(user).covers(Permission.OFFER_EDIT, course)


def seats_for(course: Course, user: User) -> QuerySet[CourseSeat]:
    """To whoever holds it all of them, by name; to others those of the people they keep."""
    seats = (
        CourseSeat.objects.filter(course=course)
        .select_related("person")
        .order_by("waiting", "person__name_key", "pk")
    )
    if may_edit(course, user):
        return seats
    return seats.filter(person__in=kept_people(user))


def kept_people(user: User) -> QuerySet[Person]:
    """Those she may act for: volunteers she keeps, and colleagues whose data she answers for."""
    helps = Volunteer.objects.kept_by(user, Permission.VOLUNTEER_CONTACT).here()
    works = Membership.objects.current().filter(person=OuterRef("pk"))
    reached = Person.objects.reached_by(user, Permission.PRIVACY_MANAGE)
    return Person.objects.filter(
        Q(pk__in=helps.values("person")) | (Exists(works) & Q(pk__in=reached.values("pk"))), erased_at=None
    )


def people_to_sign_up(course: Course, user: User, words: str) -> list[Person]:
    """Whose name begins so, and who has no place yet."""
    asked = sort_key(words)
    if not asked:
        return []
    there = CourseSeat.objects.filter(course=course, person=OuterRef("pk"))
    found = kept_people(user).filter(~Exists(there), municipality=course.municipality_id)
    if course.open_to == CourseFor.VOLUNTEERS:
        found = found.filter(Exists(Volunteer.objects.filter(person=OuterRef("pk")).here()))
    elif course.open_to == CourseFor.STAFF:
        found = found.filter(Exists(Membership.objects.current().filter(person=OuterRef("pk"))))
    matching = found.filter(Q(name_key__startswith=asked) | Q(name_key__contains=f" {asked}"))
    return list(matching.order_by("name_key", "pk")[:FOUND_AT_MOST])


def person_to_sign_up(course: Course, user: User, pk: int) -> Person:
    """One she may act for, in the municipality of the course. Raises Http404."""
    found: Person = get_object_or_404(kept_people(user).filter(municipality=course.municipality_id), pk=pk)
    return found


def seat_for(user: User, pk: int) -> CourseSeat:
    """Hers, of somebody she keeps, or of a course she holds. Raises Http404 for any other."""
    joined = ("person__municipality", *(f"course__{name}" for name in JOINED))
    seat: CourseSeat = get_object_or_404(CourseSeat.objects.select_related(*joined), pk=pk)
    if seat.person.user_id == user.pk or may_edit(seat.course, user):
        return seat
    if not kept_people(user).filter(pk=seat.person_id).exists():
        raise Http404
    return seat


def own_person(course: Course, user: User) -> Person | None:
    """The row she comes as: the one that keeps her at whoever holds it, else as a volunteer, else at work."""
    people = list(
        Person.objects.filter(user=user, municipality=course.municipality_id, erased_at=None)
        .annotate(
            helps=Exists(Volunteer.objects.filter(person=OuterRef("pk")).here()),
            works=Exists(Membership.objects.current().filter(person=OuterRef("pk"))),
        )
        .order_by("pk")
    )
    if course.open_to == CourseFor.STAFF:
        people = [one for one in people if one.works]  # type: ignore[attr-defined]
    elif course.open_to == CourseFor.VOLUNTEERS:
        people = [one for one in people if one.helps]  # type: ignore[attr-defined]
    else:
        people = [one for one in people if one.works or one.helps]  # type: ignore[attr-defined]

    def nearness(person: Person) -> tuple[bool, bool]:
        here = course.organisation_id is not None and (
            person.controller_organisation_id == course.organisation_id
        )
        return not here, not person.helps  # type: ignore[attr-defined]

    return min(people, key=nearness, default=None)


class CourseStart:
    """On whose behalf somebody may make a course: those whose courses she may run afterwards."""

    def __init__(self, user: User, membership: Membership | None) -> None:
        self._start = Start(user, membership)
        own = access_of(user).own(Permission.OFFER_EDIT)
        reached = {Unit: own.unit_ids, VolunteerCentre: own.centre_ids, Organisation: own.organisation_ids}
        self.is_whole = self._start.may and self._start.is_whole
        self.sides: list[Actor] = [
            side
            for side in (self._start.sides if self._start.may else ())
            if self.is_whole or side.pk in reached[type(side)]
        ]

    @property
    def may(self) -> bool:
        return self.is_whole or bool(self.sides)

    @property
    def municipality(self) -> Municipality | None:
        return self._start.municipality

    @property
    def choices(self) -> list[tuple[str, str]]:
        town = self.municipality
        whole = [("", municipality_name(town))] if self.is_whole and town else []
        return [*whole, *((key_of(side), side.name) for side in self.sides)]

    def own(self, chosen: str) -> dict[str, Actor]:
        """For `course_add`: what was chosen, or the first there is; none is the whole municipality."""
        first = None if self.is_whole or not self.sides else self.sides[0]
        side = next((side for side in self.sides if key_of(side) == chosen), first)
        return {} if side is None else {WORD_OF[type(side)]: side}
