"""Export, erasure and how long things are kept."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from partnerships.models import ErasureRequest, PersonExport
from samskaping.core.models import StoredFile
from tests.permissions.frame import Row

# Who answers for the municipality's people; a centre leader and a representative have their own.
KEEPER = "coordinator"
# Those who see the municipality's people, and those who see the people of their own unit.
EDITORS = "coordinator,chief"
SIGNED_IN_404 = "anonymous:login *:404"


def _municipal(world: Any, place: Any) -> dict[str, int]:
    return {"pk": world.town(place).people["municipal"].pk}


def _asked(world: Any, place: Any) -> dict[str, int]:
    return {"pk": world.town(place).things["erasure"].pk}


def _herself(world: Any, place: Any) -> dict[str, int]:
    return {"pk": world.town(place).members["staff"].person_id}


ROWS: dict[str, Row] = {
    "person": Row(get=f"{EDITORS}:200 {SIGNED_IN_404}", path=_municipal),
    "contact_show": Row(post=f"{KEEPER}:200 chief:403 {SIGNED_IN_404}", path=_municipal),
    "person_edit": Row(
        get=f"{KEEPER}:200 chief:403 {SIGNED_IN_404}",
        post=f"{KEEPER}:200 chief:403 {SIGNED_IN_404}",
        path=_municipal,
    ),
    "person_export": Row(post=f"{KEEPER}:302 chief:403 {SIGNED_IN_404}", path=_municipal),
    "person_hold": Row(
        get=f"{KEEPER}:200 chief:403 {SIGNED_IN_404}",
        post=f"{KEEPER}:302 chief:403 {SIGNED_IN_404}",
        path=_municipal,
        data=lambda _world: {"hold": "1"},
    ),
    "person_erase": Row(
        get=f"{KEEPER}:200 chief:403 {SIGNED_IN_404}",
        post=f"{KEEPER}:302 chief:403 {SIGNED_IN_404}",
        path=_municipal,
    ),
    "erasure_answer": Row(
        get=f"{KEEPER}:200 {SIGNED_IN_404}", post=f"{KEEPER}:200 {SIGNED_IN_404}", path=_asked
    ),
    "retention": Row(get=f"{EDITORS}:200 anonymous:login *:403"),
    "retention_period": Row(
        post=f"{EDITORS}:302 anonymous:login *:403",
        foreign_post=f"{EDITORS}:404 anonymous:login *:403",
        path=lambda _world, place: {"key": "notices" if place.value == "own" else place.value},
        data=lambda _world: {"days": "400"},
    ),
    "own_data": Row(get="anonymous:login *:200"),
    # A colleague's row is not there, whoever asks.
    "own_export": Row(post=f"staff:302 {SIGNED_IN_404}", path=_herself),
    "own_erasure": Row(get=f"staff:200 {SIGNED_IN_404}", post=f"staff:302 {SIGNED_IN_404}", path=_herself),
}


def furnish(town: Any, word: str) -> None:
    """Somebody who wants to be forgotten, and a copy made for the coordinator alone."""
    place, person = town.municipality, town.people["municipal"]
    town.things["erasure"] = ErasureRequest.objects.create(
        municipality=place, person=person, answer_by=timezone.localdate() + timedelta(days=30)
    )
    copy = StoredFile.objects.create(
        municipality=place,
        name=f"{word}.zip",
        content_type="application/zip",
        size=4,
        sha256="0" * 64,
        content=b"bits",
    )
    town.things["copy"] = PersonExport.objects.create(
        municipality=place,
        person=person,
        asked_by=town.members["coordinator"].user,
        file=copy,
        made_at=timezone.now(),
    )
