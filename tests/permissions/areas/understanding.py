"""«Dette er vi enige om»: who reads it, who writes what, and for whom."""

from typing import Any

from django.utils import timezone

from partnerships.models.understanding import UnderstandingState
from tests.factories.work import UnderstandingFactory, UnderstandingSideFactory
from tests.permissions.areas.partnerships import READERS as WORKERS
from tests.permissions.frame import Place, Row

READ = f"{WORKERS},guest:200 *:404 anonymous:login"
EDITORS = "coordinator,chief,sector_chief,unit_leader,centre_leader,organisation_rep"
ONLY_READ = "place_contact,staff,guest:403 *:404 anonymous:login"
# The organisation's side: its own alone, since it has somebody in the portal.
ORGANISATIONS = f"{WORKERS.replace(',organisation_rep', '')},guest:403 *:404 anonymous:login"


def _partnership(world: Any, place: Place) -> dict[str, Any]:
    return {"pk": world.town(place).partnership.pk}


def _side(world: Any, place: Place) -> dict[str, Any]:
    side = world.town(place).things["organisations_side"]
    return {"pk": side.party.partnership_id, "party": side.party_id}


def _version(world: Any, _place: Place = Place.OWN) -> dict[str, Any]:
    return {"version": world.town(Place.OWN).things["understanding"].version}


ROWS: dict[str, Row] = {
    "understanding": Row(get=READ, path=_partnership),
    "understanding_versions": Row(get=READ, path=_partnership),
    "understanding_version": Row(
        get=READ, path=lambda world, place: {**_partnership(world, place), "number": 1}
    ),
    "understanding_together": Row(
        get=f"{EDITORS}:200 {ONLY_READ}", post=f"{EDITORS}:200 {ONLY_READ}", path=_partnership
    ),
    "understanding_propose": Row(post=f"{EDITORS}:302 {ONLY_READ}", path=_partnership, data=_version),
    "understanding_side": Row(
        get=f"organisation_rep:200 {ORGANISATIONS}", post=f"organisation_rep:200 {ORGANISATIONS}", path=_side
    ),
    "understanding_object": Row(
        get=f"organisation_rep:200 {ORGANISATIONS}", post=f"organisation_rep:200 {ORGANISATIONS}", path=_side
    ),
    "understanding_confirm": Row(post=f"organisation_rep:302 {ORGANISATIONS}", path=_side, data=_version),
}


def furnish(town: Any, word: str) -> None:
    made = UnderstandingFactory.create(
        partnership=town.partnership,
        shall=[f"{word} hver torsdag"],
        state=UnderstandingState.PROPOSED,
        proposed_at=timezone.now(),
    )
    town.things["understanding"] = made
    party = town.partnership.parties.get(organisation=town.organisation)
    town.things["organisations_side"] = UnderstandingSideFactory.create(
        understanding=made, party=party, wishes=f"{word} ønsker"
    )
