"""Processes and their steps. Those under the municipality's partnership are seen by all its parties."""

from typing import Any

from django.utils import timezone

from partnerships.models import ProblemVersion, ProcessResult, Win
from partnerships.models.codesign import PhaseKind
from partnerships.models.process_result import ResultKind
from tests.factories.codesign import ProcessFactory
from tests.permissions.frame import Place, Row

READERS = "coordinator,chief,sector_chief,unit_leader,place_contact,staff,centre_leader,organisation_rep"
EDITORS = "coordinator,unit_leader,place_contact,staff,centre_leader,organisation_rep"
SEATED = "participant,by_link"
ONLY_SEE = f"chief,sector_chief,{SEATED}"


def furnish(town: Any, word: str) -> None:
    # Made with those who take part in it (world.py).
    process = town.things["process"]
    process.title, process.problem = f"{word} prosess", f"{word} problem"
    process.target_group, process.mandate = f"{word} målgruppe", f"{word} mandat"
    process.save()
    for number, text in enumerate((f"{word} første ord", process.problem), 1):
        ProblemVersion.objects.create(
            municipality=town.municipality,
            process=process,
            number=number,
            text=text,
            because=f"{word} forstått",
        )
    town.things["result"] = ProcessResult.objects.create(
        municipality=town.municipality,
        process=process,
        kind=ResultKind.UNDERSTANDING,
        title=f"{word} resultat",
    )
    town.things["win"] = Win.objects.create(
        municipality=town.municipality, process=process, text=f"{word} seier", on=timezone.localdate()
    )
    # Of the unit's own, in no partnership.
    town.things["loose_process"] = ProcessFactory.create(
        municipality=town.municipality, unit=town.unit, title=f"{word} løs prosess"
    )
    town.things["public_process"] = ProcessFactory.create(
        municipality=town.municipality,
        unit=town.unit,
        title="Offentlig prosess",
        problem="",
        public_at=process.created_at,
    )


def _process(world: Any, place: Place) -> dict[str, Any]:
    return {"pk": world.town(place).things["process"].pk}


def _loose(world: Any, place: Place) -> dict[str, Any]:
    return {"pk": world.town(place).things["loose_process"].pk}


def _under(thing: str, argument: str) -> Any:
    return lambda world, place: {
        **_process(world, place), argument: world.town(place).things[thing].pk,
    }  # fmt: skip


def _edits(get: bool = True, path: Any = _process, **data: Any) -> Row:
    cell = f"{EDITORS}:%s {ONLY_SEE}:403 *:404 anonymous:login"
    return Row(get=cell % 200 if get else "", post=cell % 302, path=path, data=lambda _world: data)


ROWS: dict[str, Row] = {
    "processes": Row(get=f"{READERS},participant:200 *:403 anonymous:login"),
    "process_start": Row(
        get=f"{EDITORS}:200 *:403 anonymous:login",
        post=f"{EDITORS}:302 *:403 anonymous:login",
        data=lambda _world: {"title": "Prøve kveldskafé"},
    ),
    # A form that says too little comes back.
    "preparation": Row(
        get="coordinator,chief:200 *:403 anonymous:login",
        post="coordinator,chief:200 *:403 anonymous:login",
    ),
    "process": Row(get=f"{READERS},{SEATED}:200 *:404 anonymous:login", path=_process),
    "process_problem_versions": Row(get=f"{READERS},{SEATED}:200 *:404 anonymous:login", path=_process),
    "process_edit": _edits(title="Ny tittel", duration="short", version=0),
    "process_problem": _edits(problem="Slik ser vi det nå", version=0),
    "process_prepare": _edits(anchored="Sagt ja i ledermøtet", version=0),
    # Of a unit's own, that nobody has said yes to: only who is stopped, and invites, goes on in spite of it.
    "process_stop": Row(
        get="coordinator,unit_leader,place_contact,staff:200 chief,sector_chief:403 *:404 anonymous:login",
        post="unit_leader:302 coordinator,place_contact,staff,chief,sector_chief:403 *:404 anonymous:login",
        path=_loose,
        data=lambda _world: {"because": "Møtet er allerede kunngjort"},
    ),
    "process_phase": _edits(
        path=lambda world, place: {**_process(world, place), "kind": PhaseKind.OPERATE.value},
        paid_by="Prøvefondet",
        version=0,
    ),
    "process_run": _edits(get=False),
    "process_publish": _edits(),
    # In the other one proposals wait, and are answered first.
    "process_end": Row(
        get="coordinator,unit_leader,place_contact,staff:200 chief,sector_chief:403 *:404 anonymous:login",
        post="coordinator,unit_leader,place_contact,staff:302 chief,sector_chief:403 *:404 anonymous:login",
        path=_loose,
        data=lambda _world: {"ended_on": "2026-01-31"},
    ),
    "process_reopen": _edits(get=False),
    "process_result_new": _edits(title="Prøveresultat", kind="offer", version=0),
    "process_result": _edits(path=_under("result", "result"), title="Nytt", kind="offer", version=0),
    # Who may not make that of it is told so on the process's page.
    "process_result_make": _edits(get=False, path=_under("result", "result")),
    "process_result_remove": _edits(get=False, path=_under("result", "result")),
    # Anybody at the table says it.
    "win_new": Row(
        get=f"{EDITORS},{SEATED}:200 chief,sector_chief:403 *:404 anonymous:login",
        post=f"{EDITORS},{SEATED}:302 chief,sector_chief:403 *:404 anonymous:login",
        path=_process,
        data=lambda _world: {"text": "Tolv kom", "on": "2026-01-31"},
    ),
    "win_remove": _edits(get=False, path=_under("win", "win")),
    # Who reads along is for those who hand out roles in the whole municipality.
    "process_guest": Row(
        get=f"coordinator:200 unit_leader,place_contact,staff,centre_leader,organisation_rep,{ONLY_SEE}:403 "
        "*:404 anonymous:login",
        post=f"coordinator:302 unit_leader,place_contact,staff,centre_leader,organisation_rep,{ONLY_SEE}:403 "
        "*:404 anonymous:login",
        path=_process,
        data=lambda _world: {
            "name": "Prøve Mentor", "email": "mentor@prove.example", "valid_to": "2099-01-31",
        },
    ),
    # One that belongs to no partnership: only its own side, and those of the whole municipality.
    "process_attach": Row(
        get="coordinator,unit_leader,place_contact,staff:200 chief,sector_chief:403 *:404 anonymous:login",
        post="coordinator,unit_leader,place_contact,staff:302 chief,sector_chief:403 *:404 anonymous:login",
        path=_loose,
        data=lambda world: {"partnership": world.town(Place.OWN).partnership.pk},
    ),
    # For anybody, once it is made public.
    "process_public": Row(
        get="*:200", foreign_get="*:200", shows_its_own=True,
        path=lambda world, place: {"key": world.town(place).things["public_process"].public_key},
    ),
}  # fmt: skip
