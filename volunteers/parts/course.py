"""Courses in the menu, the calendar, on the record and on her own page, and what is told of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.access import Access, Own
from partnerships.current import current_membership
from partnerships.selectors.history_kinds import Kind, history_kind
from samskaping.accounts.permissions import Role
from samskaping.core.audit_words import audit_says
from samskaping.core.calendar_items import CalendarItem, Span, calendar_source
from samskaping.core.navigation import MenuItem, signed_in, volunteer_pages
from samskaping.core.once import address_of
from samskaping.core.one_query import Question, Row, as_moment
from samskaping.core.registries import Viewer
from volunteers import course_due
from volunteers.models import Course, CourseSeat, Volunteer
from volunteers.models.volunteer import VolunteerState
from volunteers.page import Section, is_kept, my_page, record
from volunteers.selectors.course import lines_of

audit_says("course_added", gettext_lazy("%(who)s laget et kurs"))
audit_says("course_changed", gettext_lazy("%(who)s endret et kurs"))
audit_says("course_cancelled", gettext_lazy("%(who)s avlyste et kurs"))
audit_says("course_signed_up", gettext_lazy("%(who)s meldte på til et kurs"))
audit_says("course_left", gettext_lazy("%(who)s meldte av et kurs"))
audit_says("course_attended", gettext_lazy("%(who)s førte hvem som var på et kurs"))

SHOWN = 5


def register() -> None:
    course_due.register()
    volunteer_pages.register(MenuItem(gettext_lazy("Kurs"), "courses", 40, visible=sees_courses))
    calendar_source("courses", _in_span, in_calendar)
    history_kind(
        Kind(
            Course,
            "kurs",
            gettext_lazy("Kurs"),
            own=_under_own,
            about=lambda row, _names: row.title,
            page=lambda row, _user: reverse("course", args=[row.pk]),
        )
    )
    record.add(Section("courses", 50, "volunteers/course/_record.html", on_record))
    my_page.add(Section("courses", 40, "volunteers/course/_own.html", on_own_page))


def _under_own(_access: Access, own: Own) -> Q:
    return Q(unit__in=own.unit_ids) | Q(centre__in=own.centre_ids) | Q(organisation__in=own.organisation_ids)


# Who works in the municipality may open its courses; a guest or somebody of the state does not.
_OUTSIDE = (Role.GUEST, Role.NATIONAL)


def sees_courses(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role not in _OUTSIDE


# --- In the calendar --------------------------------------------------------------------------------------
def _in_span(span: Span) -> Question | None:
    viewer = span.viewer
    seats = CourseSeat.objects.filter(course=OuterRef("pk"), person__user=viewer.user, waiting=False)
    own = Exists(seats)
    courses = span.covers(Course.objects.all())
    member = viewer.membership
    if span.only_own or member is None or member.municipality_id is None or member.role in _OUTSIDE:
        courses = courses.filter(own)
    else:
        courses = courses.filter(Q(municipality=member.municipality_id) | own)
    return Question(
        courses.order_by(),
        pk="pk",
        title="title",
        place="place",
        starts_at="starts_at",
        ends_at="ends_at",
        uid="uid",
        sequence="sequence",
        changed_at="updated_at",
        is_cancelled=Q(cancelled_at__isnull=False),
        is_own=ExpressionWrapper(own, BooleanField()),
    )


def in_calendar(_span: Span, rows: Sequence[Row]) -> Iterator[CalendarItem]:
    kind, address = _("Kurs"), address_of("course")
    for row in rows:
        yield CalendarItem(
            starts_at=as_moment(row["starts_at"]),
            ends_at=as_moment(row["ends_at"]),
            title=row["title"],
            kind=kind,
            uid=UUID(row["uid"]),
            changed_at=as_moment(row["changed_at"]),
            sequence=row["sequence"],
            place=row["place"],
            url=address(row["pk"]),
            is_cancelled=row["is_cancelled"],
            is_own=row["is_own"],
        )


# --- On her record, and on her own page -------------------------------------------------------------------
def on_record(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    """To whoever keeps her: where she is signed up and what she has been on."""
    if not is_kept(volunteer, viewer):
        return None
    return {"seats": _seats(volunteer)}


def on_own_page(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    seats = _seats(volunteer)
    if volunteer.state == VolunteerState.ENDED:
        return {"seats": seats, "ended": True} if seats else None
    there = {seat.course_id for seat in seats}
    coming = (
        Course.objects.filter(
            municipality=volunteer.municipality_id, starts_at__gt=viewer.now, cancelled_at=None
        )
        .exclude(open_to="staff")
        .exclude(pk__in=there)
        .select_related("unit", "centre", "organisation", "municipality__settings")
        .order_by("starts_at", "pk")[:SHOWN]
    )
    lines = lines_of(coming, viewer.user)
    if not seats and not lines:
        return None
    return {"seats": seats, "lines": lines}


def _seats(volunteer: Volunteer) -> list[CourseSeat]:
    """Those that come and those she has been on, the newest first."""
    seats = CourseSeat.objects.filter(person=volunteer.person_id).exclude(course__cancelled_at__isnull=False)
    seen = seats.exclude(attended=False).exclude(attended=None, course__ends_at__lt=timezone.now())
    return list(seen.select_related("course").order_by("-course__starts_at", "-pk")[:20])
