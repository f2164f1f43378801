"""Strategies and frames: level 1."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from partnerships.models.strategy import StrategyState
from tests.factories.work import FrameFactory, StrategyFactory, StrategyPointFactory
from tests.permissions.areas.partnerships import READERS
from tests.permissions.frame import Place, Row

READ = f"{READERS},observer:200 *:404 anonymous:login"
DECIDE = "coordinator,chief"
# They see it, and may not.
OTHERS = ",".join(name for name in f"{READERS},observer".split(",") if name not in DECIDE.split(","))
NOT_OTHERS = f"{OTHERS}:403 *:404 anonymous:login"
SIDES = "chief,centre_leader,organisation_rep"
NOT_SIDES = ",".join(name for name in f"{READERS},observer".split(",") if name not in SIDES.split(","))
PROPOSERS = "coordinator,chief,sector_chief,centre_leader,organisation_rep"


def _strategy(name: str) -> Callable[[Any, Place], dict[str, Any]]:
    return lambda world, place: {"pk": world.town(place).things[name].pk}


ROWS: dict[str, Row] = {
    "strategies": Row(get=f"{READERS},observer:200 *:403 anonymous:login"),
    "strategy_new": Row(
        get=f"{PROPOSERS}:200 *:403 anonymous:login", post=f"{PROPOSERS}:200 *:403 anonymous:login"
    ),
    "strategy": Row(get=READ, path=_strategy("strategy")),
    "strategy_compare": Row(get=READ, path=_strategy("proposed")),
    "strategy_edit": Row(
        get=f"{DECIDE}:200 {NOT_OTHERS}", post=f"{DECIDE}:200 {NOT_OTHERS}", path=_strategy("strategy")
    ),
    "strategy_document": Row(
        get=f"{DECIDE}:200 {NOT_OTHERS}", post=f"{DECIDE}:200 {NOT_OTHERS}", path=_strategy("strategy")
    ),
    "strategy_document_remove": Row(post=f"{DECIDE}:302 {NOT_OTHERS}", path=_strategy("strategy")),
    "strategy_send": Row(post=f"{DECIDE}:302 {NOT_OTHERS}", path=_strategy("strategy")),
    "strategy_in_force": Row(
        get=f"{DECIDE}:200 {NOT_OTHERS}", post=f"{DECIDE}:200 {NOT_OTHERS}", path=_strategy("proposed")
    ),
    "strategy_new_version": Row(post=f"{DECIDE}:302 {NOT_OTHERS}", path=_strategy("strategy")),
    "strategy_end": Row(
        get=f"{DECIDE}:200 {NOT_OTHERS}", post=f"{DECIDE}:302 {NOT_OTHERS}", path=_strategy("strategy")
    ),
    # A sector's chief answers for her sector only.
    "strategy_answer": Row(
        get=f"{SIDES}:200 {NOT_SIDES}:403 *:404 anonymous:login",
        post=f"{SIDES}:200 {NOT_SIDES}:403 *:404 anonymous:login",
        path=_strategy("proposed"),
    ),
    "frame": Row(
        get="coordinator,chief,sector_chief,unit_leader,centre_leader,organisation_rep:200 "
        "place_contact,staff,guest:403 *:404 anonymous:login",
        post="coordinator,chief,sector_chief,unit_leader,centre_leader,organisation_rep:200 "
        "place_contact,staff,guest:403 *:404 anonymous:login",
        path=lambda world, place: {"pk": world.town(place).partnership.pk},
        # Hours below nothing: the form again.
        data=lambda _world: {"hours_a_week": "-1"},
    ),
}


def furnish(town: Any, word: str) -> None:
    old = StrategyFactory.create(
        municipality=town.municipality,
        title=f"{word} strategi",
        state=StrategyState.IN_FORCE,
        decided_on=timezone.localdate(),
    )
    point = StrategyPointFactory.create(strategy=old, text=f"{word} møteplasser")
    town.things["strategy"] = old
    town.things["proposed"] = StrategyFactory.create(
        municipality=town.municipality,
        title=f"{word} strategi, ny",
        state=StrategyState.PROPOSED,
        number=2,
        replaces=old,
    )
    FrameFactory.create(partnership=town.partnership, strategy=old, point=point, mandate=f"{word} mandat")
