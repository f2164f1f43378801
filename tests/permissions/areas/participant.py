"""Coming to a process by link, and the participant's own place. The participants are made in world.py."""

from collections.abc import Callable, Mapping
from typing import Any

from partnerships.services.participant import participant_token
from tests.permissions.frame import Place, Row


def of_process() -> Callable[[Any, Place], Mapping[str, Any]]:
    return lambda world, place: {"pk": world.town(place).things["process"].pk}


def _token(world: Any, place: Place) -> Mapping[str, Any]:
    return {"token": participant_token(world.town(place).things["by_link"])}


TAKES_PART = "participant,by_link"

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
        get=f"{TAKES_PART}:302 *:404 anonymous:login", post=f"{TAKES_PART}:302 *:404 anonymous:login",
        path=of_process(),
    ),
    "participant_home": Row(get=f"{TAKES_PART}:200 *:404 anonymous:login", path=of_process()),
}  # fmt: skip
