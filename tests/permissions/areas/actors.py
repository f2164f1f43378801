"""«Folk og lag»: all who work here see who is here; each writes its own."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from partnerships.models import ActorImport, Contact, Person
from samskaping.core.models import StoredFile
from tests.permissions.frame import Place, Row

WORKERS = (
    "coordinator,chief,sector_chief,unit_leader,place_contact,staff,centre_leader,organisation_rep,observer"
)
EDITORS = "coordinator,chief"
READERS = "sector_chief,unit_leader,place_contact,staff,centre_leader,observer"
UNIT_MAKERS = "coordinator,chief,sector_chief,unit_leader"


def _one(world: Any, place: Place) -> Mapping[str, Any]:
    return {"slug": "lag", "pk": world.town(place).organisation.pk}


def _thing(name: str) -> Callable[[Any, Place], Mapping[str, Any]]:
    return lambda world, place: {"pk": world.town(place).things[name].pk}


def _form(world: Any) -> dict[str, str]:
    own = world.town(Place.OWN).organisation
    return {"name": own.name, "kind": "association", "language": "nb", "version": str(own.version)}


LIST = Row(get=f"{WORKERS}:200 anonymous:login *:403")
SEEN = f"{WORKERS}:200 anonymous:login *:404"
WRITTEN = f"{EDITORS},organisation_rep:%s {READERS}:403 anonymous:login *:404"
# A spreadsheet may hold more than what is taken in, so it is there for nobody else.
IMPORTED = f"{EDITORS}:%s anonymous:login *:404"

ROWS: dict[str, Row] = {
    "actors": LIST,
    "organisations": LIST,
    "centres": LIST,
    "units": LIST,
    "actor_overview": LIST,
    "actor": Row(get=SEEN, path=_one),
    # A form that says too little comes back.
    "actor_add": Row(
        get=f"{UNIT_MAKERS}:200 anonymous:login *:403",
        post=f"{UNIT_MAKERS}:200 anonymous:login *:403",
        foreign_get=f"{EDITORS}:200 anonymous:login *:403",
        foreign_post=f"{EDITORS}:200 anonymous:login *:403",
        path=lambda _world, place: {"slug": "enheter" if place == Place.OWN else "lag"},
    ),
    "actor_imports": Row(
        get=f"{EDITORS}:200 anonymous:login *:403", post=f"{EDITORS}:200 anonymous:login *:403"
    ),
    # Nothing is ticked, so nothing is saved and the rows come back.
    "actor_import": Row(get=IMPORTED % 200, post=IMPORTED % 200, path=_thing("import_waiting")),
    "actor_import_columns": Row(
        get=IMPORTED % 200,
        post=IMPORTED % 302,
        path=_thing("import_waiting"),
        data=lambda _world: {"column_0": "name"},
    ),
    "actor_import_discard": Row(post=IMPORTED % 302, path=_thing("import_waiting")),
    "actor_import_undo": Row(get=IMPORTED % 200, post=IMPORTED % 302, path=_thing("import_saved")),
    "actor_edit": Row(get=WRITTEN % 200, post=WRITTEN % 302, path=_one, data=_form),
    "actor_end": Row(get=WRITTEN % 200, post=WRITTEN % 302, path=_one),
    "actor_resume": Row(post=WRITTEN % 302, path=_one),
    "actor_contact": Row(get=WRITTEN % 200, post=WRITTEN % 200, path=_one),
    "organisation_check": Row(
        post=WRITTEN % 302, path=lambda world, place: {"pk": world.town(place).organisation.pk}
    ),
    # An observer sees no contacts, so this one is not there for her.
    "actor_contact_end": Row(
        get="coordinator,chief,organisation_rep:200 "
        "sector_chief,unit_leader,place_contact,staff,centre_leader:403 anonymous:login *:404",
        post="coordinator,chief,organisation_rep:302 "
        "sector_chief,unit_leader,place_contact,staff,centre_leader:403 anonymous:login *:404",
        path=_thing("actor_contact"),
    ),
}


def furnish(town: Any, word: str) -> None:
    person = Person.objects.create(
        municipality=town.municipality,
        controller_organisation=town.organisation,
        name=f"{word} kontakt for laget",
        email=f"lagskontakt-{word}@prove.example",
    )
    town.things["actor_contact"] = Contact.objects.create(
        municipality=town.municipality, person=person, organisation=town.organisation, title=f"{word} leder"
    )
    read = {"rows": [[1, ["Navn"]], [2, [f"{word} fra regneark"]]]}
    file = StoredFile.objects.create(
        municipality=town.municipality,
        name=f"{word}.json",
        content_type="application/json",
        size=1,
        sha256="0" * 64,
        content=json.dumps(read).encode(),
    )
    town.things["import_waiting"] = ActorImport.objects.create(
        municipality=town.municipality, name=f"{word}.xlsx", file=file, columns={"0": "name"}
    )
    town.things["import_saved"] = ActorImport.objects.create(
        municipality=town.municipality, name=f"{word} lagret.xlsx", saved_at=timezone.now(), saved_rows=1
    )
