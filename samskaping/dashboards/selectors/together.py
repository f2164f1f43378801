"""«Dette har vi sammen»: what a municipality and its organisations already do, by area, on one sheet."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.models import Agreement
from agreements.models.agreement import PERSONAL_KINDS
from partnerships.models import Organisation, Partnership, PartnershipParty
from partnerships.models.areas import Area
from partnerships.models.partnership import Phase
from samskaping.core.models import Municipality
from samskaping.core.written import Given, Written

# What a sheet has room for beside what is done together.
NAMES_SHOWN = 80
# So much can still be read as one sheet. Of more, each area shows its first, and how many there are.
LINES_ON_A_SHEET = 300
# Paper has room for more, and a press that sets it in some ten seconds.
LINES_ON_PAPER = 1000
LINES_OF_AN_AREA = 10
NAMES_OF_AN_AREA = 20


class AgreementLine(NamedTuple):
    title: str
    ends_on: date | None

    @property
    def words(self) -> str:
        """«Avtale til 31.12.2027». Made where it is shown: most of what a large municipality has, is not."""
        if self.ends_on is None:
            return _("Har avtale")
        return _("Avtale til %(day)s") % {"day": _in_words(self.ends_on, get_language())}


@lru_cache(maxsize=5000)
def _in_words(day: date, _language: str | None) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT")


@dataclass(frozen=True)
class TogetherLine:
    title: str
    parties: str
    since: str
    paused: bool
    agreements: list[AgreementLine]

    @property
    def about(self) -> str:
        """«: Fjordheimen, Turlaget, siden 2021»"""
        parties = f": {self.parties}" if self.parties else ""
        return f"{parties}, {self.since}" if self.since else parties

    @property
    def agreed(self) -> str:
        return ". ".join(agreement.words for agreement in self.agreements)


@dataclass
class Together:
    title: str
    # The area's value; empty for what has none.
    area: str = ""
    partnerships: list[TogetherLine] = field(default_factory=list)
    agreements: list[AgreementLine] = field(default_factory=list)
    # Names, where nothing is done together yet.
    organisations: list[str] = field(default_factory=list)
    # How many there was no room for.
    more: int = 0
    more_organisations: int = 0

    def shorten(self) -> None:
        self.more = max(0, len(self.partnerships) - LINES_OF_AN_AREA)
        self.more += max(0, len(self.agreements) - LINES_OF_AN_AREA)
        self.more_organisations = max(0, len(self.organisations) - NAMES_OF_AN_AREA)
        del self.partnerships[LINES_OF_AN_AREA:]
        del self.agreements[LINES_OF_AN_AREA:]
        del self.organisations[NAMES_OF_AN_AREA:]


@dataclass(frozen=True)
class Sheet:
    areas: list[Together]
    organisations: int
    partnerships: int
    agreements: int
    # Those with no area, and how many more there was no room for.
    others: list[str]
    more: int
    # Whether the areas show their first lines only, and whether there is room for all of them on paper.
    is_short: bool
    is_whole_on_paper: bool

    @property
    def is_empty(self) -> bool:
        return not (self.organisations or self.partnerships or self.agreements)


def together(municipality: Municipality, *, on_paper: bool = False) -> Sheet:
    """Everything of the whole municipality; for those who answer for it. Four queries.

    Where there is more than one reads as a sheet, the first of each area.
    """
    partnerships = [_Partnership(*row) for row in _PARTNERSHIPS.rows(town=municipality.pk)]
    parties = _parties(municipality)
    signed = _signed(municipality, {None, *(one.pk for one in partnerships)})
    organisations = _ORGANISATIONS.rows(town=municipality.pk)
    since = cache(lambda year: _("siden %(year)s") % {"year": year})
    areas = {area.value: Together(str(area.label), area.value) for area in Area}
    areas[""] = Together(_("Uten område"))
    busy: dict[str, set[str]] = defaultdict(set)
    for partnership in partnerships:
        names = parties[partnership.pk]
        line = TogetherLine(
            title=partnership.title,
            parties=", ".join(names),
            since=since(partnership.running_since.year) if partnership.running_since else "",
            paused=partnership.paused_since is not None,
            agreements=signed[partnership.pk],
        )
        # What left the list of areas is no area.
        for area in [area for area in partnership.areas if area in areas] or [""]:
            areas[area].partnerships.append(line)
            busy[area].update(names)
    areas[""].agreements = list(signed[None])
    others = []
    in_something = set().union(*busy.values())
    for name, its_areas in organisations:
        for area in its_areas:
            if area in areas and name not in busy[area]:
                areas[area].organisations.append(name)
        if not its_areas and name not in in_something:
            others.append(name)
    shown = [one for one in areas.values() if one.partnerships or one.agreements or one.organisations]
    lines = sum(len(one.partnerships) for one in shown)
    is_short = lines > (LINES_ON_PAPER if on_paper else LINES_ON_A_SHEET)
    if is_short:
        for one in shown:
            one.shorten()
    return Sheet(
        areas=shown,
        organisations=len(organisations),
        partnerships=len(partnerships),
        agreements=sum(len(rows) for rows in signed.values()),
        others=others[:NAMES_SHOWN],
        more=max(0, len(others) - NAMES_SHOWN),
        is_short=is_short,
        is_whole_on_paper=lines <= LINES_ON_PAPER,
    )


class _Partnership(NamedTuple):
    pk: int
    title: str
    areas: list[str]
    running_since: date | None
    paused_since: date | None


_NAMES = [f"{kind}__name" for kind in ("unit", "centre", "organisation")]
_PARTNERSHIPS = Written(
    lambda: (
        Partnership.objects.filter(municipality=Given("town"))
        .exclude(phase=Phase.ENDED)
        .order_by("title_key", "pk")
        .values_list("pk", "title", "areas", "running_since", "paused_since")
    )
)
_PARTIES = Written(
    lambda: (
        PartnershipParty.objects.filter(municipality=Given("town"))
        .taking_part()
        .order_by(Coalesce(*(f"{name}_key" for name in _NAMES)), "pk")
        .values_list("partnership", Coalesce(*_NAMES))
    )
)
_HOLDING = Written(
    lambda: (
        Agreement.objects.holding(Given("today"))
        .filter(Q(ends_on=None) | Q(ends_on__gte=Given("today")), municipality=Given("town"))
        # Who is a volunteer is nobody's to read on a sheet.
        .exclude(kind__in=PERSONAL_KINDS)
        .values_list("partnership", "title", Coalesce("ended_on", "ends_on"))
    )
)
_ORGANISATIONS = Written(
    lambda: (
        Organisation.objects.filter(municipality=Given("town"), ended_at=None)
        .order_by("name_key", "pk")
        .values_list("name", "areas")
    )
)


def _parties(municipality: Municipality) -> dict[int, list[str]]:
    """Names by partnership, in Norwegian order."""
    found: dict[int, list[str]] = defaultdict(list)
    for partnership, name in _PARTIES.rows(town=municipality.pk):
        found[partnership].append(name)
    return found


def _signed(municipality: Municipality, shown: set[int | None]) -> dict[int | None, list[AgreementLine]]:
    """Agreements that hold today, by partnership; those of none by None."""
    found: dict[int | None, list[AgreementLine]] = defaultdict(list)
    for partnership, title, ends_on in _HOLDING.rows(town=municipality.pk, today=timezone.localdate()):
        if partnership in shown:
            found[partnership].append(AgreementLine(title, ends_on))
    return found
