"""Partnerships, their parties and what happens in them."""

from tests.permissions.frame import Row

WORKERS = "coordinator,chief,sector_chief,unit_leader,place_contact,staff,centre_leader,organisation_rep"

ROWS: dict[str, Row] = {
    "partnerships": Row(get=f"{WORKERS},guest:200 *:403 anonymous:login"),
    "partnership": Row(
        get=f"{WORKERS},guest:200 *:404 anonymous:login",
        path=lambda world, place: {"pk": world.town(place).partnership.pk},
    ),
}
