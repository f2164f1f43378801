"""What is written for a stand-in is what would be written for her: each role and part, and the calendar."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg2.extras import Json

from partnerships.access import access_of, forget_access
from partnerships.models import Membership, Strategy
from partnerships.stand_in import stand_in_for
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core import calendar_items, registries
from samskaping.core.calendar_items import Span
from samskaping.core.one_query import Question, write
from samskaping.core.registries import Registry, Viewer, WorkItem
from tests.permissions import make
from tests.permissions.conftest import world  # noqa: F401 - the three towns
from tests.permissions.frame import Place
from tests.permissions.world import World

MEMBERS = (
    "coordinator", "unit_leader", "place_contact", "staff", "centre_leader", "organisation_rep", "chief",
    "sector_chief", "observer", "guest",
)  # fmt: skip
BOTH = (registries._work, registries._cards)


@pytest.fixture
def quiet(world: World) -> Iterator[World]:  # noqa: F811
    from tests.database import rolled_back

    with rolled_back():
        yield world


def viewer_of(membership: Membership | None, user: User) -> Viewer:
    forget_access([user])
    return Viewer(user, membership, timezone.localdate(), timezone.now())


def of_no_order(param: Any) -> str:
    return repr(sorted(param) if isinstance(param, list) else _plain(param))


def _plain(param: Any) -> Any:
    """What is wrapped for a column of JSON is compared by what it says."""
    return param.adapted if isinstance(param, Json) else param


def compare(viewer: Viewer) -> None:
    for registry in BOTH:
        compare_questions(viewer, registry.questions)
    for only_own, a_day in ((False, 6), (True, None)):
        compare_questions(viewer, partial(of_calendar, only_own, a_day))


def of_calendar(only_own: bool, a_day: int | None, viewer: Viewer) -> Mapping[str, Question]:
    span = Span(viewer, viewer.now, viewer.now + timedelta(days=35), only_own)
    return calendar_items.questions(span, a_day)


def compare_questions(viewer: Viewer, questions: Callable[[Viewer], Mapping[str, Question]]) -> None:
    like_her = stand_in_for(viewer)
    assert like_her is not None
    fresh = write(questions(viewer))
    written = write(questions(like_her.make()))
    assert written.names == fresh.names
    assert written.sql == fresh.sql
    # As many of each: a set of several places has no order.
    assert sorted(map(of_no_order, map(like_her.hers, written.params))) == sorted(
        map(of_no_order, fresh.params)
    )
    if len(access_of(viewer.user).memberships) < 2 and not (viewer.membership and viewer.membership.unit_id):
        hers = map(like_her.hers, written.params)
        assert list(map(_plain, hers)) == list(map(_plain, fresh.params))


@pytest.mark.parametrize("actor", MEMBERS)
def test_every_role(quiet: World, actor: str) -> None:
    for place in (Place.OWN, Place.NEIGHBOUR):
        membership = quiet.town(place).members.get(actor)
        if membership is not None:
            compare(viewer_of(membership, membership.user))


def test_nobody_in_particular(quiet: World) -> None:
    user = quiet.users["user"]
    assert user is not None
    compare(viewer_of(None, user))
    assert stand_in_for(Viewer(None, None, timezone.localdate())) is None


def test_several_roles_in_several_places(quiet: World) -> None:
    """A leader of two units here and staff next door, in each of them."""
    own, next_door = quiet.town(Place.OWN), quiet.town(Place.NEIGHBOUR)
    first = make.member(Role.UNIT_LEADER, own.municipality, unit=own.sector, name="Tre Roller")
    rows = [
        first,
        make.member(
            Role.UNIT_LEADER, own.municipality, unit=own.other_unit, user=first.user, person=first.person
        ),
        make.member(Role.COORDINATOR, next_door.municipality, user=first.user),
    ]
    for membership in rows:
        compare(viewer_of(membership, first.user))


def test_those_who_are_alike_share_and_get_their_own(quiet: World) -> None:
    registry: Registry[WorkItem] = Registry()
    written: list[Viewer] = []

    def question(viewer: Viewer) -> Question:
        written.append(viewer)
        mine = Membership.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=viewer.today),
            pk=viewer.membership.pk,
            granted_at__lte=viewer.now,
        )
        return Question(mine, pk="pk")

    registry.source(
        "mine",
        question,
        lambda _viewer, rows: [WorkItem(tag="", title=str(row["pk"]), url="") for row in rows],
    )
    for place in (Place.OWN, Place.NEIGHBOUR):
        membership = quiet.town(place).members["coordinator"]
        with CaptureQueriesContext(connection) as queries:
            (item,) = registry.collect(viewer_of(membership, membership.user))
        assert item.title == str(membership.pk)
        assert len(queries) == 2, "her roles, and the one question"
        ended = replace(viewer_of(membership, membership.user), now=datetime(2000, 1, 1, tzinfo=UTC))
        assert registry.collect(ended) == []
    assert len(written) == 1
    staff = quiet.town(Place.OWN).members["staff"]
    registry.collect(viewer_of(staff, staff.user))
    assert len(written) == 2, "another kind of role is written anew"


@pytest.mark.parametrize("day", [date(2026, 11, 21), datetime(2026, 11, 21, tzinfo=UTC)])
def test_a_day_of_somebody_elses_is_refused(quiet: World, day: Any) -> None:
    registry: Registry[WorkItem] = Registry()
    field = "created_at__lte" if isinstance(day, datetime) else "revise_by__lte"
    registry.source(
        "strategies",
        lambda _viewer: Question(Strategy.objects.filter(**{field: day}), pk="pk"),
        lambda _viewer, _rows: [],
    )
    membership = quiet.town(Place.OWN).members["coordinator"]
    with pytest.raises(ValueError, match="no day but the viewer's"):
        registry.collect(viewer_of(membership, membership.user))


def test_days_are_counted_from_hers(quiet: World) -> None:
    membership = quiet.town(Place.OWN).members["coordinator"]
    viewer = replace(viewer_of(membership, membership.user), today=date(2024, 2, 29))
    like_her = stand_in_for(viewer)
    assert like_her is not None
    soon = like_her.make().today + timedelta(days=14)
    values = (soon, [soon], "text", 7, True, None)
    assert tuple(map(like_her.is_hers, values)) == (True, True, False, False, False, False)
    assert tuple(map(like_her.hers, values)) == (
        date(2024, 3, 14), [date(2024, 3, 14)], "text", 7, True, None,
    )  # fmt: skip
