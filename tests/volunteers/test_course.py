"""Courses: places and the line for them, who was there, what it gives, and what people are told."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from partnerships.models import Notice
from partnerships.models.notice import Answer
from partnerships.services.reply import reply_give
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from tests.factories import partnerships as made
from tests.factories.partnerships import OrganisationFactory, PersonFactory
from tests.factories.volunteers import CourseFactory, VolunteerFactory
from tests.factories.work import RequirementKindFactory
from tests.partnerships.noticing import deliver, round_of
from tests.queries import assert_constant_queries
from volunteers.models import Course, CourseSeat, VolunteerRequirement
from volunteers.models.course import CourseFor
from volunteers.models.requirement import MetBy
from volunteers.selectors.course import own_person, people_to_sign_up, seats_for
from volunteers.services.course import (
    course_attended,
    course_cancel,
    course_change,
    course_leave,
    course_sign_up,
    lines_let_in,
)

pytestmark = pytest.mark.django_db


def person(town: Any, **about: Any) -> Any:
    return PersonFactory.create(municipality=town.municipality, **about)


def course_of(town: Any, **about: Any) -> Course:
    return CourseFactory.create(municipality=town.municipality, **about)


def begun(course: Course) -> Course:
    Course.objects.filter(pk=course.pk).update(
        starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=1)
    )
    course.refresh_from_db()
    return course


# --- Places -----------------------------------------------------------------------------------------------
def test_full_is_a_line_and_the_first_moves_up(town: Any) -> None:
    course = course_of(town, places=1)
    first, second, third = (course_sign_up(course=course, person=person(town), by=None) for _ in range(3))
    assert [first.waiting, second.waiting, third.waiting] == [False, True, True]
    assert course_sign_up(course=course, person=first.person, by=None) == first
    course_leave(seat=first, by=None)
    course_leave(seat=first, by=None)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.waiting, third.waiting) == (False, True)
    assert second.moved_up_at is not None
    # More places let in those who wait.
    course_change(course=course, version=0, changes={"places": 2}, by=town.coordinator.user)
    third.refresh_from_db()
    assert not third.waiting


def test_whom_it_is_for(town: Any) -> None:
    course = course_of(town, open_to=CourseFor.VOLUNTEERS)
    with pytest.raises(DomainError):
        course_sign_up(course=course, person=town.coordinator.person, by=None)
    volunteer = VolunteerFactory.create(person=person(town))
    course_sign_up(course=course, person=volunteer.person, by=None)
    for_staff = course_of(town, open_to=CourseFor.STAFF)
    with pytest.raises(DomainError):
        course_sign_up(course=for_staff, person=volunteer.person, by=None)
    assert own_person(for_staff, town.coordinator.user) == town.coordinator.person


def test_nobody_of_another_municipality(town: Any, neighbour: Any) -> None:
    with pytest.raises(DomainError):
        course_sign_up(course=course_of(town), person=person(neighbour), by=town.coordinator.user)


def test_one_signs_up_those_one_keeps(town: Any) -> None:
    club = OrganisationFactory.create(municipality=town.municipality)
    leads = made.member(town.municipality, Role.ORGANISATION_REP, organisation=club)
    theirs = VolunteerFactory.create(person=person(town, name="Knut Prøve", controller_organisation=club))
    ours = VolunteerFactory.create(person=person(town, name="Knut Annen"))
    course = course_of(town)
    assert people_to_sign_up(course, leads.user, "knu") == [theirs.person]
    assert people_to_sign_up(course, town.coordinator.user, "knu") == [ours.person]
    course_sign_up(course=course, person=theirs.person, by=leads.user)
    course_sign_up(course=course, person=ours.person, by=town.coordinator.user)
    # Whoever holds it sees who comes; the others those they keep.
    assert seats_for(course, town.coordinator.user).count() == 2
    assert [seat.person for seat in seats_for(course, leads.user)] == [theirs.person]


def test_a_place_nobody_gave_away_is_for_the_line(town: Any) -> None:
    course = course_of(town, places=1)
    first, second, third = (course_sign_up(course=course, person=person(town), by=None) for _ in range(3))
    first.delete()
    assert course_sign_up(course=course, person=person(town), by=None).waiting
    second.refresh_from_db()
    assert (second.waiting, second.moved_up_at is not None) == (False, True)
    second.delete()
    assert lines_let_in() == 1
    third.refresh_from_db()
    assert not third.waiting


# --- Who was there ----------------------------------------------------------------------------------------
def test_whoever_was_there_has_what_it_gives(town: Any) -> None:
    kind = RequirementKindFactory.create(municipality=town.municipality, key="introkurs", renew_months=12)
    course = course_of(town, kind=kind)
    by = town.coordinator.user
    came, absent = (VolunteerFactory.create(person=person(town)) for _ in range(2))
    seats = [course_sign_up(course=course, person=one.person, by=by) for one in (came, absent)]
    with pytest.raises(StateChanged):
        course_attended(course=course, there={seats[0].pk}, by=by)
    begun(course)
    course_attended(course=course, there={seat.pk for seat in seats}, by=by)
    course_attended(course=course, there={seats[0].pk}, by=by)
    row = VolunteerRequirement.objects.get(volunteer=came)
    day = timezone.localdate(course.starts_at)
    assert (row.met_on, row.met_by) == (day, MetBy.COURSE)
    assert row.holds_to is not None
    assert row.holds_to > day + timedelta(days=360)
    # Noted by mistake, and taken back.
    assert VolunteerRequirement.objects.get(volunteer=absent).met_on is None


def test_one_over_several_days_is_noted_from_the_first_and_again_on_the_last(town: Any) -> None:
    kind = RequirementKindFactory.create(municipality=town.municipality, key="introkurs")
    course = course_of(town, kind=kind)
    volunteer = VolunteerFactory.create(person=person(town))
    seat = course_sign_up(course=course, person=volunteer.person, by=None)
    first = timezone.now() - timedelta(hours=3)
    Course.objects.filter(pk=course.pk).update(starts_at=first, ends_at=first + timedelta(days=2))
    met = VolunteerRequirement.objects.filter(volunteer=volunteer)
    course_attended(course=course, there={seat.pk}, by=town.coordinator.user)
    assert met.get().met_on == timezone.localdate(first)
    with time_machine.travel(first + timedelta(days=2), tick=False):
        course_attended(course=course, there=set(), by=town.coordinator.user)
    assert met.get().met_on is None


def test_what_she_has_for_longer_stays(town: Any) -> None:
    kind = RequirementKindFactory.create(municipality=town.municipality, key="introkurs", renew_months=12)
    volunteer = VolunteerFactory.create(person=person(town))
    lasts = VolunteerRequirement.objects.create(
        municipality=town.municipality, volunteer=volunteer, kind=kind, met_by=MetBy.SHOWN,
        met_on=timezone.localdate() - timedelta(days=900),
    )  # fmt: skip
    course = course_of(town, kind=kind)
    seat = course_sign_up(course=course, person=volunteer.person, by=None)
    course_attended(course=begun(course), there={seat.pk}, by=town.coordinator.user)
    lasts.refresh_from_db()
    assert lasts.met_by == MetBy.SHOWN


# --- Told -------------------------------------------------------------------------------------------------
def now_and_told() -> list[str]:
    """What leaves this morning; reminders of what is to come wait."""
    round_of(timezone.now())
    return sorted(Notice.objects.exclude(state="coming").values_list("kind", flat=True))


@pytest.fixture
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.partnerships.noticing import THURSDAY, Clock, at

    Clock(monkeypatch).set(at(THURSDAY))


def test_signed_up_by_somebody_is_told_and_may_say_no(town: Any, morning: None) -> None:
    course = course_of(town, places=1, place="Rådhuset")
    first = course_sign_up(
        course=course, person=person(town, email="kari@prove.example"), by=town.coordinator.user
    )
    waits = course_sign_up(course=course, person=person(town, email="ola@prove.example"), by=None)
    assert now_and_told() == ["course_seat"]
    assert deliver() == ["sent"]
    assert "Rådhuset" in mail.outbox[0].body
    reply_give(notice=Notice.objects.get(kind="course_seat"), answer=Answer.NO)
    assert not CourseSeat.objects.filter(pk=first.pk).exists()
    waits.refresh_from_db()
    assert not waits.waiting
    now_and_told()
    assert Notice.objects.filter(kind="course_seat", person=waits.person).exists()


def test_moved_and_called_off_are_told(town: Any, morning: None) -> None:
    course = course_of(town)
    seat = course_sign_up(course=course, person=person(town, email="kari@prove.example"), by=None)
    by = town.coordinator.user
    moved = {"starts_at": course.starts_at + timedelta(days=1), "ends_at": course.ends_at + timedelta(days=1)}
    course_change(course=course, version=0, changes=moved, by=by)
    CourseSeat.objects.filter(pk=seat.pk).update(signed_up_at=timezone.now() - timedelta(days=1))
    assert now_and_told() == ["course_news"]
    course_cancel(course=course, because="Kurslederen er syk", by=by)
    course_cancel(course=course, because="igjen", by=by)
    now_and_told()
    deliver()
    assert "Kurslederen er syk" in mail.outbox[-1].body
    # Who hears that it is off need not hear that it was moved.
    assert [message.subject for message in mail.outbox] == ["Kurset er avlyst"]


# --- Pages ------------------------------------------------------------------------------------------------
def test_made_and_found(client: Client, town: Any) -> None:
    client.force_login(town.coordinator.user)
    day = timezone.localdate() + timedelta(days=9)
    answer = client.post(
        "/kurs/ny/",
        {"title": "Introkurs", "day": day, "from_time": "17:00", "to_time": "20:00", "open_to": "all"},
    )
    course = Course.objects.get()
    assert answer["Location"] == f"/kurs/{course.pk}/"
    assert "Introkurs" in client.get("/kurs/").content.decode()
    assert client.post(f"/kurs/{course.pk}/meld-pa/").status_code == 302
    assert CourseSeat.objects.get().signed_up_by is None


def test_the_list_asks_as_often_for_many(client: Client, town: Any) -> None:
    client.force_login(town.coordinator.user)

    def row() -> None:
        course_sign_up(course=course_of(town, unit=town.unit), person=person(town), by=None)

    assert_constant_queries(client, "/kurs/", row, rows=4)


def test_the_page_asks_as_often_for_many(client: Client, town: Any) -> None:
    client.force_login(town.coordinator.user)
    course = course_of(town)
    make = partial(course_sign_up, course=course, by=None)
    assert_constant_queries(client, f"/kurs/{course.pk}/", lambda: make(person=person(town)), rows=4)
