"""Courses that volunteers and staff share: made, moved, called off; places and the line; who was there."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Membership, Person
from partnerships.services.editing import count, edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record
from volunteers.models import CareStep, Course, CourseNews, CourseSeat, Volunteer, VolunteerRequirement
from volunteers.models.care import CareKind
from volunteers.models.course import CourseFor, CourseNewsKind
from volunteers.models.requirement import MetBy
from volunteers.services.requirement import requirement_met

FIELDS = frozenset({"title", "about", "kind", "open_to", "place", "starts_at", "ends_at", "places"})
# When one of these changes, those who are to come must know.
_TELLS = {"starts_at", "ends_at", "place"}


@transaction.atomic
def course_add(*, municipality: Municipality, own: Mapping[str, Any], by: User, **about: Any) -> Course:
    """`own`: who holds it, as {"unit": …}; empty is the municipality. Raises DomainError for an hour
    that has been."""
    if about["starts_at"] <= timezone.now():
        raise DomainError(_("Velg et tidspunkt som kommer."))
    made = Course.objects.create(municipality=municipality, created_by=by, updated_by=by, **own, **about)
    audit_record("course_added", made, by=by)
    return made


@transaction.atomic
def course_change(*, course: Course, version: int, changes: dict[str, Any], by: User) -> Course:
    """Moving it tells those who are to come; more places let those in who wait.

    Raises ChangedMeanwhile when somebody saved after `version` was read, StateChanged for one that is over or
    called off, DomainError for an hour that has been.
    """
    locked = _lock(course)
    unchanged_since(locked, version)
    _still_on(locked)
    if changes.get("starts_at", locked.starts_at) <= timezone.now() and "starts_at" in changes:
        raise DomainError(_("Velg et tidspunkt som kommer."))
    changed = edited(locked, changes, may_change=FIELDS, by=by)
    if not changed:
        return locked
    audit_record("course_changed", locked, by=by, data={"fields": changed})
    if _TELLS & set(changed):
        locked.sequence += 1
        locked.save(update_fields=["sequence"])
        _tell(locked, CourseNewsKind.MOVED, by)
    _let_in(locked)
    return locked


@transaction.atomic
def course_cancel(*, course: Course, because: str, by: User) -> Course:
    """Everybody who was to come is told. Twice does it once. Raises StateChanged for one that has been."""
    locked = _lock(course)
    if locked.cancelled_at is not None:
        return locked
    _still_on(locked)
    locked.cancelled_at, locked.cancelled_because = timezone.now(), because
    locked.sequence += 1
    count(locked, by=by, fields=["cancelled_at", "cancelled_because", "sequence"])
    _tell(locked, CourseNewsKind.CANCELLED, by)
    audit_record("course_cancelled", locked, by=by)
    return locked


# --- Places -----------------------------------------------------------------------------------------------
@transaction.atomic
def course_sign_up(*, course: Course, person: Person, by: User | None) -> CourseSeat:
    """A place, or one in the line when they are taken. Signing up twice signs up once.

    `by`: who did it on her behalf; None: she herself. Two who take the last place at once are taken in
    turn, by the lock on the course. Raises StateChanged for one that is over or called off, DomainError for
    somebody of another municipality or whom it is not for.
    """
    locked = _lock(course)
    _still_on(locked)
    if person.municipality_id != locked.municipality_id or person.erased_at is not None:
        raise DomainError(_("Velg en person i kommunen."))
    found = CourseSeat.objects.filter(course=locked, person=person).first()
    if found is not None:
        return found
    if not is_for(locked, person):
        raise DomainError(_("Kurset er bare for %(whom)s.") % {"whom": locked.get_open_to_display().lower()})
    _let_in(locked)
    seat = CourseSeat.objects.create(
        municipality_id=locked.municipality_id,
        course=locked,
        person=person,
        signed_up_by=by,
        waiting=_room(locked) < 1,
    )
    audit_record(
        "course_signed_up",
        locked,
        by=by if by is not None else person.user,
        on_behalf_of=person if by is not None else None,
        data={"waiting": seat.waiting},
    )
    return seat


@transaction.atomic
def course_leave(*, seat: CourseSeat, by: User | None) -> None:
    """The first in the line gets her place, and is told. Leaving twice leaves once.

    Raises StateChanged when the course has been.
    """
    course = _lock(seat.course)
    found = CourseSeat.objects.filter(pk=seat.pk).select_related("person").first()
    if found is None:
        return
    if course.starts_at <= timezone.now():
        raise StateChanged(_("Kurset har begynt."))
    person = found.person
    found.delete()
    _let_in(course)
    audit_record(
        "course_left",
        course,
        by=by if by is not None else person.user,
        on_behalf_of=person if by is not None else None,
    )


@transaction.atomic
def course_attended(*, course: Course, there: Collection[int], by: User) -> Course:
    """Who was there, by the keys of their seats; those with a place and not among them were not.

    May be done again: what somebody was given by mistake is taken back. Raises StateChanged before it
    begins, and for one that was called off.
    """
    locked = _lock(course)
    if locked.cancelled_at is not None:
        raise StateChanged(_("Kurset ble avlyst."))
    if locked.starts_at > timezone.now():
        raise StateChanged(_("Kurset har ikke begynt ennå."))
    seats = CourseSeat.objects.filter(course=locked)
    # Who waited and came all the same got a place.
    seats.filter(pk__in=there).update(attended=True, waiting=False)
    seats.filter(waiting=False).exclude(pk__in=there).update(attended=False)
    locked.held_at = timezone.now()
    count(locked, by=by, fields=["held_at"])
    _give_requirement(locked, by)
    attended = Volunteer.objects.filter(
        person__course_seats__course=locked, person__course_seats__attended=True
    )
    CareStep.objects.filter(
        volunteer__in=attended, kind=CareKind.INTRO_COURSE, done_at=None, let_go_at=None
    ).update(done_at=timezone.now(), done_by=by)
    audit_record("course_attended", locked, by=by, data={"there": len(there)})
    return locked


def _give_requirement(course: Course, by: User) -> None:
    """Whoever was there has what the course gives, from its first day: one over several days is noted before
    its last, and may be noted again. What she has by another way that lasts as
    long, or from a later course, stays."""
    kind = course.kind
    if kind is None:
        return
    day = timezone.localdate(course.starts_at)
    seats = CourseSeat.objects.filter(course=course)
    rows = VolunteerRequirement.objects.filter(kind=kind)
    not_there = Volunteer.objects.filter(person__in=seats.filter(attended=False).values("person"))
    rows.filter(volunteer__in=not_there, met_by=MetBy.COURSE, met_on=day).update(
        met_on=None, met_by="", holds_to=None
    )
    there = Volunteer.objects.filter(person__in=seats.filter(attended=True).values("person"))
    had = {row.volunteer_id: row for row in rows.filter(volunteer__in=there, met_on__isnull=False)}
    for volunteer in there.select_related("municipality"):
        row = had.get(volunteer.pk)
        if row is None or (row.holds_to is not None and row.met_on is not None and row.met_on < day):
            requirement_met(volunteer=volunteer, kind=kind, how=MetBy.COURSE, on=day, by=by)


def seats_given(course: Course) -> None:
    """When a place became free: the first in the line gets it. Inside a transaction."""
    if course.starts_at > timezone.now() and course.cancelled_at is None:
        _let_in(_lock(course))


def is_for(course: Course, person: Person) -> bool:
    if course.open_to == CourseFor.ALL:
        return True
    if course.open_to == CourseFor.VOLUNTEERS:
        return Volunteer.objects.here().filter(person=person).exists()
    return Membership.objects.current().filter(person=person).exists()


def _tell(course: Course, kind: CourseNewsKind, by: User) -> None:
    CourseNews.objects.create(municipality_id=course.municipality_id, course=course, kind=kind, by=by)


def _let_in(course: Course) -> None:
    room = _room(course)
    line = CourseSeat.objects.filter(course=course, waiting=True).order_by("signed_up_at", "pk")
    keys = list(line.values_list("pk", flat=True)[: max(room, 0)])
    CourseSeat.objects.filter(pk__in=keys).update(waiting=False, moved_up_at=timezone.now())


def lines_let_in() -> int:
    """By the clock: where a place became free and nobody gave it away, as with a person who was erased."""
    waiting = CourseSeat.objects.filter(course=OuterRef("pk"), waiting=True)
    coming = Course.objects.filter(Exists(waiting), starts_at__gt=timezone.now(), cancelled_at=None)
    found = list(coming.order_by("pk"))
    for course in found:
        with transaction.atomic():
            _let_in(_lock(course))
    return len(found)


def _room(course: Course) -> int:
    """Under the lock on the course."""
    if course.places is None:
        return 10_000
    return int(course.places) - CourseSeat.objects.filter(course=course, waiting=False).count()


def _still_on(course: Course) -> None:
    if course.cancelled_at is not None:
        raise StateChanged(_("Kurset er avlyst."))
    if course.starts_at <= timezone.now():
        raise StateChanged(_("Kurset har vært."))


def _lock(course: Course) -> Course:
    locked: Course = Course.objects.select_for_update(of=("self",)).select_related("kind").get(pk=course.pk)
    return locked
