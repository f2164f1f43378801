"""Shifts, hours, errands, expenses, who comes today, and the screen on the wall.

The crew of things["offer"] is one each of the municipality, the organisation and the centre: the last two are
numbers to all but who keeps them. Herself is the participant with an account.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from partnerships.models import MunicipalitySettings
from tests.factories.volunteers import (
    AssignmentFactory,
    CrewFactory,
    ErrandFactory,
    ShiftFactory,
    VolunteerFactory,
)
from tests.permissions import make
from tests.permissions.areas.offers import RUNS, SEEN, SEES, Secret
from tests.permissions.frame import Place, Row
from volunteers.models import ErrandFor, Expense, HourEntry, HoursMonth, Volunteer, Wall
from volunteers.models.shift import HoursFrom
from volunteers.services.wall import wall_token

# Who knows the municipality's own volunteers at the offer by name, and may change who comes.
KNOWS = "coordinator,unit_leader,place_contact"
ONLY_OTHERS = "centre_leader,organisation_rep"
SEES_ONLY = "chief,sector_chief,guest"
ASKS = "coordinator,unit_leader,place_contact,staff"
PAYS = "coordinator,centre_leader,organisation_rep"
OVERVIEW = "coordinator,chief,sector_chief,unit_leader,centre_leader,organisation_rep,observer"
TODAY = f"{RUNS},staff"


def _thing(name: str) -> Any:
    return lambda world, place: {"pk": world.town(place).things[name].pk}


def _offer(world: Any, place: Place) -> dict[str, Any]:
    return {"pk": world.town(place).things["offer"].pk}


def _of(name: str, **data: Any) -> Any:
    """A form that names a volunteer of one's own town."""
    return lambda world: {"volunteer": world.town(Place.OWN).things[name].pk, **data}


def _own(name: str, **data: Any) -> Row:
    """Her own, and nobody else's."""
    return Row(post="participant:302 *:404 anonymous:login", path=_thing(name), data=lambda _world: data)


_MANY = f"{RUNS}:%s {SEES}:403 *:404 anonymous:login"
_NAMED = f"{KNOWS}:%s {ONLY_OTHERS}:404 {SEES}:403 *:404 anonymous:login"
_MARKED = f"{KNOWS},staff:302 {ONLY_OTHERS}:404 {SEES_ONLY}:403 *:404 anonymous:login"
_TODAY = f"{TODAY}:200 anonymous:login *:403"
_PAYS = f"{PAYS}:%s anonymous:login *:403"
_REFUSES = f"coordinator:%s {ONLY_OTHERS}:404 anonymous:login *:403"
_FOREIGN = f"{PAYS}:404 anonymous:login *:403"
_ERRAND = f"{ASKS}:%s *:404 anonymous:login"
ROWS: dict[str, Row] = {
    "offer_crew": Row(get=SEEN, path=_offer),
    "offer_crew_edit": Row(
        get=_MANY % 200, post=_MANY % 302, path=_offer, data=lambda _world: {"version": 0, "needed": 2}
    ),
    "offer_crew_add": Row(
        get=_MANY % 200,
        post=f"coordinator,unit_leader:302 place_contact,{ONLY_OTHERS}:404 {SEES}:403 *:404 anonymous:login",
        path=_offer,
        data=_of("spare_volunteer"),
    ),
    "offer_crew_out": Row(
        get=_NAMED % 200,
        post=_NAMED % 302,
        path=lambda world, place: {
            **_offer(world, place),
            "volunteer": world.town(place).things["crew_volunteer"].pk,
        },
    ),
    # Answers a form that says too little with the form again.
    "offer_hours": Row(get=_MANY % 200, post=_MANY % 200, path=_offer),
    "occurrence_crew": Row(get=SEEN, path=_thing("occurrence")),
    "shift_set": Row(post=_NAMED % 302, path=_thing("occurrence"), data=_of("crew_volunteer", answer="no")),
    "shift_ask_all": Row(post=_MANY % 302, path=_thing("occurrence")),
    "attendance": Row(
        post=f"{TODAY}:302 {SEES_ONLY}:403 *:404 anonymous:login",
        path=_thing("occurrence"),
        data=lambda _world: {"all": "1"},
    ),
    "attendance_one": Row(post=_MARKED, path=_thing("occurrence"), data=_of("crew_volunteer", came="yes")),
    "shift_thank": Row(
        post=_MARKED, path=_thing("occurrence"), data=_of("crew_volunteer", words="Så fint du sang!")
    ),
    # --- Herself -----------------------------------------------------------------------------------------
    "my_shifts": Row(get="anonymous:login *:200"),
    "my_shift_answer": _own("occurrence", answer="yes"),
    "my_every_time": _own("my_assignment", on="1"),
    "my_errand": Row(
        get="participant:200 *:404 anonymous:login",
        post="participant:302 *:404 anonymous:login",
        path=_thing("errand"),
        data=lambda _world: {"answer": "take"},
    ),
    "my_hours": Row(get="anonymous:login *:200", post="anonymous:login *:200"),
    "my_hours_correct": _own("my_hour_entry", hours="1,5"),
    "my_expenses": Row(get="anonymous:login *:200", post="anonymous:login *:200"),
    "my_expense_out": _own("expense"),
    # --- One for one thing --------------------------------------------------------------------------------
    "errands": Row(get=f"{ASKS}:200 anonymous:login *:403"),
    "errand_new": Row(get=f"{ASKS}:200 anonymous:login *:403", post=f"{ASKS}:200 anonymous:login *:403"),
    "errand": Row(get=_ERRAND % 200, path=_thing("errand")),
    "errand_cancel": Row(get=_ERRAND % 200, post=_ERRAND % 302, path=_thing("errand")),
    "errand_done": Row(post=_ERRAND % 302, path=_thing("errand")),
    # --- What was laid out, and what was given ----------------------------------------------------------
    "expenses": Row(get=_PAYS % 200, post=_PAYS % 302),
    "expenses_csv": Row(post=_PAYS % 200),
    "expense_refuse": Row(
        get=_REFUSES % 200,
        post=_REFUSES % 302,
        foreign_get=_FOREIGN,
        foreign_post=_FOREIGN,
        path=_thing("expense"),
        data=lambda _world: {"because": "Det var avtalt gratis."},
    ),
    "expense_new": Row(
        get="coordinator:200 unit_leader,place_contact,staff:403 *:404 anonymous:login",
        post="coordinator:200 unit_leader,place_contact,staff:403 *:404 anonymous:login",
        path=_thing("crew_volunteer"),
    ),
    "hours": Row(get=f"{OVERVIEW},place_contact:200 anonymous:login *:403"),
    "hours_csv": Row(post=f"{OVERVIEW}:200 anonymous:login *:403"),
    # --- On the spot ---------------------------------------------------------------------------------------
    "on_site": Row(get=_TODAY),
    "walls": Row(get=f"{KNOWS}:200 anonymous:login *:403", post=f"{KNOWS}:200 anonymous:login *:403"),
    "wall_out": Row(post=f"{KNOWS}:302 *:404 anonymous:login", path=_thing("wall")),
    # The link is the key: a screen on a wall has nobody who signs in.
    "wall": Row(
        get="*:200",
        foreign_get="*:200",
        shows_its_own=True,
        path=lambda world, place: {"token": world.town(place).things["wall_token"].text},
    ),
}


