"""Every page of the domain asks the database as often for many rows as for a few, and not often.

The pages are those of the permission table that answer with 200, so that a new one is counted without anybody
thinking of it. A list has a stricter limit, and is named in LISTS.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.models import (
    FollowUp,
    OfferNews,
    OfferRequirement,
    ProblemVersion,
    ProcessPhase,
    ProcessResult,
    ResponsibilityMap,
    Win,
)
from partnerships.models.areas import Area
from partnerships.models.codesign import PhaseKind
from partnerships.models.offer import NewsKind
from partnerships.models.participant import Side
from partnerships.models.partnership import Phase, Track
from partnerships.models.process_result import ResultKind
from partnerships.models.signal import SignalKind
from partnerships.models.strategy import StrategyState
from partnerships.models.task_check import TaskOutcome
from partnerships.models.understanding import UnderstandingState
from partnerships.services.calendar_feed import calendar_feed_make
from partnerships.services.proposal import proposal_group_set, proposal_support
from tests.database import rolled_back
from tests.factories.agreements import AgreementFactory, AgreementPartyFactory
from tests.factories.codesign import (
    CommentFactory,
    ParticipantFactory,
    ProcessFactory,
    ProcessTaskFactory,
    ProposalFactory,
)
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.partnerships import CentreFactory, OrganisationFactory, PersonFactory, UnitFactory
from tests.factories.work import (
    ContactFactory,
    DutyFactory,
    GrantFactory,
    LogEntryFactory,
    PartnershipFactory,
    PartyFactory,
    RequirementKindFactory,
    SignalFactory,
    StairCheckFactory,
    StrategyFactory,
    StrategyPointFactory,
    TaskCheckFactory,
    UnderstandingFactory,
    UnderstandingSideFactory,
    hold,
)
from tests.partnerships.meetings import in_the_meetings
from tests.permissions import areas
from tests.permissions.frame import Place
from tests.permissions.table import ACTORS, TABLE
from tests.permissions.world import Town, World, build
from tests.volunteers.growing import those_who_help

# Who sees the whole municipality, who sees her unit's, and who is on the other side of the table; she is
# asked only where the first does not come; so is whose page it is, and who came to a process by link.
ACTORS_COUNTED = ("coordinator", "unit_leader", "organisation_rep", "participant", "by_link")
AT_MOST_LIST, AT_MOST_PAGE = 10, 25
LISTS = frozenset({
    "actors", "agreements", "calendar", "calendar_feeds", "centres", "meetings", "my_duties", "occurrences",
    "offers", "organisations", "partnership_board", "partnership_log",
    "participants", "process_tasks", "proposals",
    "partnerships", "processes", "requirement_kinds", "responsibility_maps", "signals", "stairs",
    "strategies", "task_checks", "understanding_versions", "units",
    "become_volunteer", "courses", "ideas", "leaving_reasons", "sign_ups",
    "errands", "expenses", "hours", "my_expenses", "my_hours", "on_site", "walls",
})  # fmt: skip
# What the lists are filtered and sorted by: another way through the same page.
ALSO = {
    "partnerships": ("?q=prøve+kafé", "?sort=endret&phase=operation", "?page=2"),
    "organisations": ("?q=prøve",),
    "signals": ("?vis=alle", "?vis=mine", "?vis=alle&q=prøve"),
    "agreements": ("?q=prøve",),
    "proposals": ("?q=prøve", "?vis=venter", "?rekke=stotte"),
    "processes": ("?q=prøve&state=running",),
    "offers": ("?q=prøve&mine=on",),
    "become_volunteer": ("?q=prøve&tema=elderly&tid=evening&sprak=uk",),
    "courses": ("?vis=har-vært",),
    "sign_ups": ("?vis=besvart",),
    "calendar": ("?som=liste", "?vis=mine"),
    "occurrences": ("?vis=har-vært",),
    "responsibility_map": ("?ordne=1",),
}
# So many more that what is looked up once per process, among the few, cannot hide them.
FEW, MANY = 2, 6
_NUMBER = re.compile(r"[0-9]+")


def pages() -> Iterator[tuple[str, str, str]]:
    """Actor, URL name and what is asked for on it."""
    for name, row in areas.rows().items():
        place = Place.OWN if row.path else Place.NOWHERE
        comes = [
            actor for actor in ACTORS_COUNTED if row.get and row.expected(actor, "GET", place, ACTORS) == 200
        ]
        for actor in comes[:2]:
            for query in ("", *ALSO.get(name, ())):
                yield actor, name, query


# Min side is another page for somebody who helps.
PAGES = [*pages(), ("participant", "my_page", "")]


@dataclass
class Counted:
    few: list[str]
    many: list[str]


@pytest.fixture(scope="module")
def counted(django_db_setup: None, django_db_blocker: Any) -> dict[tuple[str, str, str], Counted]:
    """Every page asked for among a few rows, then among many."""
    with django_db_blocker.unblock(), rolled_back():
        world = build()
        town = world.town(Place.OWN)
        grow(town, range(FEW))
        few = {page: queries(world, *page) for page in PAGES}
        grow(town, range(FEW, FEW + MANY))
        return {page: Counted(few[page], queries(world, *page)) for page in PAGES}


def queries(world: World, actor: str, name: str, query: str) -> list[str]:
    row = TABLE[name]
    url = reverse(name, kwargs=dict(row.path(world, Place.OWN)) if row.path else None) + query
    client = Client(headers={"cookie": world.signed_in(actor)})
    # Opening a question is to have seen it: the next one to ask finds it as it was.
    with rolled_back(), CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200, f"{url} gives {response.status_code}"
    return [asked["sql"] for asked in captured.captured_queries if "SAVEPOINT" not in asked["sql"]]


@pytest.mark.parametrize(("actor", "name", "query"), PAGES)
def test_asks_as_often_for_many_rows_as_for_a_few(
    counted: dict[tuple[str, str, str], Counted], actor: str, name: str, query: str
) -> None:
    found = counted[actor, name, query]
    few, many, at_most = len(found.few), len(found.many), AT_MOST_LIST if name in LISTS else AT_MOST_PAGE
    assert many <= few, f"{few} queries became {many}; again and again:\n{again_and_again(found)}"
    asked = "\n".join(sql[:300] for sql in found.many)
    assert many <= at_most, f"{many} queries, at most {at_most}:\n{asked}"


def test_every_list_is_counted() -> None:
    assert {name for _actor, name, _query in PAGES} >= LISTS | ALSO.keys()


def again_and_again(found: Counted) -> str:
    """The query there are most more of, whatever numbers it asks for."""
    few, many = ([_NUMBER.sub("#", sql) for sql in queries] for queries in (found.few, found.many))
    return max(many, key=lambda sql: many.count(sql) - few.count(sql))


# --- Rows -------------------------------------------------------------------------------------------------
def grow(town: Town, numbers: range) -> None:
    """One more of everything for each number: on the partnership, and beside it."""
    for number in numbers:
        on_the_partnership(town, number)
        on_the_map(town)
        beside_it(town, number)
        on_level_one(town, number)
        in_the_process(town, number)
        in_the_meetings(town)
        in_operation(town, number)
        in_the_group(town)
        those_who_help(town, number)


def in_the_group(town: Town) -> None:
    process = town.things["process"]
    hers = ParticipantFactory.create(process=process)
    FollowUp.objects.create(
        municipality=town.municipality, participant=hers, line="Ringt", next_on=timezone.localdate()
    )
    ParticipantFactory.create(process=process, side=Side.STAFF, consent_at=None)
    ParticipantFactory.create(process=process, joined_at=None, consent_at=None)
    ProcessTaskFactory.create(process=process, holder=hers)
    answered = {"outcome": "taken_in", "reason": "Ja.", "answered_at": timezone.now()}
    for more in ({}, answered):
        proposal = ProposalFactory.create(process=process, participant=hers, **more)
        proposal_group_set(
            proposal=proposal, title=f"Tema {proposal.pk}", by=town.members["unit_leader"].user
        )
        proposal_support(proposal=proposal, participant=hers, supports=True)
    for person in (hers.person, PersonFactory.create(municipality=town.municipality)):
        CommentFactory.create(proposal=town.things["proposal"], person=person)


def on_the_partnership(town: Town, number: int) -> None:
    found, place, today = town.partnership, town.municipality, timezone.localdate()
    party = PartyFactory.create(partnership=found)
    PartyFactory.create(partnership=found, accepted_at=None)
    PartyFactory.create(partnership=found, unit=UnitFactory.create(municipality=place, parent=town.sector))
    ContactFactory.create(party=party, person=PersonFactory.create(municipality=place))
    GrantFactory.create(partnership=found, report_on=today)
    LogEntryFactory.create(partnership=found, next_on=today)
    signals_of(town, partnership=found)
    agreement = AgreementFactory.create(municipality=place, partnership=found, ends_on=today)
    for side in ({"organisation": party.organisation}, {"centre": town.centre}, {"unit": town.unit}):
        AgreementPartyFactory.create(agreement=agreement, **{"organisation": None, **side})
    TaskCheckFactory.create(partnership=found, questions=town.things["task_check"].questions)
    TaskCheckFactory.create(
        partnership=found,
        questions=town.things["task_check"].questions,
        outcome=TaskOutcome.CLARIFY_FIRST,
        clarify_with="Prøvekontoret",
        look_again_on=today,
    )
    old = UnderstandingFactory.create(
        partnership=found, number=number + 10, state=UnderstandingState.REPLACED, agreed_at=timezone.now()
    )
    for understanding in (old, town.things["understanding"]):
        UnderstandingSideFactory.create(understanding=understanding, party=party, wishes="En prøve")


def signals_of(town: Town, **about: Any) -> None:
    coordinator, leader = town.members["coordinator"].person, town.members["unit_leader"].person
    made = {"municipality": town.municipality, **about}
    first = SignalFactory.create(**made, raised_by=leader, receiver=coordinator)
    SignalFactory.create(**made, raised_by=coordinator, receiver=leader, unit=town.unit)
    SignalFactory.create(**made, raised_by=coordinator, organisation=town.organisation, follows=first)
    SignalFactory.create(**made, raised_by=leader, kind=SignalKind.DECISION, due_on=None)


def on_the_map(town: Town) -> None:
    whole = ResponsibilityMap.objects.get(municipality=town.municipality, unit=None, partnership=None)
    for plan in (whole, town.things["map_of_unit"], town.things["map_of_partnership"]):
        hold(DutyFactory.create(map=plan), person=town.members["coordinator"].person)
        hold(DutyFactory.create(map=plan), organisation=town.organisation)
        hold(DutyFactory.create(map=plan), PersonFactory.create(municipality=town.municipality))
        hold(DutyFactory.create(map=plan), town.members["unit_leader"].person, accepted_at=None)
        DutyFactory.create(map=plan)
    unit = UnitFactory.create(municipality=town.municipality, parent=town.unit)
    plan = ResponsibilityMap.objects.create(municipality=town.municipality, unit=unit)
    hold(DutyFactory.create(map=plan), person=town.members["unit_leader"].person)


def beside_it(town: Town, number: int) -> None:
    place = town.municipality
    organisation = OrganisationFactory.create(
        municipality=place, number=f"9{number:08}", areas=[Area.ELDERLY]
    )
    CentreFactory.create(municipality=place)
    unit = UnitFactory.create(municipality=place, parent=town.unit)
    StairCheckFactory.create(
        unit=unit, year=timezone.localdate().year, questions=town.things["stair_check"].questions
    )
    for phase in Phase:
        made = PartnershipFactory.create(
            municipality=place,
            title=f"Prøve kafé {phase.value} {number}",
            search_key=f"prove kafe {number}",
            phase=phase,
            track=Track.FULL,
            ended_on=timezone.localdate() if phase == Phase.ENDED else None,
            areas=[Area.ELDERLY],
        )
        for side in (
            {"organisation": town.organisation}, {"unit": town.unit}, {"centre": town.centre},
            {"organisation": organisation},
        ):  # fmt: skip
            PartyFactory.create(partnership=made, **side)
        signals_of(town, partnership=made)
    signals_of(town)
    # Next door's, where one of this town takes part.
    PartyFactory.create(partnership=PartnershipFactory.create(), organisation=town.organisation)


def on_level_one(town: Town, number: int) -> None:
    made = StrategyFactory.create(
        municipality=town.municipality,
        state=StrategyState.IN_FORCE,
        decided_on=timezone.localdate(),
        revise_by=timezone.localdate() + timedelta(days=number),
    )
    StrategyPointFactory.create(strategy=made)
    for strategy in (town.things["strategy"], town.things["proposed"]):
        StrategyPointFactory.create(strategy=strategy)
        strategy.stances.create(
            municipality=town.municipality,
            organisation=OrganisationFactory.create(municipality=town.municipality),
            stance="confirmed",
        )


def in_the_process(town: Town, number: int) -> None:
    process, place, today = town.things["process"], town.municipality, timezone.localdate()
    of_it = {"municipality": place, "process": process}
    ProblemVersion.objects.create(**of_it, number=number + 10, text=f"Slik forsto vi det {number}")
    Win.objects.create(**of_it, text=f"Prøveseier {number}", on=today)
    ProcessResult.objects.create(**of_it, kind=ResultKind.OFFER, title=f"Prøveresultat {number}")
    phases = list(PhaseKind)
    if number < len(phases):
        ProcessPhase.objects.create(**of_it, kind=phases[number], ends_on=today)
    for place_of in ({"unit": town.unit}, {"partnership": town.partnership}):
        made = ProcessFactory.create(
            municipality=place, convener=town.members["coordinator"].person, **place_of
        )
        ProcessPhase.objects.create(
            municipality=place, process=made, kind=PhaseKind.TRY, ends_on=today + timedelta(days=2)
        )
        ProcessResult.objects.create(
            municipality=place, process=made, kind=ResultKind.OFFER, title="Prøveresultat"
        )


def in_operation(town: Town, number: int) -> None:
    place, now = town.municipality, timezone.now()
    kind = RequirementKindFactory.create(municipality=place, key=f"prove-{number}")
    for found in (
        town.things["offer"],
        OfferFactory.create(partnership=town.partnership, unit=town.unit, process=town.things["process"]),
        OfferFactory.create(
            partnership__municipality=place,
            organisation=town.organisation,
            contact=town.members["coordinator"].person,
        ),
    ):
        # The clock's own hour differs, so that no two stand on one day.
        soon = OccurrenceFactory.create(offer=found, day=None, starts_at=now + timedelta(hours=number + 1))
        OccurrenceFactory.create(offer=found, day=None, starts_at=now - timedelta(days=number + 1))
        OfferNews.objects.create(
            municipality=place, offer=found, kind=NewsKind.MOVED, day=timezone.localdate(), occurrence=soon
        )
        OfferRequirement.objects.create(
            municipality=place, offer=found, kind=kind, task_check=town.things["task_check"]
        )
    calendar_feed_make(
        person=PersonFactory.create(municipality=place),
        membership=None,
        only_own=True,
        by=town.members["coordinator"].user,
    )
