"""Proposals to a process, their answers, and the talk under them."""

from collections.abc import Mapping
from typing import Any

from tests.factories.codesign import CommentFactory, ProposalFactory
from tests.permissions.areas.participant import (
    COLLEAGUES,
    CONVENERS,
    EDITORS,
    LOOK,
    NOBODY,
    SEEN,
    TAKES_PART,
    of_process,
)
from tests.permissions.frame import Place, Row


def _proposal(world: Any, place: Place) -> Mapping[str, Any]:
    things = world.town(place).things
    return {"pk": things["process"].pk, "number": things["proposal"].pk}


def _comment(world: Any, place: Place) -> Mapping[str, Any]:
    return {**_proposal(world, place), "comment": world.town(place).things["comment"].pk}


EDITS = f"{EDITORS}:%s {LOOK},{TAKES_PART}:403 {NOBODY}"
CONTRIBUTES = f"{EDITORS},{TAKES_PART}:%s {LOOK}:403 {NOBODY}"
# It is hers who has an account, and nobody has answered it.
HERS = f"participant:%s {EDITORS},{LOOK},by_link:403 {NOBODY}"
LISTED = f"{SEEN}:200 {NOBODY}"

ROWS: dict[str, Row] = {
    "proposals": Row(get=LISTED, path=of_process()),
    "proposal_answers": Row(get=LISTED, path=of_process()),
    "proposal_new": Row(
        get=CONTRIBUTES % 200, post=CONTRIBUTES % 302, path=of_process(),
        data=lambda _world: {"text": "Mer kaffe", "given_by": "paper"},
    ),
    "proposal_notes": Row(
        get=EDITS % 200, post=EDITS % 302, path=of_process(),
        data=lambda _world: {"notes": "Mer kaffe\n\nMer kake"},
    ),
    "proposal": Row(
        get=LISTED, post=CONTRIBUTES % 302, path=_proposal, data=lambda _world: {"text": "Enig"},
    ),
    "proposal_change": Row(
        get=HERS % 200, post=HERS % 302, path=_proposal,
        data=lambda _world: {"text": "Mer te", "version": 0},
    ),
    "proposal_take_back": Row(get=HERS % 200, post=HERS % 302, path=_proposal),
    "proposal_support": Row(
        post=f"{TAKES_PART}:302 {EDITORS},{LOOK}:403 {NOBODY}", path=_proposal,
        data=lambda _world: {"support": "1"},
    ),
    "proposal_group": Row(post=EDITS % 302, path=_proposal, data=lambda _world: {"title": "Mat"}),
    "proposal_answer": Row(
        get=EDITS % 200, post=EDITS % 302, path=_proposal,
        data=lambda _world: {"outcome": "taken_in", "reason": "Det gjør vi.", "version": 0},
    ),
    # Written by the coordinator: she takes it away, and so do those who convene.
    "proposal_comment_away": Row(
        post=f"{CONVENERS},coordinator:302 {COLLEAGUES},centre_leader,organisation_rep:403 "
        f"{LOOK},{TAKES_PART}:403 {NOBODY}",
        path=_comment,
    ),
}  # fmt: skip


def furnish(town: Any, word: str) -> None:
    hers = town.things["participant"]
    proposal = ProposalFactory.create(process=hers.process, participant=hers, text=f"{word} mer kaffe")
    town.things["proposal"] = proposal
    town.things["comment"] = CommentFactory.create(
        proposal=proposal, person=town.members["coordinator"].person, text=f"{word} ja"
    )
