"""«Kan frivillige gjøre dette?», requirements, the stairs, and what the portal is no channel for."""

from typing import Any

from django.utils import timezone

from partnerships.selectors.stairs import stairs_now
from partnerships.selectors.task_check import questions_now
from tests.factories.work import RequirementKindFactory, StairCheckFactory, TaskCheckFactory
from tests.permissions.areas.partnerships import READERS as WORKERS
from tests.permissions.frame import Place, Row

READ = f"{WORKERS},guest:200 *:404 anonymous:login"
EDITORS = "coordinator,chief,sector_chief,unit_leader,centre_leader,organisation_rep"
EDIT = f"{EDITORS}:200 place_contact,staff,guest:403 *:404 anonymous:login"
TRY = f"{WORKERS}:200 *:403 anonymous:login"
SETTINGS = "coordinator,chief:200 *:403 anonymous:login"
INSIDERS = f"{WORKERS.replace('coordinator,chief,', '')},observer"
OWN_KIND = f"coordinator,chief:200 {INSIDERS}:403 *:404 anonymous:login"
MAP_READERS = f"{WORKERS},observer"
# The unit answers for itself, and the coordinator for all.
STAIR_KEEPERS = "coordinator,unit_leader"
OTHERS_HERE = "chief,sector_chief,place_contact,staff,centre_leader,organisation_rep,observer"


def _partnership(world: Any, place: Place) -> dict[str, Any]:
    return {"pk": world.town(place).partnership.pk}


def _check(world: Any, place: Place) -> dict[str, Any]:
    return {**_partnership(world, place), "check": world.town(place).things["task_check"].pk}


def _kind(world: Any, place: Place) -> dict[str, Any]:
    return {"pk": world.town(place).things["requirement_kind"].pk}


def _unit(world: Any, place: Place) -> dict[str, Any]:
    return {"pk": world.town(place).unit.pk}


ROWS: dict[str, Row] = {
    "task_check_start": Row(get=TRY, post=TRY),
    "task_checks": Row(get=READ, path=_partnership),
    "task_check_new": Row(get=EDIT, post=EDIT, path=_partnership),
    "task_check": Row(get=READ, path=_check),
    "task_check_again": Row(get=EDIT, post=EDIT, path=_check),
    "requirement_kinds": Row(get=SETTINGS),
    "requirement_kind_new": Row(get=SETTINGS, post=SETTINGS),
    "requirement_kind_edit": Row(get=OWN_KIND, post=OWN_KIND, path=_kind),
    "requirement_kind_end": Row(post=OWN_KIND.replace(":200", ":302"), path=_kind),
    "stairs": Row(get=f"{MAP_READERS}:200 *:403 anonymous:login"),
    "unit_stairs": Row(get=f"{MAP_READERS}:200 *:404 anonymous:login", path=_unit),
    "stair_answer": Row(
        get=f"{STAIR_KEEPERS}:200 {OTHERS_HERE}:403 *:404 anonymous:login",
        post=f"{STAIR_KEEPERS}:200 {OTHERS_HERE}:403 *:404 anonymous:login",
        path=_unit,
    ),
    "concern": Row(get="*:200"),
}


def furnish(town: Any, word: str) -> None:
    kind = RequirementKindFactory.create(
        municipality=town.municipality, key="egen", names={"nb": f"{word} kurs"}
    )
    check = TaskCheckFactory.create(
        partnership=town.partnership,
        task=f"{word} følger til frisøren",
        questions=questions_now(town.municipality),
        answers={"in_addition": "yes"},
        ground=f"{word} er trygt",
    )
    stairs = StairCheckFactory.create(
        unit=town.unit,
        year=timezone.localdate().year,
        questions=stairs_now(town.municipality),
        answers={"everyone": "yes"},
        next_step=f"{word} ringer sentralen",
    )
    town.things.update({"requirement_kind": kind, "task_check": check, "stair_check": stairs})
