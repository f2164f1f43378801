"""Ansvarskart: the municipality's, a unit's and a partnership's, with a duty held and one asked about."""

from typing import Any

from django.utils import timezone

from partnerships.models import Duty, DutyHolder, ResponsibilityMap
from partnerships.models.responsibility import DutyGroup, HolderPart
from tests.permissions.frame import Place, Row

WORKERS = "coordinator,chief,sector_chief,unit_leader,place_contact,staff,centre_leader,organisation_rep"
PARTIES = "coordinator,unit_leader,centre_leader,organisation_rep"
SEES_ONLY = "chief,sector_chief,place_contact,staff"


def _thing(name: str) -> Any:
    return lambda world, place: {"pk": world.town(place).things[name].pk}


def _partnership(world: Any, place: Place) -> dict[str, int]:
    return {"pk": world.town(place).partnership.pk}


# Whoever sees the municipality's map may not change it; of a partnership's, the parties may.
EDITED = f"{PARTIES}:200 {SEES_ONLY}:403 guest:403 *:404 anonymous:login"
DONE = f"{PARTIES}:302 {SEES_ONLY}:403 guest:403 *:404 anonymous:login"
# Names are not for guests: what somebody holds is not there for them.
HELD = f"{PARTIES}:200 {SEES_ONLY}:403 *:404 anonymous:login"
LET_GO = f"{PARTIES}:302 {SEES_ONLY}:403 *:404 anonymous:login"

ROWS: dict[str, Row] = {
    "responsibility_maps": Row(get=f"{WORKERS},observer:200 *:403 anonymous:login"),
    "responsibility_map_new": Row(post="coordinator:302 *:403 anonymous:login"),
    "my_duties": Row(get="anonymous:login *:200"),
    "responsibility_map": Row(
        get=f"{WORKERS},observer:200 *:404 anonymous:login", path=_thing("map_of_unit")
    ),
    "responsibility_sheet": Row(
        get=f"{WORKERS},guest:200 *:404 anonymous:login", path=_thing("map_of_partnership")
    ),
    "responsibility_compare": Row(
        get=f"{WORKERS},guest:200 *:404 anonymous:login", path=_thing("map_of_partnership")
    ),
    "duty_new": Row(
        get="coordinator,unit_leader:200 chief,sector_chief,place_contact,staff,centre_leader,"
        "organisation_rep,observer:403 *:404 anonymous:login",
        post="coordinator,unit_leader:200 chief,sector_chief,place_contact,staff,centre_leader,"
        "organisation_rep,observer:403 *:404 anonymous:login",
        path=_thing("map_of_unit"),
    ),
    "duty": Row(get=f"{WORKERS},guest:200 *:404 anonymous:login", path=_thing("duty")),
    "duty_change": Row(get=EDITED, post=EDITED, path=_thing("duty")),
    "duty_move": Row(post=DONE, path=_thing("duty"), data=lambda _world: {"to": "down"}),
    "duty_remove": Row(get=EDITED, post=DONE, path=_thing("duty")),
    "duty_hand_over": Row(get=EDITED, post=EDITED, path=_thing("duty")),
    "duty_deputy": Row(get=EDITED, post=EDITED, path=_thing("duty")),
    # The staff member is who is asked, and who has said yes.
    "handover_answer": Row(
        get=f"{PARTIES},staff:200 chief,sector_chief,place_contact:403 *:404 anonymous:login",
        post=f"{PARTIES},staff:302 chief,sector_chief,place_contact:403 *:404 anonymous:login",
        path=_thing("asked"),
        data=lambda _world: {"answer": "yes"},
    ),
    "handover_withdraw": Row(post=LET_GO, path=_thing("asked")),
    "holder_leaves": Row(
        get=f"{PARTIES},staff:200 chief,sector_chief,place_contact:403 *:404 anonymous:login",
        post=f"{PARTIES},staff:302 chief,sector_chief,place_contact:403 *:404 anonymous:login",
        path=_thing("held"),
        data=lambda _world: {"leaves_on": "2027-02-01"},
    ),
    "deputy_end": Row(
        post=f"{PARTIES},place_contact:302 chief,sector_chief,staff:403 *:404 anonymous:login",
        path=_thing("deputy"),
    ),
    "partnership_map": Row(get=f"{WORKERS},guest:200 *:404 anonymous:login", path=_partnership),
    # Refused in words: it has duties of its own already.
    "partnership_duties": Row(post=DONE, path=_partnership),
    "partnership_duty_new": Row(get=EDITED, post=EDITED, path=_partnership),
}


def furnish(town: Any, word: str) -> None:
    """The partnership's duty: the staff member has it and is asked to have another, with a deputy."""
    place, staff = town.municipality, town.members["staff"].person
    whole = ResponsibilityMap.objects.create(municipality=place)
    of_unit = ResponsibilityMap.objects.create(municipality=place, unit=town.unit)
    own = ResponsibilityMap.objects.create(municipality=place, partnership=town.partnership, inherits=of_unit)
    for plan in (whole, of_unit):
        Duty.objects.create(
            municipality=place, map=plan, group=DutyGroup.LEADERS, text=f"{word} setter av tid", order=1
        )
    duty, other = (
        Duty.objects.create(
            municipality=place, map=own, group=DutyGroup.STAFF, text=f"{word} {what}", order=order
        )
        for order, what in enumerate(("låser opp", "koker kaffe"), start=1)
    )

    def put(duty: Duty, part: HolderPart, person: Any, *, yes: bool) -> DutyHolder:
        return DutyHolder.objects.create(
            municipality=place,
            duty=duty,
            part=part,
            person=person,
            unit=town.unit,
            accepted_at=timezone.now() if yes else None,
        )

    town.things |= {
        "map_of_unit": of_unit,
        "map_of_partnership": own,
        "duty": duty,
        "held": put(duty, HolderPart.HOLDER, staff, yes=True),
        "asked": put(other, HolderPart.HOLDER, staff, yes=False),
        "deputy": put(other, HolderPart.DEPUTY, town.members["place_contact"].person, yes=True),
    }
