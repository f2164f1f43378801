"""Volunteers: who may know them, and what their keeper does. What others keep is a number here."""

from typing import Any

from django.utils import timezone

from partnerships.models import RequirementKind
from tests.factories.volunteers import AssignmentFactory, VolunteerFactory
from tests.permissions.frame import Place, Row
from volunteers.models import Exemption, Guardian, Volunteer, VolunteerImport, VolunteerShare
from volunteers.models.requirement import MetBy, PoliceBasis, PoliceOutcome
from volunteers.services.guardian import guardian_token
from volunteers.services.police import police_fact_set
from volunteers.services.requirement import exemption_give, requirement_met

# The municipality's own volunteer, at the unit's offer whose contact is the place contact.
KEEPS = "coordinator"
SEES = "unit_leader,place_contact"
KEEPERS = "coordinator,centre_leader,organisation_rep"
# Staff know who comes today, and no page about her; what is done with her is not theirs.
KNOWS_TODAY = f"{SEES},staff"


def _thing(name: str, key: str = "pk") -> Any:
    return lambda world, place: {key: world.town(place).things[name].pk}


def _kept(path: Any = None, *, get: bool = True, post: int = 302, **data: Any) -> Row:
    cell = f"{KEEPS}:%s {KNOWS_TODAY}:403 *:404 anonymous:login"
    return Row(
        get=cell % 200 if get else "",
        post=cell % post if post else "",
        path=path or _thing("volunteer"),
        data=lambda _world: data,
    )


def _with_kind(world: Any, place: Place) -> dict[str, Any]:
    things = world.town(place).things
    return {"pk": things["volunteer"].pk, "kind": things["volunteer_kind"].pk}


def _import(*, get: int = 200, post: int = 302, **data: Any) -> Row:
    """Another controller's is not there; whoever keeps nobody is told so first."""
    cell = "coordinator:%s centre_leader,organisation_rep:404 *:403 anonymous:login"
    foreign = f"{KEEPERS}:404 *:403 anonymous:login"
    return Row(
        get=cell % get if get else "",
        post=cell % post if post else "",
        foreign_get=foreign,
        foreign_post=foreign,
        path=_thing("volunteer_import"),
        data=lambda _world: data,
    )


ROWS: dict[str, Row] = {
    "volunteers": Row(get=f"{KEEPERS},{SEES}:200 *:403 anonymous:login"),
    "volunteers_unnamed": Row(get=f"{KEEPERS},{SEES}:200 *:403 anonymous:login"),
    "volunteers_csv": Row(post=f"{KEEPERS}:200 *:403 anonymous:login"),
    "volunteer_new": Row(
        get=f"{KEEPERS}:200 *:403 anonymous:login",
        post=f"{KEEPERS}:302 *:403 anonymous:login",
        data=lambda _world: {
            "name": "Prøve Ny",
            "channel": "email",
            "email": "ny@prove.example",
            "anyway": "1",
        },
    ),
    "volunteer": Row(get=f"{KEEPS},{SEES}:200 *:404 anonymous:login", path=_thing("volunteer")),
    "volunteer_contact_show": _kept(get=False, post=200),
    "volunteer_edit": _kept(version=0),
    "volunteer_contact": _kept(name="Prøve", language="nb", channel="letter"),
    "volunteer_guardian": _kept(post=200),
    "volunteer_guardian_out": _kept(get=False),
    "volunteer_guardian_ask": _kept(get=False),
    # The link says that it is about somebody, to whoever holds it; the code decides who sees about whom.
    "guardian_open": Row(
        get="*:200",
        post="*:302",
        foreign_get="*:200",
        foreign_post="*:302",
        shows_its_own=True,
        path=lambda world, place: {"token": guardian_token(world.town(place).things["guardian"])},
    ),
    "guardian_code": Row(get="*:410", post="*:410"),
    "volunteer_activate": _kept(get=False),
    "volunteer_answered": _kept(get=False),
    "volunteer_pause": _kept(),
    "volunteer_return": _kept(get=False),
    "volunteer_end": _kept(on="2026-01-31"),
    "volunteer_end_undo": _kept(get=False),
    "assignment_new": _kept(post=200),
    "assignment_state": Row(
        post=f"{KEEPS}:302 {SEES}:403 *:404 anonymous:login",
        path=_thing("volunteer_assignment"),
        data=lambda _world: {"state": "paused"},
    ),
    "assignment_share": Row(
        post=f"{KEEPS}:302 {SEES}:403 *:404 anonymous:login",
        path=_thing("volunteer_assignment"),
        data=lambda _world: {"what": "offer"},
    ),
    "volunteer_share_end": Row(
        post=f"{KEEPS}:302 {SEES}:403 *:404 anonymous:login", path=_thing("volunteer_shared")
    ),
    # --- What she must have -------------------------------------------------------------------------------
    "requirements_expiring": Row(get=f"{KEEPERS},place_contact:200 *:403 anonymous:login"),
    "volunteer_requirements": _kept(post=0),
    "volunteer_requirement": _kept(_with_kind, met="1", how="shown", on="2026-01-31"),
    "volunteer_requirement_ask": _kept(_with_kind, get=False),
    "volunteer_requirement_clear": _kept(_with_kind, get=False),
    "volunteer_exemption_end": _kept(_with_kind, get=False),
    "volunteer_police": Row(
        get=f"{KEEPS}:200 {SEES}:403 *:404 anonymous:login",
        post=f"{KEEPS}:302 {SEES}:403 *:404 anonymous:login",
        path=_thing("volunteer"),
        data=lambda _world: {"outcome": "not_required"},
    ),
    "volunteer_police_remove": Row(
        post=f"{KEEPS}:302 {SEES}:403 *:404 anonymous:login", path=_thing("volunteer")
    ),
    "police_responsible": Row(
        get="centre_leader,organisation_rep:200 *:403 anonymous:login",
        post="centre_leader,organisation_rep:302 *:403 anonymous:login",
    ),
    # --- Two that are one, and many at once ----------------------------------------------------------------
    # What is sent without a word about what: nothing, and what is missing is told.
    "volunteer_papers": _kept(post=200),
    "volunteer_merge": _kept(post=0),
    "volunteer_merge_with": _kept(
        lambda world, place: {
            "pk": world.town(place).things["volunteer"].pk,
            "other": world.town(place).things["volunteer_twice"].pk,
        }
    ),
    "volunteer_imports": Row(
        get=f"{KEEPERS}:200 *:403 anonymous:login", post=f"{KEEPERS}:200 *:403 anonymous:login"
    ),
    "volunteer_import": _import(post=200),
    # It is saved: what its columns are is settled.
    "volunteer_import_columns": _import(get=302),
    "volunteer_import_discard": _import(get=0),
    "volunteer_import_undo": _import(),
}


