"""The trace, in words."""

from typing import Any

from samskaping.core.services.audit import audit_record
from tests.permissions.frame import Row

_READERS = "coordinator,chief,sector_chief,unit_leader,centre_leader,organisation_rep"

ROWS: dict[str, Row] = {
    "history": Row(get=f"{_READERS}:200 anonymous:login *:403"),
    # The unit of the unit leader, in the sector chief's sector: not the centre's, not the organisation's.
    "object_history": Row(
        get="coordinator,chief,sector_chief,unit_leader:200 centre_leader,organisation_rep:404 "
        "anonymous:login *:403",
        foreign_get=f"{_READERS}:404 anonymous:login *:403",
        path=lambda world, place: {"kind": "enhet", "pk": world.town(place).unit.pk},
    ),
}


def furnish(town: Any, word: str) -> None:
    """Something has happened to each: in the unit, at the centre, in the organisation."""
    for verb, row in (
        ("unit_added", town.unit),
        ("volunteercentre_added", town.centre),
        ("organisation_added", town.organisation),
    ):
        audit_record(verb, row, by=None)
