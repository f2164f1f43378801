"""Partnerships, their parties and what happens in them."""

from typing import Any

from partnerships.models import NeighbourAsk
from partnerships.models.partnership import LogKind
from partnerships.services.log_entry import log_add
from samskaping.core.models import Municipality
from tests.factories.work import ContactFactory, GrantFactory, LogEntryFactory
from tests.permissions import make
from tests.permissions.frame import Place, Row

READERS = "coordinator,chief,sector_chief,unit_leader,place_contact,staff,centre_leader,organisation_rep"
EDITORS = "coordinator,chief,sector_chief,unit_leader,centre_leader,organisation_rep"
WHOLE = "coordinator,chief"
# With the partnership, and not of the municipality's whole.
OTHERS_WITH = "sector_chief,unit_leader,place_contact,staff,centre_leader,organisation_rep"
# Whoever speaks for the organisation, and those who see it beside her.
SPEAKS = "coordinator,chief,organisation_rep"
SEES = "sector_chief,unit_leader,place_contact,staff,centre_leader"
ONLY_SEE = "place_contact,staff,guest"


def furnish(town: Any, word: str) -> None:
    found = town.partnership
    found.purpose = f"{word} formål"
    found.save()
    party = found.parties.get(organisation=town.organisation)
    asked = make.organisation(town.municipality, f"{word} spurt lag")
    town.things["party"] = party
    town.things["asked_party"] = make.party(found, accepted=False, organisation=asked)
    town.things["contact"] = ContactFactory.create(
        party=party, person=town.people["municipal"], municipality=town.municipality, title=f"{word} leder"
    )
    town.things["log"] = log_add(
        partnership=found,
        kind=LogKind.PHONE,
        line=f"{word} notat",
        who=f"{word} navn",
        by=town.members["coordinator"].user,
    )
    LogEntryFactory.create(partnership=found, line=f"{word} referat")
    town.things["grant"] = GrantFactory.create(partnership=found, source=f"{word} stiftelse")
    # To this town, from one that is none of the three.
    elsewhere = make.partnership(Municipality.objects.get(number="0301"), f"{word} naboens")
    town.things["neighbour_ask"] = NeighbourAsk.objects.create(
        municipality=elsewhere.municipality,
        partnership=elsewhere,
        asked_municipality=town.municipality,
        name=f"{word} ønsket lag",
    )
    town.things["own_ask"] = NeighbourAsk.objects.create(
        municipality=town.municipality,
        partnership=found,
        asked_municipality=elsewhere.municipality,
        name=f"{word} lag der borte",
    )


def _partnership(world: Any, place: Place) -> dict[str, Any]:
    return {"pk": world.town(place).partnership.pk}


def _thing(name: str) -> Any:
    return lambda world, place: {"pk": world.town(place).things[name].pk}


def _edits(get: bool = True, **data: Any) -> Row:
    """A page, or a button, for those who run the partnership."""
    cell = f"{EDITORS}:%s {ONLY_SEE}:403 *:404 anonymous:login"
    return Row(get=cell % 200 if get else "", post=cell % 302, path=_partnership, data=lambda _world: data)


ROWS: dict[str, Row] = {
    "partnerships": Row(get=f"{READERS},guest:200 *:403 anonymous:login"),
    "partnership_board": Row(get=f"{READERS},guest:200 *:403 anonymous:login"),
    "party_names": Row(get=f"{READERS},guest:200 *:403 anonymous:login"),
    "partnership_start": Row(
        get=f"{EDITORS}:200 *:403 anonymous:login",
        post=f"{EDITORS}:302 *:403 anonymous:login",
        data=lambda _world: {"title": "Prøve møteplass", "template": "samarbeid-moteplass"},
    ),
    "partnership": Row(get=f"{READERS},guest:200 *:404 anonymous:login", path=_partnership),
    "partnership_log": Row(get=f"{READERS},guest:200 *:404 anonymous:login", path=_partnership),
    "partnership_edit": _edits(title="Ny tittel", version=0),
    "partnership_phase": _edits(phase="development"),
    "partnership_track": _edits(get=False),
    "partnership_pause": _edits(because="Ferie"),
    "partnership_resume": _edits(get=False),
    "partnership_end": _edits(ended_on="2026-01-31"),
    "partnership_reopen": _edits(get=False),
    "party_new": Row(
        get=f"{EDITORS}:200 {ONLY_SEE}:403 *:404 anonymous:login",
        post=f"{EDITORS}:302 {ONLY_SEE}:403 *:404 anonymous:login",
        path=_partnership,
        data=lambda world: {"name": world.town(Place.OWN).other_unit.name},
    ),
    "party_asked": Row(
        get=f"{WHOLE}:200 {OTHERS_WITH},guest:403 *:404 anonymous:login",
        post=f"{WHOLE}:302 {OTHERS_WITH},guest:403 *:404 anonymous:login",
        path=_thing("asked_party"),
        data=lambda _world: {"yes": "1"},
    ),
    "party_out": Row(
        get=f"{SPEAKS}:200 {SEES},guest:403 *:404 anonymous:login",
        post=f"{SPEAKS}:302 {SEES},guest:403 *:404 anonymous:login",
        path=_thing("party"),
    ),
    "party_contact": Row(
        get=f"{SPEAKS}:200 {SEES},guest:403 *:404 anonymous:login",
        post=f"{SPEAKS}:302 {SEES},guest:403 *:404 anonymous:login",
        path=_thing("party"),
        data=lambda _world: {"name": "Prøve Kontakt", "phone": "90000001"},
    ),
    "party_contact_remove": Row(
        post=f"{SPEAKS}:302 {SEES}:403 *:404 anonymous:login", path=_thing("contact")
    ),
    "neighbour_asked": Row(
        get=f"{WHOLE}:200 *:404 anonymous:login",
        post=f"{WHOLE}:302 *:404 anonymous:login",
        path=_thing("neighbour_ask"),
        data=lambda _world: {"no": "1"},
    ),
    "neighbour_withdraw": Row(
        post=f"{EDITORS}:302 place_contact,staff:403 *:404 anonymous:login", path=_thing("own_ask")
    ),
    # One's own note, on the day it is written.
    "log_edit": Row(
        get=f"coordinator:200 chief,{OTHERS_WITH}:403 *:404 anonymous:login",
        post=f"coordinator:302 chief,{OTHERS_WITH}:403 *:404 anonymous:login",
        path=_thing("log"),
        data=lambda _world: {"line": "Ringte igjen"},
    ),
    "log_tick": Row(post=f"{EDITORS}:302 place_contact,staff:403 *:404 anonymous:login", path=_thing("log")),
    "log_new": _edits(kind="note", line="Ringte"),
    "grant_new": _edits(source="Prøvefondet", version=0),
    "grant_edit": Row(
        get=f"{EDITORS}:200 {ONLY_SEE}:403 *:404 anonymous:login",
        post=f"{EDITORS}:302 {ONLY_SEE}:403 *:404 anonymous:login",
        path=_thing("grant"),
        data=lambda _world: {"source": "Prøvefondet", "version": 0},
    ),
    "grant_reported": Row(post=f"{EDITORS}:302 {ONLY_SEE}:403 *:404 anonymous:login", path=_thing("grant")),
}
