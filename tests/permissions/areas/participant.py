"""Coming to a process by link, and the participant's own place. The participants are made in world.py."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from partnerships.services.participant import participant_token
from tests.factories.codesign import ProcessTaskFactory
from tests.permissions.frame import Place, Row


def of_process() -> Callable[[Any, Place], Mapping[str, Any]]:
    return lambda world, place: {"pk": world.town(place).things["process"].pk}


def _token(world: Any, place: Place) -> Mapping[str, Any]:
    return {"token": participant_token(world.town(place).things["by_link"])}


def _one(name: str) -> Callable[[Any, Place], Mapping[str, Any]]:
    """A row of the town's process, by its number."""

    def path(world: Any, place: Place) -> Mapping[str, Any]:
        things = world.town(place).things
        return {"pk": things["process"].pk, "number": things[name].pk}

    return path


TAKES_PART = "participant,by_link"
CONVENERS = "unit_leader"
COLLEAGUES = "place_contact,staff"
EDITORS = f"{CONVENERS},{COLLEAGUES},coordinator,centre_leader,organisation_rep"
LOOK = "chief,sector_chief"
SEEN = f"{EDITORS},{LOOK},{TAKES_PART}"
# Those who see the process, and are not its conveners.
BESIDE = f"{COLLEAGUES},coordinator,centre_leader,organisation_rep,{LOOK},{TAKES_PART}"
NOBODY = "*:404 anonymous:login"


def _convenes(*, get: int = 0, post: int = 0, name: str = "", **data: Any) -> Row:
    cell = f"{CONVENERS}:%s {BESIDE}:403 {NOBODY}"
    return Row(
        get=cell % get if get else "",
        post=cell % post if post else "",
        path=_one(name) if name else of_process(),
        data=lambda _world: data,
    )


ROWS: dict[str, Row] = {
    "participant_find": Row(get="*:200", post="*:302", data=lambda _world: {"who": "ingen@prove.example"}),
    # Nobody has asked for a code, but she who came by link may always ask for a new one.
    "participant_code": Row(get="by_link:200 *:410", post="by_link:200 *:410"),
    "participant_out": Row(post="*:302"),
    # The link says which group it is, to whoever holds it; the code decides who comes in.
    "participant_open": Row(
        get="*:200", post="anonymous:302 *:200", foreign_get="*:200", foreign_post="anonymous:302 *:200",
        shows_its_own=True, path=_token,
    ),
    # Both have answered already, and are led to their place.
    "participant_answer": Row(
        get=f"{TAKES_PART}:302 {NOBODY}", post=f"{TAKES_PART}:302 {NOBODY}", path=of_process(),
    ),
    # About oneself: not there for those who take no part, however much they may edit.
    "participant_home": Row(get=f"{TAKES_PART}:200 {NOBODY}", path=of_process()),
    "participant_consent": Row(post=f"{TAKES_PART}:302 {NOBODY}", path=of_process()),
    "participant_adaptation": Row(
        get=f"{TAKES_PART}:200 {NOBODY}", post=f"{TAKES_PART}:302 {NOBODY}", path=of_process(),
        data=lambda _world: {"text": ""},
    ),
    "participant_leave": Row(
        get=f"{TAKES_PART}:200 {NOBODY}", post=f"{TAKES_PART}:302 {NOBODY}", path=of_process(),
    ),
    "participants": Row(get=f"{SEEN}:200 {NOBODY}", path=of_process()),
    "participant_invite": replace(
        _convenes(get=200, post=302),
        data=lambda _world: {
            "name": "Ny Deltaker", "side": "staff", "channel": "email", "email": "ny@prove.example",
            "language": "nb",
        },
    ),
    "participant_letter": Row(
        get=f"{EDITORS}:200 {LOOK},{TAKES_PART}:403 {NOBODY}", path=of_process(),
    ),
    # A note without words is asked for again.
    "participant": _convenes(get=200, post=200, name="by_link"),
    "participant_answer_for": _convenes(post=302, name="asked", answer="yes"),
    "participant_side": _convenes(get=200, post=302, name="by_link", side="volunteer"),
    "participant_again": _convenes(post=302, name="by_link"),
    "participant_adaptation_for": _convenes(get=200, post=302, name="by_link", text=""),
    "participant_remove": _convenes(get=200, post=302, name="by_link"),
    "process_tasks": Row(
        get=f"{SEEN}:200 {NOBODY}", post=f"{EDITORS},{TAKES_PART}:200 {LOOK}:403 {NOBODY}", path=of_process(),
    ),
    "process_task_step": Row(
        post=f"{EDITORS},{TAKES_PART}:302 {LOOK}:403 {NOBODY}", path=_one("process_task"),
        data=lambda _world: {"step": "done"},
    ),
}  # fmt: skip


def furnish(town: Any, word: str) -> None:
    process = town.things["process"]
    # Nobody is stopped on her way to the invitation: tests/partnerships tries that.
    process.anchored = f"{word} forankret"
    process.save()
    town.things["process_task"] = ProcessTaskFactory.create(process=process, text=f"{word} koke kaffe")
