"""Drafts of agreements, what is suggested in them, and the texts they begin with."""

from collections.abc import Callable, Mapping
from typing import Any

from agreements.models import AgreementParty
from agreements.services.draft import draft_share
from agreements.services.suggestion import suggestion_make
from agreements.services.text import text_adapt
from samskaping.core.models import ContentTemplate
from tests.factories import agreements as make
from tests.permissions.areas.agreements import DRAFTERS, ONLY_READERS
from tests.permissions.frame import Place, Row

# Who writes for the unit; and the organisation, which is the other party.
OWN_SIDE = "coordinator,chief,sector_chief,unit_leader"
MAY_BEGIN = f"{DRAFTERS},centre_leader"
TEXT = "avtale-samarbeid-lett"


def _at(thing: str, **more: Any) -> Callable[[Any, Place], Mapping[str, Any]]:
    return lambda world, place: {"pk": world.town(place).things[thing].pk, **more}


def _section(world: Any, place: Place) -> dict[str, int]:
    agreement = world.town(place).things["shared_draft"]
    return {"pk": agreement.pk, "section": agreement.sections.get(key="penger").pk}


def _begun(world: Any) -> dict[str, str]:
    town = world.town(Place.OWN)
    parties = (town.unit.name, town.organisation.name, town.centre.name)
    named = {f"party_{number}": name for number, name in enumerate(parties, 1)}
    return {"text": TEXT, "language": "nb", **named}


def _words(_world: Any) -> dict[str, str]:
    return {"heading": "Penger", "text": "Gratis.", "comment": "Slik er det.", "version": "0"}


def _key(world: Any, place: Place) -> dict[str, str]:
    return {"key": world.town(place).things["own_text"].key}


SHARED = f"{DRAFTERS}:200 {ONLY_READERS}:403 anonymous:login *:404"
SHARED_POST = f"{DRAFTERS}:302 {ONLY_READERS}:403 anonymous:login *:404"
BECAUSE = {"because": "Det er avtalt ellers."}
NO_TEXT = f"{MAY_BEGIN}:404 anonymous:login *:403"
# The organisation's own copy.
ITS_TEXT = f"organisation_rep:200 {OWN_SIDE},centre_leader:404 anonymous:login *:403"

ROWS: dict[str, Row] = {
    "agreement_start": Row(
        get=f"{MAY_BEGIN}:200 anonymous:login *:403",
        post=f"{MAY_BEGIN}:302 anonymous:login *:403",
        data=_begun,
    ),
    "agreement_draft": Row(get=SHARED, path=_at("shared_draft")),
    # The towns' logos are no pictures, so the PDF cannot be made: back to the draft, which says so.
    "agreement_preview": Row(get=SHARED_POST, path=_at("shared_draft")),
    "draft_versions": Row(get=SHARED, path=_at("shared_draft")),
    # One that is not shared is there for nobody but its own side.
    "draft_share": Row(
        get=f"{OWN_SIDE}:200 anonymous:login *:404",
        post=f"{OWN_SIDE}:302 anonymous:login *:404",
        path=_at("own_draft"),
    ),
    "draft_section": Row(get=SHARED, post=SHARED_POST, path=_section, data=_words),
    "draft_section_new": Row(get=SHARED, post=SHARED_POST, path=_at("shared_draft"), data=_words),
    "draft_section_out": Row(get=SHARED, post=SHARED_POST, path=_section, data=lambda _world: BECAUSE),
    "draft_section_back": Row(post=SHARED_POST, path=_section),
    "draft_gap": Row(
        get=SHARED, post=SHARED_POST, path=_at("shared_draft", name="formal"), data=lambda _world: BECAUSE
    ),
    "draft_gap_back": Row(post=SHARED_POST, path=_at("shared_draft", name="formal")),
    # The unit's own side does not answer it; it gets the page back, with why.
    "suggestion": Row(
        get=SHARED,
        post=f"organisation_rep:302 {OWN_SIDE}:200 {ONLY_READERS}:403 anonymous:login *:404",
        path=_at("suggestion"),
        data=lambda _world: {"accept": "1", "answer": "Fint.", "version": "0"},
    ),
    "suggestion_back": Row(post=SHARED_POST, path=_at("suggestion")),
    "agreement_texts": Row(get=f"{MAY_BEGIN}:200 anonymous:login *:403"),
    "agreement_text": Row(get=ITS_TEXT, foreign_get=NO_TEXT, path=_key),
    # A form that says too little comes back.
    "agreement_text_edit": Row(
        get=ITS_TEXT, post=ITS_TEXT, foreign_get=NO_TEXT, foreign_post=NO_TEXT,
        path=lambda world, place: {**_key(world, place), "language": "nb"},
    ),
    "agreement_text_adapt": Row(
        post="coordinator,chief:302 anonymous:login *:403", foreign_post=NO_TEXT,
        path=lambda world, place: {"key": TEXT} if place == Place.OWN else _key(world, place),
        data=lambda _world: {"owner": ""},
    ),
}  # fmt: skip


def furnish(town: Any, word: str) -> None:
    by = town.members["coordinator"].user
    partnership = {"partnership": town.partnership, "parties": [town.unit, town.organisation]}
    own, shared = (make.draft(town, by=by, **partnership) for _each in range(2))
    for agreement in (own, shared):
        agreement.title = f"{word} utkast"
        agreement.save(update_fields=["title"])
    draft_share(agreement=shared, by=by)
    town.things |= {"own_draft": own, "shared_draft": shared}
    for name, actor, writer in (
        ("suggestion", town.unit, by),
        ("clubs_suggestion", town.organisation, town.members["organisation_rep"].user),
    ):
        party = next(row for row in AgreementParty.objects.filter(agreement=shared) if row.actor == actor)
        town.things[name] = suggestion_make(
            agreement=shared,
            section=shared.sections.get(key="penger"),
            party=party,
            heading="Penger",
            text=f"{word} betaler.",
            comment="",
            by=writer,
        )
    town.things["own_text"] = text_adapt(
        text=ContentTemplate.objects.filter(key=TEXT, municipality=None).latest("version"),
        municipality=town.municipality,
        owner=town.organisation,
        by=town.members["organisation_rep"].user,
    )
