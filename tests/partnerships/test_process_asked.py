"""What the pages of a process read is what her seat may see, said once more by `visible_to`."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from partnerships import process_page
from partnerships.access import access_of, forget_access
from partnerships.models import (
    CodesignProcess,
    FollowUp,
    Meeting,
    MeetingSlot,
    Participant,
    Partnership,
    ProblemVersion,
    ProcessPhase,
    ProcessResult,
    ProcessTask,
    Proposal,
    ProposalComment,
    ProposalSupport,
    SlotAnswer,
    Win,
)
from partnerships.models.meeting import MeetingKind, MeetingState, citizens_alone
from partnerships.parts import meeting, process, process_result, proposal
from partnerships.process_asked import OfSeat, answers
from partnerships.seat import AMONG_CITIZENS, Invited, Seat, seat_of
from partnerships.selectors.meeting import been, coming, meetings_of, open_to_seat
from partnerships.selectors.participant import INVITED, NAMED, NEXT_ON, SIDES, group_of, invited
from partnerships.selectors.process_phases import PHASES
from partnerships.selectors.process_task import WAITING
from partnerships.selectors.proposal import NUMBERS
from partnerships.selectors.proposal_list import PER_PAGE, THEMES, Found
from partnerships.views.process import _seen_partnership
from samskaping.accounts.models import User
from tests.factories.codesign import MeetingFactory, ParticipantFactory, ProcessFactory, ProposalFactory
from tests.partnerships.test_query_counts import grow
from tests.permissions.conftest import world  # noqa: F401 - the three towns
from tests.permissions.frame import Place
from tests.permissions.world import Town, World

ACTORS = (
    "user", "superuser", "ended", "coordinator", "chief", "sector_chief", "unit_leader", "place_contact",
    "staff", "centre_leader", "organisation_rep", "observer", "guest", "national", "participant",
)  # fmt: skip


def seen(model: Any, seat: Seat) -> QuerySet[Any]:
    """By the rule for lists; somebody who came by link has her own process."""
    rows = model.objects.visible_to(seat.user) if seat.user is not None else model.objects.all()
    return rows.filter(process=seat.process)  # type: ignore[no-any-return]


def to_answer(seat: Seat) -> list[Any]:
    if seat.participant is None:
        return []
    hers = SlotAnswer.objects.filter(slot=OuterRef("slots"), participant=seat.participant)
    asked = meetings_of(seat).filter(~Exists(hers), state="polling", slots__starts_at__gt=timezone.now())
    return list(asked.distinct()[:1])


def group(seat: Seat) -> QuerySet[Participant]:
    return seen(Participant, seat).filter(joined_at__isnull=False, left_at=None)


def numbers(seat: Seat) -> list[tuple[int, int, int]]:
    rows = seen(Proposal, seat)
    waits = rows.filter(answered_at=None)
    late = waits.filter(answer_by__lt=timezone.localdate())
    return [(rows.count(), waits.count(), late.count())] if rows.exists() else []


SEEN: dict[OfSeat, Callable[[Seat], Any]] = {
    process.VERSIONS: lambda seat: seen(ProblemVersion, seat).values_list("number", flat=True)[:1],
    PHASES: lambda seat: seen(ProcessPhase, seat).order_by("pk"),
    meeting.COMING: lambda seat: coming(meetings_of(seat))[:2],
    meeting.LAST: lambda seat: been(meetings_of(seat))[:1],
    meeting.TO_ANSWER: to_answer,
    meeting.ANY: lambda seat: (
        Meeting.objects.for_everybody().filter(process=seat.process).order_by().values("pk")[:1]
        if seat.edits and not seat.takes_part
        else []
    ),
    AMONG_CITIZENS: lambda seat: (
        citizens_alone().filter(pk=seat.participant.pk).values("pk") if seat.participant else []
    ),
    SIDES: lambda seat: Counter(group(seat).values_list("side", flat=True)).items(),
    WAITING: lambda seat: seen(ProcessTask, seat).filter(done_at=None).order_by("due_on", "pk"),
    proposal.NEWEST: lambda seat: seen(Proposal, seat)[:3],
    NUMBERS: numbers,
    process_result.RESULTS: lambda seat: seen(ProcessResult, seat),
    process_result.WINS: lambda seat: seen(Win, seat)[:5],
}
OPEN = OfSeat(open_to_seat)
# Where the order is the page's own.
SORTED: dict[OfSeat, Any] = {PHASES: lambda row: row.pk, SIDES: str}


@pytest.fixture(scope="module")
def full(world: World, django_db_blocker: Any) -> Iterator[World]:  # noqa: F811
    """Much in each process, and somebody who works there written down as a citizen."""
    from tests.database import rolled_back

    with django_db_blocker.unblock(), rolled_back():
        for place in (Place.OWN, Place.NEIGHBOUR):
            town = world.town(place)
            grow(town, range(2))
            fill(town)
        asked, own = world.users["user"], world.town(Place.OWN).things["process"]
        ParticipantFactory.create(process=own, person__user=asked, joined_at=None, consent_at=None)
        yield world


def fill(town: Town) -> None:
    hers = town.things["process"]
    ParticipantFactory.create(process=hers, person=town.members["staff"].person)
    ParticipantFactory.create(process=hers, left_at=timezone.now(), consent_at=None)
    # Who leads the unit invites to this one, and is not told what its contact is.
    contact = town.members["staff"].person
    led = ProcessFactory.create(municipality=town.municipality, unit=town.unit, convener=contact)
    FollowUp.objects.create(
        municipality=town.municipality,
        participant=ParticipantFactory.create(process=led),
        line="Ringt",
        next_on=timezone.localdate(),
    )
    soon = timezone.now() + timedelta(days=3)
    polls = [
        MeetingFactory.create(process=hers, kind=kind, state=MeetingState.POLLING, starts_at=None)
        for kind in MeetingKind
    ]
    for poll in polls:
        MeetingSlot.objects.create(
            municipality=town.municipality, meeting=poll, starts_at=soon, ends_at=soon + timedelta(hours=1)
        )
    late = timezone.localdate() - timedelta(days=2)
    for number in range(PER_PAGE):
        text = ("Mer 100% kaffe", "Mer TE", "Et_tre")[number % 3]
        given = ProposalFactory.create(process=hers, text=text, answer_by=late)
        for giver in [town.things["participant"], town.things["by_link"]][: number % 3]:
            ProposalSupport.objects.create(municipality=town.municipality, proposal=given, participant=giver)
    Proposal.objects.filter(process=hers, text="Et_tre").update(participant=town.things["participant"])


def user_of(world: World, actor: str) -> User:  # noqa: F811
    participant = world.town(Place.OWN).things["participant"]
    user = participant.person.user if actor == "participant" else world.users[actor]
    assert isinstance(user, User)
    forget_access([user])
    return user


def sit(user: User, pk: int) -> Seat:
    request = RequestFactory().get("/")
    request.user = user
    return seat_of(request, pk)


def seats(world: World, actor: str) -> Iterator[Seat]:  # noqa: F811
    """At every process; where she has none, she is let in to nothing."""
    if actor == "by_link":
        hers = world.town(Place.OWN).things["by_link"]
        yield Seat(process=hers.process, user=None, participant=hers, edits=False, convenes=False)
        return
    user = user_of(world, actor)
    for found in CodesignProcess.objects.order_by("pk"):
        if CodesignProcess.objects.visible_to(user).filter(pk=found.pk).exists():
            yield sit(user, found.pk)
        else:
            asked = Participant.objects.filter(process=found, person__user=user, left_at=None).exists()
            with pytest.raises(Invited if asked else Http404):
                sit(user, found.pk)


def test_every_question_of_the_page_is_compared() -> None:
    assert set(process_page._asked) == set(SEEN)


@pytest.mark.parametrize("actor", [*ACTORS, "by_link"])
def test_seat_is_given_what_it_sees_and_nothing_else(full: World, actor: str) -> None:
    for seat in seats(full, actor):
        process_page.ask_all(seat)
        for question, rule in SEEN.items():
            given, wanted = question.of(seat), list(rule(seat))
            if question in SORTED:
                given, wanted = (sorted(rows, key=SORTED[question]) for rows in (given, wanted))
            assert given == wanted
        names = group(seat).order_by("person__name_key", "pk") if seat.sees_names else []
        assert NAMED.of(seat) == list(names)
        assert OPEN.of(seat) == list(meetings_of(seat))
        partnership_is_hers(seat)
        group_is_hers(seat)


def partnership_is_hers(seat: Seat) -> None:
    user = seat.user or AnonymousUser()
    works = access_of(user).memberships
    hers = Partnership.objects.visible_to(user).filter(processes=seat.process) if works else []
    assert [found for found in [_seen_partnership(seat)] if found] == list(hers)


def group_is_hers(seat: Seat) -> None:
    """Of who is not told names, the page has none; when to ring is told who rings."""
    assert group_of(seat).balance.total == group(seat).count()
    if not seat.sees_names:
        assert group_of(seat).names == []
    asked = Participant.objects.filter(process=seat.process, left_at=None)
    if not seat.convenes:
        assert answers(seat, (INVITED, NEXT_ON)) == [[], []]
        return
    names = asked.order_by("person__name_key", "pk").values_list("person__name", flat=True)
    assert [line.name for line in invited(seat)] == list(names)
    calls = FollowUp.objects.visible_to(seat.user or AnonymousUser()).filter(
        participant__in=asked, next_on__isnull=False
    )
    assert dict(NEXT_ON.of(seat)) == dict(calls.order_by("at", "pk").values_list("participant", "next_on"))


@pytest.mark.parametrize("actor", ["coordinator", "unit_leader", "guest", "participant", "by_link"])
def test_list_of_proposals_is_what_is_asked_for(full: World, actor: str) -> None:
    for seat in seats(full, actor):
        themes = [str(theme.pk) for theme in THEMES.of(seat)]
        assert themes == [str(pk) for pk in seat.process.proposal_groups.values_list("pk", flat=True)]
        chosen = product(
            ("", "kaffe", "100%", "_", "te"), ("", "venter", "besvart", "mine"), ["", *themes[:1]]
        )
        for (q, shown, theme), by_support in product(chosen, (False, True)):
            list_is_found(seat, q, shown, theme, by_support=by_support)


def list_is_found(seat: Seat, q: str, shown: str, theme: str, *, by_support: bool) -> None:
    rows = [row for row in seen(Proposal, seat).filter(text__icontains=q) if is_shown(seat, row, shown)]
    wanted = [row for row in rows if not theme or row.group_id == int(theme)]
    support = {row.pk: ProposalSupport.objects.filter(proposal=row).count() for row in wanted}
    comments = {row.pk: ProposalComment.objects.filter(proposal=row).count() for row in wanted}
    wanted.sort(key=lambda row: (support[row.pk] if by_support else 0, row.given_at, row.pk), reverse=True)
    found = Found(seat, q=q, shown=shown, group=theme, by_support=by_support)
    for number in range(1, len(wanted) // PER_PAGE + 2):
        page = found.page(str(number), timezone.localdate())
        assert page.paginator.count == len(wanted)
        here = (
            wanted[(number - 1) * PER_PAGE : number * PER_PAGE]
            or wanted[-(len(wanted) % PER_PAGE or PER_PAGE) :]
        )
        assert [line.url for line in page] == [
            f"/prosesser/{seat.process.pk}/innspill/{row.pk}/" for row in here
        ]
        assert [bool(line.support) for line in page] == [bool(support[row.pk]) for row in here]
        assert [bool(line.comments) for line in page] == [bool(comments[row.pk]) for row in here]


def is_shown(seat: Seat, row: Proposal, shown: str) -> bool:
    if shown == "mine":
        return seat.participant is not None and row.participant_id == seat.participant.pk
    return not shown or (row.answered_at is None) == (shown == "venter")


def test_world_has_what_is_compared(full: World) -> None:
    """Citizens' own meetings that some may open and some may not, and names some are told."""
    own = full.town(Place.OWN).things["process"]
    citizen, staff, leader = (
        sit(user_of(full, actor), own.pk) for actor in ("participant", "staff", "unit_leader")
    )
    assert (citizen.among_citizens, staff.among_citizens, leader.among_citizens) == (True, False, False)
    assert staff.takes_part, "written down as a citizen, and works there"
    assert meetings_of(citizen).count() > meetings_of(staff).count() == meetings_of(leader).count()
    assert meeting.TO_ANSWER.of(citizen)
    assert NEXT_ON.of(leader)
    assert group_of(citizen).names
    assert NUMBERS.of(leader)[0][0] > PER_PAGE
    assert all(answers(leader, [one for one in SEEN if one not in (meeting.TO_ANSWER, AMONG_CITIZENS)]))
    with pytest.raises(Invited):
        sit(user_of(full, "user"), own.pk)


def test_numbers_no_row_has_are_not_there(full: World) -> None:
    for pk in (2_000_000_000, 2**63 - 1, 2**63, 10**30):
        with pytest.raises(Http404):
            sit(user_of(full, "coordinator"), pk)


def test_page_asks_once_however_many_parts(full: World, django_assert_num_queries: Any) -> None:
    own = full.town(Place.OWN).things["process"]
    process_page.ask_all(sit(user_of(full, "unit_leader"), own.pk))
    seat = sit(user_of(full, "unit_leader"), own.pk)
    with django_assert_num_queries(1):
        process_page.ask_all(seat)
    with django_assert_num_queries(0):
        answers(seat, process_page._asked)
        process_page.columns(seat)
