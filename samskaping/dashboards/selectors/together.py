"""«Dette har vi sammen»: what a municipality and its organisations already do, by area, on one sheet."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.models import Agreement
from partnerships.models import Organisation, Partnership, PartnershipParty
from partnerships.models.areas import Area
from partnerships.models.partnership import Phase
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key

# What a sheet has room for beside what is done together.
NAMES_SHOWN = 80


@dataclass
class Together:
    title: str
    partnerships: list["TogetherLine"] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    # Names, where nothing is done together yet.
    organisations: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TogetherLine:
    title: str
    parties: str
    since: int | None
    paused: bool
    agreements: list[Agreement]


@dataclass(frozen=True)
class Sheet:
    areas: list[Together]
    organisations: int
    partnerships: int
    agreements: int
    # Those with no area, and how many more there was no room for.
    others: list[str]
    more: int

    @property
    def is_empty(self) -> bool:
        return not (self.organisations or self.partnerships or self.agreements)


def together(municipality: Municipality) -> Sheet:
    """Everything of the whole municipality; for those who answer for it. Five queries."""
    partnerships = list(
        Partnership.objects.filter(municipality=municipality).exclude(phase=Phase.ENDED).order_by("title_key")
    )
    parties = _parties(partnerships)
    signed: dict[int | None, list[Agreement]] = defaultdict(list)
    today, shown = timezone.localdate(), {None, *(one.pk for one in partnerships)}
    running = Agreement.objects.filter(municipality=municipality, ended_on=None).with_parties()
    for agreement in running:
        if agreement.holds_on(today) and agreement.partnership_id in shown:
            signed[agreement.partnership_id].append(agreement)
    organisations = list(
        Organisation.objects.filter(municipality=municipality, ended_at=None).order_by("name_key")
    )
    areas = {area.value: Together(str(area.label)) for area in Area}
    areas[""] = Together(_("Uten område"))
    busy: dict[str, set[str]] = defaultdict(set)
    for partnership in partnerships:
        names = parties[partnership.pk]
        line = TogetherLine(
            title=partnership.title,
            parties=", ".join(names),
            since=partnership.running_since.year if partnership.running_since else None,
            paused=partnership.paused_since is not None,
            agreements=signed[partnership.pk],
        )
        for area in partnership.areas or [""]:
            areas[area].partnerships.append(line)
            busy[area].update(names)
    areas[""].agreements = signed[None]
    others = []
    for organisation in organisations:
        for area in organisation.areas:
            if organisation.name not in busy[area]:
                areas[area].organisations.append(organisation.name)
        if not organisation.areas and not any(organisation.name in names for names in busy.values()):
            others.append(organisation.name)
    return Sheet(
        areas=[one for one in areas.values() if one.partnerships or one.agreements or one.organisations],
        organisations=len(organisations),
        partnerships=len(partnerships),
        agreements=sum(len(rows) for rows in signed.values()),
        others=others[:NAMES_SHOWN],
        more=max(0, len(others) - NAMES_SHOWN),
    )


def _parties(partnerships: list[Partnership]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = (
        PartnershipParty.objects.filter(partnership__in=partnerships)
        .taking_part()
        .select_related("unit", "centre", "organisation")
    )
    for party in rows:
        found[party.partnership_id].append(party.actor.name)
    for names in found.values():
        names.sort(key=sort_key)
    return found
