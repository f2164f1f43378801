"""A guest of one process reads it and no name; whoever looks at it from above learns not who takes part."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partnerships.models.proposal import GivenBy, ProposalOutcome
from partnerships.services.proposal import comment_write, proposal_answer, proposal_give
from samskaping.accounts.permissions import Role
from tests.permissions import make
from tests.permissions.areas import history, meeting, participant, process, proposal
from tests.permissions.asking import Answer, ask_all
from tests.permissions.frame import Cell, Place
from tests.permissions.table import TABLE
from tests.permissions.world import ALONE_CANARY, CODESIGN, PARTICIPANTS_CANARY, World

GUEST = "process_guest"
STAFF_CANARY = "ansattfugl"
# What a guest may open of her process; everything else about it is refused.
READS = {
    "process", "process_problem_versions", "participants", "process_tasks", "proposals", "proposal_answers",
    "proposal", "meetings", "meeting", "meeting_calendar", "minutes",
}  # fmt: skip
AROUND = {**process.ROWS, **participant.ROWS, **proposal.ROWS, **meeting.ROWS}
# Open to whoever has the address.
FOR_ALL = {
    "participant_find", "participant_code", "participant_out", "participant_open", "process_public",
    "processes", "process_start",
}  # fmt: skip
HOMES = ("this_week", "overview", "my_page", "processes", *history.ROWS)


def asked(world: World, actor: str, names: set[str], method: str) -> list[Answer]:
    place = {name: Place.OWN if TABLE[name].path else Place.NOWHERE for name in names}
    cells = [Cell(name, actor, method, place[name], 0) for name in sorted(names)]
    return ask_all(world, actor, cells, TABLE)


@pytest.fixture(scope="module")
def talked(world: World) -> World:
    """The process with an answered proposal of hers who has an account, and what an employee said of it."""
    town = world.town(Place.OWN)
    group, works = town.things["process"], town.members["unit_leader"]
    assert works.person is not None
    works.person.name = f"{STAFF_CANARY} leder"
    works.person.save()
    guest = make.member(
        Role.GUEST, town.municipality, process=group, valid_to=timezone.localdate() + timedelta(days=5)
    )
    world.users[GUEST] = guest.user
    hers = town.things["participant"]
    mine = {"participant": hers, "given_by": GivenBy.PORTAL, "by": hers.person.user}
    given = proposal_give(process=group, text="egenfugl mer te", **mine)
    comment_write(proposal=given, text="egenfugl enig", person=works.person, by=works.user)
    comment_write(proposal=given, text="egenfugl takk", person=hers.person, by=hers.person.user)
    proposal_answer(
        proposal=given,
        version=given.version,
        outcome=ProposalOutcome.TAKEN_IN,
        reason="egenfugl ja",
        answered_by=works.person,
        by=works.user,
    )
    town.things["proposal"] = given
    return world


def test_a_guest_of_one_process_opens_it_and_changes_nothing(talked: World) -> None:
    names = set(AROUND) - FOR_ALL
    gets = {given.cell.name: given.status for given in asked(talked, GUEST, _with(names, "get"), "GET")}
    assert {name for name, status in gets.items() if status == 200} == READS
    assert set(gets.values()) <= {200, 403, 404}
    posts = asked(talked, GUEST, _with(names, "post"), "POST")
    assert [(given.cell.name, given.status) for given in posts if given.status not in (403, 404)] == []


def test_a_guest_reads_nobodys_name(talked: World) -> None:
    for given in asked(talked, GUEST, READS, "GET"):
        seen = [word for word in (*CODESIGN, STAFF_CANARY) if given.holds(word)]
        assert seen == [], given.cell.name
    # The group itself does: there was something to hide.
    (page,) = asked(talked, "participant", {"proposal"}, "GET")
    assert page.holds(STAFF_CANARY)


@pytest.mark.parametrize(
    "actor", ["chief", "sector_chief", "coordinator", "staff", "centre_leader", "organisation_rep"]
)
def test_who_looks_from_above_or_beside_learns_not_who_takes_part(talked: World, actor: str) -> None:
    """Also in the trace and on home pages; those who convene are told (the unit's leader here)."""
    names = _with(set(AROUND) - FOR_ALL, "get") | set(HOMES)
    for given in asked(talked, actor, names, "GET"):
        seen = [word for word in (PARTICIPANTS_CANARY, ALONE_CANARY) if given.holds(word)]
        assert seen == [], given.cell.name


def test_there_were_names_to_learn(talked: World) -> None:
    (page,) = asked(talked, "unit_leader", {"participants"}, "GET")
    assert page.holds(PARTICIPANTS_CANARY)


def _with(names: set[str], method: str) -> set[str]:
    return {name for name in names if getattr(TABLE[name], method)}
