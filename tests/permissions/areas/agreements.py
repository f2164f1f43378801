"""The register of agreements."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from agreements.models.agreement import AgreementKind
from tests.factories.agreements import AgreementFactory, AgreementPartyFactory
from tests.permissions.frame import Place, Row

# The parties' own: the unit's sector and leader, the organisation; and who answers for the municipality.
DRAFTERS = "coordinator,chief,sector_chief,unit_leader,organisation_rep"
READERS = f"{DRAFTERS},place_contact,staff,centre_leader"
# A centre leader may draft, but this one only through the partnership she is in.
ONLY_READERS = "place_contact,staff,centre_leader"


def _thing(name: str) -> Callable[[Any, Place], Mapping[str, Any]]:
    return lambda world, place: {"pk": world.town(place).things[name].pk}


def _facts(world: Any) -> dict[str, str]:
    unit = world.town(Place.OWN).unit.name
    return {
        "kind": "cooperation",
        "title": "Ny avtale",
        "notice_days": "60",
        "party_1": unit,
        "party_2": world.town(Place.OWN).organisation.name,
        "party_3": world.town(Place.OWN).centre.name,
        "version": "0",
    }


DRAFT = f"{DRAFTERS}:200 {ONLY_READERS}:403 anonymous:login *:404"
POSTED = f"{DRAFTERS}:302 {ONLY_READERS}:403 anonymous:login *:404"

ROWS: dict[str, Row] = {
    "agreements": Row(get=f"{READERS}:200 anonymous:login *:403"),
    "signing_rules": Row(
        get="coordinator,chief:200 anonymous:login *:403",
        post="coordinator,chief:302 anonymous:login *:403",
        data=lambda _world: dict.fromkeys(AgreementKind, "logged_in"),
    ),
    "agreement_register": Row(
        get=f"{DRAFTERS},centre_leader:200 anonymous:login *:403",
        post=f"{DRAFTERS},centre_leader:302 anonymous:login *:403",
        data=_facts,
    ),
    "agreement": Row(get=f"{READERS}:200 anonymous:login *:404", path=_thing("agreement")),
    "agreement_edit": Row(get=DRAFT, post=POSTED, path=_thing("agreement"), data=_facts),
    # Without a file the form comes back.
    "agreement_file": Row(get=DRAFT, post=DRAFT, path=_thing("agreement")),
    "agreement_end": Row(
        get=DRAFT, post=POSTED, path=_thing("agreement"),
        data=lambda _world: {"on": timezone.localdate().isoformat()},
    ),
    "agreement_resume": Row(post=POSTED, path=_thing("ended_agreement")),
}  # fmt: skip


def furnish(town: Any, word: str) -> None:
    soon = timezone.localdate() + timedelta(days=30)
    for name, fields in (
        ("agreement", {"ends_on": soon}),
        ("ended_agreement", {"ended_on": timezone.localdate(), "state": "ended"}),
    ):
        agreement = AgreementFactory.create(
            municipality=town.municipality,
            title=f"{word} avtale {name}",
            partnership=town.partnership,
            **fields,
        )
        AgreementPartyFactory.create(agreement=agreement, organisation=town.organisation)
        AgreementPartyFactory.create(agreement=agreement, unit=town.unit, organisation=None)
        town.things[name] = agreement