def furnish(town: Any, word: str) -> None:
    coordinator = town.members["coordinator"]
    offer, people = town.things["offer"], town.people
    volunteer = VolunteerFactory.create(
        person=people["municipal"],
        unit=town.unit,
        motive=f"{word} vil hjelpe",
        interests_words=f"{word} synger",
    )
    assignment = AssignmentFactory.create(volunteer=volunteer, offer=offer)
    for kept in ("organisation", "centre"):
        # At the same offer, and not shared: numbers there.
        person = people[kept]
        theirs = Volunteer.objects.filter(person=person).first() or VolunteerFactory.create(person=person)
        if not theirs.assignments.filter(offer=offer).exists():
            AssignmentFactory.create(volunteer=theirs, offer=offer)
    twice = VolunteerFactory.create(person__municipality=town.municipality, person__name=f"{word} igjen")
    kind = RequirementKind.objects.get(municipality=town.municipality, key="ved-tilbudet")
    today = timezone.localdate()
    requirement_met(volunteer=volunteer, kind=kind, how=MetBy.SHOWN, on=today, by=coordinator.user)
    exemption: Exemption = exemption_give(
        volunteer=volunteer, kind=kind, because=f"{word} prøver seg", until=today, by=coordinator.user
    )
    police_fact_set(
        volunteer=volunteer,
        outcome=PoliceOutcome.ASKED,
        basis=PoliceBasis.HEALTH_AND_CARE,
        asked_on=today,
        by=coordinator.user,
    )
    guardian = Guardian.objects.create(
        municipality=town.municipality,
        volunteer=volunteer,
        name=f"{word} foresatt",
        email=f"foresatt-{word}@prove.example",
    )
    share = VolunteerShare.objects.create(
        municipality=town.municipality, volunteer=volunteer, offer=offer, by=coordinator.user
    )
    made = VolunteerImport.objects.create(
        municipality=town.municipality,
        file_name=f"{word}.csv",
        by=coordinator.user,
        rows=1,
        done=1,
        asked_at=timezone.now(),
        saved_at=timezone.now(),
    )
    town.things.update(
        {
            "volunteer": volunteer,
            "volunteer_assignment": assignment,
            "volunteer_kind": kind,
            "volunteer_exemption": exemption,
            "volunteer_shared": share,
            "volunteer_twice": twice,
            "volunteer_import": made,
            "guardian": guardian,
        }
    )
