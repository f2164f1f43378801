"""Two who take the last place on a course at the same moment, with real transactions.

A few rounds here; `make proof` runs the same at full numbers (tests/proof/courses.py).
"""

from collections.abc import Callable
from functools import partial

import pytest

from tests.agreements.tally import rounds, tally
from tests.factories.partnerships import PersonFactory
from tests.factories.volunteers import CourseFactory
from tests.partnerships.conftest import Town, make_town
from tests.partnerships.test_races import at_once
from volunteers.models import CourseSeat
from volunteers.services.course import course_leave, course_sign_up

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
ROUNDS = rounds(3)


def last_place(town: Town) -> str:
    """What went wrong; empty when one has the place and the other waits, and both are told so."""
    course = CourseFactory.create(municipality=town.municipality, places=1)
    people = [PersonFactory.create(municipality=town.municipality) for _ in range(2)]
    told = at_once(*(partial(course_sign_up, course=course, person=one, by=None) for one in people))
    waiting = sorted(seat.waiting for seat in told)
    stands = sorted(CourseSeat.objects.filter(course=course).values_list("waiting", flat=True))
    return "" if waiting == stands == [False, True] else f"told {waiting}, stands {stands}"


def one_leaves_as_one_comes(town: Town) -> str:
    """The place is the first waiter's: never two in it, and never empty while somebody waits."""
    course = CourseFactory.create(municipality=town.municipality, places=1)
    first, second, third = (PersonFactory.create(municipality=town.municipality) for _ in range(3))
    seat = course_sign_up(course=course, person=first, by=None)
    course_sign_up(course=course, person=second, by=None)
    at_once(
        partial(course_leave, seat=seat, by=None),
        partial(course_sign_up, course=course, person=third, by=None),
    )
    stands = list(CourseSeat.objects.filter(course=course, waiting=False).values_list("person", flat=True))
    return "" if stands == [second.pk] else f"in place: {stands}"


def many(one: Callable[[Town], str]) -> None:
    town = make_town()
    failures = [failure for _round in range(ROUNDS) if (failure := one(town))]
    tally(ROUNDS, failures)
    assert failures == []


def test_two_take_the_last_place() -> None:
    many(last_place)


def test_one_leaves_as_another_comes() -> None:
    many(one_leaves_as_one_comes)
