"""Partnerships as rows of the list and cards of the board: plain words, read without a model for each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.functions import Coalesce

from partnerships.access import Own
from partnerships.models import PartnershipParty
from partnerships.models.areas import Area
from partnerships.models.partnership import Phase
from samskaping.core.once import address_of, labels_of
from samskaping.core.written import Given, Written

COLUMNS = ("pk", "title", "municipality_id", "phase", "paused_since", "areas", "updated_at")
_COLORS = {Phase.OPERATION: "success", Phase.ENDED: "neutral"}


@dataclass(frozen=True)
class Sides:
    """Those who are in, and those who are asked, by name; and whom the partnership so belongs to."""

    names: list[str]
    asked: list[str]
    own: Own


@dataclass(frozen=True)
class Row:
    pk: int
    url: str
    title: str
    municipality_id: int
    phase: str
    phase_label: str
    color: str
    is_paused: bool
    areas: str
    changed: datetime
    parties: str
    asked: str
    own: Own

    def owned_by(self) -> Own:
        return self.own


def as_rows(found: Iterable[dict[str, Any]]) -> list[Row]:
    """Of `values` that hold COLUMNS. One query."""
    read = list(found)
    sides = sides_of(one["pk"] for one in read)
    phases, areas, url = labels_of(Phase), labels_of(Area), address_of("partnership")
    return [
        Row(
            pk=one["pk"],
            url=url(one["pk"]),
            title=one["title"],
            municipality_id=one["municipality_id"],
            phase=one["phase"],
            phase_label=phases[one["phase"]],
            color=_COLORS.get(one["phase"], "info"),
            is_paused=one["paused_since"] is not None,
            # What left the list of areas is left out, not shown as a code.
            areas=", ".join(areas[area] for area in one["areas"] if area in areas),
            changed=one["updated_at"],
            parties=", ".join(sides[one["pk"]].names),
            asked=", ".join(sides[one["pk"]].asked),
            own=sides[one["pk"]].own,
        )
        for one in read
    ]


_PARTIES = Written(
    lambda: (
        PartnershipParty.objects.filter(partnership__in=Given("keys"), left_on=None, declined_at=None)
        .order_by("asked_at", "pk")
        .values_list(
            "partnership_id",
            "accepted_at",
            "party_municipality_id",
            "unit_id",
            "centre_id",
            "organisation_id",
            Coalesce("unit__name", "centre__name", "organisation__name"),
        )
    )
)


def sides_of(partnerships: Iterable[int]) -> dict[int, Sides]:
    """Every one of them has its sides, if only empty ones."""
    keys = list(partnerships)
    found: dict[int, list[Any]] = defaultdict(list)
    for pk, *party in _PARTIES.rows(keys=keys):
        found[pk].append(party)
    return {pk: _sides(found[pk]) for pk in keys}


def _sides(parties: list[Any]) -> Sides:
    accepted = [party for party in parties if party[0] is not None]
    towns, units, centres, organisations = (
        frozenset(party[at] for party in accepted if party[at]) for at in (1, 2, 3, 4)
    )
    return Sides(
        names=[party[-1] for party in accepted],
        asked=[party[-1] for party in parties if party[0] is None],
        own=Own(units, centres, organisations, towns),
    )