def furnish(town: Any, word: str) -> None:
    settings = MunicipalitySettings.objects.get(municipality=town.municipality)
    settings.modules = {"shifts": True}
    settings.save()
    offer, occurrence = town.things["offer"], town.things["occurrence"]
    CrewFactory.create(offer=offer, needed=3, places=5)
    of_organisation, of_centre = town.people["organisation"], town.people["centre"]
    mine = _volunteer(town.things["participant"].person)
    crew = [
        AssignmentFactory.create(offer=offer, volunteer=volunteer)
        for volunteer in (
            VolunteerFactory.create(
                person=make.person(town.municipality, f"{word} Sang", email=f"sang-{word}@prove.example")
            ),
            _volunteer(of_organisation),
            _volunteer(of_centre),
            mine,
        )
    ]
    for assignment in crew:
        ShiftFactory.create(occurrence=occurrence, volunteer=assignment.volunteer)
    errand = ErrandFactory.create(unit=town.unit, words=f"{word} tur", area_words=f"{word} sentrum")
    ErrandFor.objects.create(
        municipality=town.municipality, errand=errand, first_name=word, meet_at=f"{word} resepsjon"
    )
    today = timezone.localdate()
    expense = Expense.objects.create(
        municipality=town.municipality,
        volunteer=mine,
        day=today - timedelta(days=1),
        km=12,
        words=f"{word} tur",
    )
    entry = HourEntry.objects.create(
        municipality=town.municipality,
        volunteer=mine,
        offer=offer,
        day=today - timedelta(days=1),
        minutes=60,
        source=HoursFrom.TOLD,
    )
    HoursMonth.objects.create(
        municipality=town.municipality, offer=offer, month=entry.day.replace(day=1), minutes=60, entries=1
    )
    wall = Wall.objects.create(municipality=town.municipality, unit=town.unit, name=f"{word} vaktrom")
    spare = VolunteerFactory.create(
        person=make.person(town.municipality, f"{word} Ledig", email=f"ledig-{word}@prove.example"),
        unit=town.unit,
    )
    town.things |= {
        "crew_volunteer": crew[0].volunteer,
        "my_assignment": crew[3],
        "spare_volunteer": spare,
        "errand": errand,
        "expense": expense,
        "my_hour_entry": entry,
        "wall": wall,
        "wall_token": Secret(wall_token(wall)),
    }


def _volunteer(person: Any) -> Volunteer:
    """Another part may have made her one already."""
    found = Volunteer.objects.filter(person=person).first()
    made: Volunteer = found or VolunteerFactory.create(person=person)
    return made
