"""What a partnership's page reads of it is what its reader may see, said once more by `visible_to`."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from agreements import partnership_page as agreements_page
from agreements.models import Agreement
from agreements.models.agreement import OVER, PERSONAL_KINDS
from partnerships import page
from partnerships.access import access_of, forget_access
from partnerships.asked import Asked, answers
from partnerships.models import (
    CodesignProcess,
    Contact,
    Duty,
    DutyHolder,
    Frame,
    Grant,
    LogEntry,
    NeighbourAsk,
    Offer,
    Partnership,
    PartnershipParty,
    ResponsibilityMap,
    Signal,
    TaskCheck,
    Understanding,
    UnderstandingSide,
)
from partnerships.parts import offer_page, process_partnership
from partnerships.parts import partnership_page as parts
from partnerships.parts.responsibility import _own_red
from partnerships.selectors import frame, process, responsibility_board, signal, task_check, understanding
from partnerships.selectors.partnership import partnership_seen, works_in
from partnerships.selectors.responsibility import red
from partnerships.selectors.responsibility_board import Board, board_of, own_board
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.registries import Viewer
from tests.factories.agreements import AgreementFactory, AgreementPartyFactory
from tests.factories.work import DutyFactory, SignalFactory, hold
from tests.partnerships.test_query_counts import grow
from tests.permissions import make
from tests.permissions.conftest import world  # noqa: F401 - the three towns
from tests.permissions.frame import Place
from tests.permissions.world import Town, World

ACTORS = (
    "user", "superuser", "ended", "coordinator", "chief", "sector_chief", "unit_leader", "place_contact",
    "staff", "centre_leader", "organisation_rep", "observer", "guest", "national",
)  # fmt: skip

# What of this partnership somebody sees, by the rule for lists; the page must not give a row more or less.
# None: only to be checked below, because it is less than that.
SEEN: dict[Asked, Callable[[Any, Partnership], QuerySet[Any, Any]] | None] = {
    frame.FRAME: lambda user, p: Frame.objects.visible_to(user).filter(partnership=p),
    task_check.CHECKS: lambda user, p: TaskCheck.objects.visible_to(user).filter(
        partnership=p, replaced_by=None
    ),
    understanding.UNDERSTANDINGS: lambda user, p: Understanding.objects.visible_to(user).filter(
        partnership=p, state__in=("draft", "proposed", "agreed")
    ),
    understanding.SIDES: lambda user, p: UnderstandingSide.objects.visible_to(user).filter(
        understanding__partnership=p, understanding__state__in=("draft", "proposed", "agreed")
    ),
    parts.GRANTS: lambda user, p: Grant.objects.visible_to(user).filter(partnership=p),
    parts.CONTACTS: lambda user, p: Contact.objects.visible_to(user).filter(party__partnership=p),
    parts.LOG: lambda user, p: LogEntry.objects.visible_to(user).filter(partnership=p)[:5],
    parts.ASKS: None,
    parts.SET_UP: None,
    responsibility_board.DUTIES: lambda user, p: Duty.objects.visible_to(user).filter(
        map__partnership=p, removed_at=None
    ),
    responsibility_board.HOLDERS: None,
    # Of processes even a guest of the partnership is told how much was done together, and no more.
    process.PROCESSES: None,
    offer_page.OFFERS: lambda user, p: Offer.objects.visible_to(user).filter(partnership=p),
    # What one side still writes for itself is taken out when it is shown.
    agreements_page.AGREEMENTS: None,
    signal.NEWEST: None,
    signal.COUNTED: None,
    signal.WAITING: lambda user, p: Signal.objects.visible_to(user)
    .unanswered()
    .filter(partnership=p, partnership__ended_on=None, receiver__user=user)
    .order_by("due_on", "pk")[:1],
}  # fmt: skip


@pytest.fixture(scope="module")
def full(world: World, django_db_blocker: Any) -> Iterator[World]:  # noqa: F811
    """Many of everything, partnerships with the towns next door, and a guest who has asked something."""
    from tests.database import rolled_back

    with django_db_blocker.unblock(), rolled_back():
        for place in (Place.OWN, Place.NEIGHBOUR):
            town = world.town(place)
            grow(town, range(2))
            fill(town)
        own, neighbour = world.town(Place.OWN), world.town(Place.NEIGHBOUR)
        sides: tuple[dict[str, Any], ...] = (
            {"organisation": own.organisation},
            {"centre": own.centre},
            {"unit": own.unit},
        )
        for side in sides:
            shared = make.partnership(neighbour.municipality, f"med {next(iter(side))}")
            make.party(shared, **side)
            make.party(shared, accepted=False, unit=own.other_unit)
        yield world


def fill(town: Town) -> None:
    """On the map: one who has left, one who is away; and questions of a guest and of an observer."""
    found, plan = town.partnership, town.things["map_of_partnership"]
    for who in ("ended", "staff", "guest"):
        hold(DutyFactory.create(map=plan), town.members[who].person)
    for side in ({"unit": town.unit, "organisation": None}, {"organisation": town.organisation}):
        for shared in (None, timezone.now()):
            begun = AgreementFactory.create(
                municipality=town.municipality, partnership=found, origin="portal", state="draft",
                shared_at=shared,
            )  # fmt: skip
            begun.side = AgreementPartyFactory.create(agreement=begun, **side)
            begun.save()
    for who in ("guest", "observer"):
        for nth in range(2):
            SignalFactory.create(
                municipality=town.municipality, partnership=found, raised_by=town.members[who].person,
                receiver=town.members["coordinator"].person, subject=f"{who} {nth}",
            )  # fmt: skip


def viewer_of(world: World, actor: str) -> Viewer:  # noqa: F811
    user = world.users[actor]
    assert user is not None
    forget_access([user])
    memberships = access_of(user).memberships
    return Viewer(user, memberships[0] if memberships else None, timezone.localdate())


def test_every_question_of_the_page_is_compared() -> None:
    assert set(page._asked) == set(SEEN)


@pytest.mark.parametrize("actor", ACTORS)
def test_reader_is_given_what_she_sees_and_nothing_else(full: World, actor: str) -> None:
    viewer = viewer_of(full, actor)
    for wanted in Partnership.objects.all():
        if not Partnership.objects.visible_to(viewer.user).filter(pk=wanted.pk).exists():
            with pytest.raises(Http404):
                partnership_seen(viewer.user, wanted.pk)
            continue
        compare(partnership_seen(viewer.user, wanted.pk), viewer)


def compare(found: Partnership, viewer: Viewer) -> None:
    user = viewer.user
    works = Partnership.objects.worked_in_by(user).filter(pk=found.pk).exists()
    assert works_in(found, viewer) == works
    parties = PartnershipParty.objects.filter(partnership=found, left_on=None, declined_at=None)
    assert list(found.parties.all()) == list(parties.order_by("asked_at", "pk"))
    assert {party.partnership for party in found.parties.all()} <= {found}
    page.ask_all(found, viewer)
    for question, seen in SEEN.items():
        if seen is not None:
            assert ids(question.of(found, viewer)) == ids(seen(user, found))
    signals_are_hers(found, viewer)
    agreements_are_hers(found, viewer)
    developed = (process_partnership.shown(found, viewer) or {}).get("processes", [])
    of_hers = CodesignProcess.objects.visible_to(user).filter(partnership=found)
    assert ids(one["process"] for one in developed) == ids(of_hers)
    board_is_hers(found, viewer)
    asks = NeighbourAsk.objects.visible_to(user).open().filter(partnership=found)
    edits = access_of(user).covers(Permission.PARTNERSHIP_EDIT, found)
    assert ids(parts.ASKS.of(found, viewer)) == (ids(asks) if edits else [])


def signals_are_hers(found: Partnership, viewer: Viewer) -> None:
    seen = Signal.objects.visible_to(viewer.user).filter(partnership=found)
    shown = signal.partnership_signals(found, viewer)
    lines = [line.signal.pk for line in shown["lines"]] if shown else []
    assert lines == list(seen.order_by("-raised_at", "-pk").values_list("pk", flat=True)[:5])
    asked = [one for one in seen if one.kind != "decision" and one.from_level != one.to_level]
    between = list(signal.between(found, viewer))
    assert sum(one.answered for one in between) == sum(one.answered_at is not None for one in asked)
    assert sum(one.open for one in between) == sum(one.state in ("new", "seen") for one in asked)


def agreements_are_hers(found: Partnership, viewer: Viewer) -> None:
    running = Agreement.objects.visible_to(viewer.user).filter(partnership=found).exclude(state__in=OVER)
    hers = running.exclude(kind__in=PERSONAL_KINDS).order_by("-pk")
    rows = (agreements_page.shown(found, viewer) or {}).get("agreements", [])
    newest = hers[: agreements_page.SHOWN]
    assert [row["url"] for row in rows] == [reverse("agreement", args=[each.pk]) for each in newest]


def board_is_hers(found: Partnership, viewer: Viewer) -> None:
    plan = ResponsibilityMap.objects.filter(partnership=found).first()
    assert in_words(own_board(found, viewer)) == in_words(board_of([plan] if plan else [], viewer.user))
    named = [who.row.pk for who in held(own_board(found, viewer)) if who.name]
    seen = DutyHolder.objects.visible_to(viewer.user).filter(duty__map__partnership=found)
    assert set(named) == set(seen.filter(until=None, declined_at=None).values_list("pk", flat=True))
    empty = red(Duty.objects.filter(map__partnership=found)).order_by("order", "pk")
    assert ids(_own_red(found, viewer)) == ids(empty)


def held(board: Board) -> list[Any]:
    places = ("holder", "deputy", "asked", "deputy_asked")
    return [who for card in board.cards for place in places if (who := getattr(card, place))]


def in_words(board: Board) -> list[Any]:
    return [asdict(column) for column in board.columns]


def ids(rows: Any) -> list[int]:
    return sorted(row.pk for row in rows)


def test_world_has_what_is_compared(full: World) -> None:
    """Names that are hidden, and some that are not; a guest's own question among others'."""
    found = full.town(Place.OWN).partnership
    guest, staff = viewer_of(full, "guest"), viewer_of(full, "staff")
    of_guest, of_staff = (
        signal.partnership_signals(partnership_seen(viewer.user, found.pk), viewer)
        for viewer in (guest, staff)
    )
    assert of_guest is not None
    assert of_staff is not None
    assert len(of_guest["lines"]) == 2
    assert len(of_staff["lines"]) == 5
    names, all_names = (
        [who.name for who in held(own_board(partnership_seen(viewer.user, found.pk), viewer))]
        for viewer in (guest, staff)
    )
    assert len(all_names) == len(names) > 5
    assert all(all_names)
    assert len([name for name in names if name]) == 1, "her own"
    standing = held(own_board(partnership_seen(staff.user, found.pk), staff))
    assert any(who.is_gone for who in standing)
    assert any(who.away_to and who.meanwhile for who in standing)


def test_nobody_is_not_given_anything(full: World) -> None:
    with pytest.raises(Http404):
        partnership_seen(AnonymousUser(), full.town(Place.OWN).partnership.pk)
    user = User.objects.get(pk=full.town(Place.OWN).members["coordinator"].user.pk)
    with pytest.raises(Http404):
        partnership_seen(user, 2_000_000_000)


def test_what_is_not_for_all_is_not_read_without_a_viewer(full: World) -> None:
    found = full.town(Place.OWN).partnership
    with pytest.raises(ValueError, match="who looks"):
        parts.LOG.of(found)
    assert ids(frame.FRAME.of(found)) == ids(Frame.objects.filter(partnership=found))


def test_answers_of_one_reader_are_not_anothers(full: World) -> None:
    pk = full.town(Place.OWN).partnership.pk
    staff, guest = viewer_of(full, "staff"), viewer_of(full, "guest")
    found = partnership_seen(staff.user, pk)
    assert parts.LOG.of(found, staff)
    assert parts.LOG.of(found, guest) == []


def test_page_asks_once_however_many_parts(full: World, django_assert_num_queries: Any) -> None:
    staff = viewer_of(full, "coordinator")
    found = partnership_seen(staff.user, full.town(Place.OWN).partnership.pk)
    page.ask_all(found, staff)
    found = partnership_seen(staff.user, found.pk)
    with django_assert_num_queries(1):
        page.ask_all(found, staff)
    with django_assert_num_queries(0):
        answers(found, page._asked, staff)
        page.line_of(found, staff)
        page.next_steps(found, staff)
        [section.context(found, staff) for section in page.sections()]
