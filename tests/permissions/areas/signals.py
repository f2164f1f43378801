"""Questions between levels and parties."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.factories.work import SignalFactory
from tests.permissions.frame import Place, Row

WORKERS = "coordinator,chief,sector_chief,unit_leader,place_contact,staff,centre_leader,organisation_rep"
# Those who answer at level 2 of the partnership; the staff member asked.
ANSWERERS = "coordinator,unit_leader,centre_leader,organisation_rep"


def _signal() -> Callable[[Any, Place], Mapping[str, Any]]:
    return lambda world, place: {"pk": world.town(place).things["signal"].pk}


LISTED = f"{WORKERS}:200 *:403 anonymous:login"
# The form comes back when it says too little.
ANSWERED = f"{ANSWERERS}:200 chief,sector_chief,place_contact,staff:403 *:404 anonymous:login"
OTHERS = "coordinator,chief,sector_chief,unit_leader,place_contact,centre_leader,organisation_rep"

ROWS: dict[str, Row] = {
    "signals": Row(get=LISTED),
    "signal_new": Row(get=LISTED, post=LISTED),
    "signal": Row(get=f"{WORKERS}:200 *:404 anonymous:login", path=_signal()),
    "signal_seen": Row(
        post="coordinator:204 chief,sector_chief,unit_leader,place_contact,staff,centre_leader,"
        "organisation_rep:403 *:404 anonymous:login",
        path=_signal(),
    ),
    "signal_answer": Row(get=ANSWERED, post=ANSWERED, path=_signal()),
    "signal_forward": Row(get=ANSWERED, post=ANSWERED, path=_signal()),
    "signal_take_back": Row(
        get=f"staff:200 {OTHERS}:403 *:404 anonymous:login",
        post=f"staff:302 {OTHERS}:403 *:404 anonymous:login",
        path=_signal(),
    ),
    "signal_close": Row(
        post=f"{ANSWERERS},staff:302 chief,sector_chief,place_contact:403 *:404 anonymous:login",
        path=_signal(),
    ),
    "signal_follow_up": Row(
        get=f"{WORKERS}:200 *:404 anonymous:login",
        post=f"{WORKERS}:200 *:404 anonymous:login",
        path=_signal(),
    ),
    # A guest sees the partnership, and asks nothing in it.
    "signal_raise": Row(
        get=f"{WORKERS}:200 guest:403 *:404 anonymous:login",
        post=f"{WORKERS}:200 guest:403 *:404 anonymous:login",
        path=lambda world, place: {"pk": world.town(place).partnership.pk},
    ),
}


def furnish(town: Any, word: str) -> None:
    town.things["signal"] = SignalFactory.create(
        municipality=town.municipality,
        partnership=town.partnership,
        subject=f"{word} nøkkel",
        text=f"{word} hvem låser opp?",
        raised_by=town.members["staff"].person,
        receiver=town.members["coordinator"].person,
    )
