"""What comes after an agreement is signed, and the same text to many."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from tests.factories.agreements import AgreementFactory, AgreementPartyFactory, BatchFactory, found_text
from tests.permissions.areas.agreements import DRAFT, ONLY_READERS, POSTED
from tests.permissions.frame import Place, Row

# Whoever keeps people and may write to them, and of these the one that keeps the people in this batch.
OF_TOWN = "coordinator,chief,sector_chief,unit_leader"
KEEPERS = "coordinator,centre_leader,organisation_rep"


def _thing(name: str) -> Callable[[Any, Place], Mapping[str, Any]]:
    return lambda world, place: {"pk": world.town(place).things[name].pk}


def _batch(world: Any) -> dict[str, str]:
    town = world.town(Place.OWN)
    return {"text": "", "side": f"unit-{town.unit.pk}", "people": "Prøve Person; prove@lag.example"}


ROWS: dict[str, Row] = {
    "agreements_xlsx": Row(post=f"{KEEPERS}:200 anonymous:login *:403"),
    "agreements_csv": Row(post=f"{KEEPERS}:200 anonymous:login *:403"),
    # A sentence tells why not, on the agreement's own page.
    "agreement_put_off": Row(post=POSTED, path=_thing("agreement")),
    "agreement_renew": Row(
        get=DRAFT, post=POSTED, path=_thing("agreement"),
        data=lambda world: {
            "starts_on": timezone.localdate().isoformat(),
            "text": str(world.town(Place.OWN).things["agreement_text"].pk),
        },
    ),
    # Signed outside: the form comes back and says to end it instead.
    "agreement_withdraw": Row(
        get=DRAFT, post=DRAFT, path=_thing("agreement"), data=lambda _world: {"because": "Prøve"}
    ),
    # The archive is the municipality's: a club that is a party sends nothing there.
    "agreement_archive": Row(
        get=f"{OF_TOWN}:200 organisation_rep,{ONLY_READERS}:403 anonymous:login *:404",
        post=f"{OF_TOWN}:302 organisation_rep,{ONLY_READERS}:403 anonymous:login *:404",
        path=_thing("agreement"),
    ),
    # It has no PDF, so she is told on the page before.
    "agreement_archive_file": Row(
        post=f"{OF_TOWN}:302 organisation_rep,{ONLY_READERS}:403 anonymous:login *:404",
        path=_thing("agreement"),
    ),
    "batches": Row(get=f"{KEEPERS}:200 anonymous:login *:403"),
    # Without a text that is one of theirs the form comes back.
    "batch_new": Row(
        get=f"{KEEPERS}:200 anonymous:login *:403",
        post=f"{KEEPERS}:200 anonymous:login *:403",
        data=_batch,
    ),
    "batch": Row(get="coordinator:200 anonymous:login *:404", path=_thing("batch")),
    "batch_pause": Row(post="coordinator:302 anonymous:login *:404", path=_thing("batch")),
    "batch_resume": Row(post="coordinator:302 anonymous:login *:404", path=_thing("batch")),
}  # fmt: skip


def furnish(town: Any, word: str) -> None:
    text = found_text("avtale-intensjon")
    town.things["agreement_text"] = text
    town.things["batch"] = BatchFactory.create(
        municipality=town.municipality, unit=town.unit, title=f"{word} bunke"
    )
    # A volunteer's: only who keeps her data sees it.
    hers = AgreementFactory.create(
        municipality=town.municipality,
        title=f"{word} taushet",
        kind="confidentiality",
        person=town.things["batch"].rows.get().person,
    )
    AgreementPartyFactory.create(agreement=hers, unit=town.unit, organisation=None)
