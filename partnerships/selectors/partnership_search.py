"""Finding partnerships: what is typed, in either written form of Norwegian, and what is chosen."""

import re
from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any

from django.core.paginator import Page
from django.db.models import CharField, Count, Exists, Lookup, OuterRef, Q, QuerySet
from django.db.models.expressions import F, Window
from django.db.models.functions import Coalesce, RowNumber

from partnerships.models import Membership, Partnership, PartnershipParty
from partnerships.models.partnership import PartnershipQuerySet, Phase
from partnerships.models.reach import seen, ways_to_see, written
from partnerships.selectors.partnership import in_town
from partnerships.selectors.partnership_rows import COLUMNS, Row, as_rows
from samskaping.accounts.models import User
from samskaping.core.listing import numbered, page_of
from samskaping.core.text import sort_key
from samskaping.core.written import Given

# The same in bokmål and nynorsk, as parts of words: compounds are what people call things.
BOTH_FORMS = (
    ("tjeneste", "teneste"),
    ("våke", "vake"),
    ("kjøre", "køyre"),
    ("kjøring", "køyring"),
    ("venn", "ven"),
    ("besøk", "vitjing"),
    ("uke", "veke"),
    ("hjem", "heim"),
    ("syke", "sjuke"),
    ("barn", "born"),
    ("skole", "skule"),
    ("frivillighet", "frivilligheit"),
    ("innbygger", "innbyggjar"),
    ("sammen", "saman"),
)
_PAIRS = tuple((sort_key(a), sort_key(b)) for a, b in BOTH_FORMS)

SORTS = {
    "navn": ("title_key", "pk"),
    "-navn": ("-title_key", "-pk"),
    "fase": ("phase", "title_key", "pk"),
    "nyeste": ("-created_at", "-pk"),
    "endret": ("-updated_at", "-pk"),
}
IN_COLUMN = 20
PER_PAGE = 30
_NAMES = ("unit__name", "centre__name", "organisation__name")
_NAME_KEYS = tuple(f"{name}_key" for name in _NAMES)


class FindsAll(Lookup):
    """Each of the patterns is found in the text: one condition, however many words somebody writes."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        text, of_text = self.process_lhs(compiler, connection)
        patterns, of_patterns = self.process_rhs(compiler, connection)
        return f"{text} ~ ALL({patterns}::text[])", (*of_text, *of_patterns)


def both_forms(word: str) -> list[str]:
    """The folded word as it may be written: «vaketeneste» is «våketjeneste» too."""
    found = [word]
    for pair in _PAIRS:
        for one, other in (pair, pair[::-1]):
            found += [seen.replace(one, other) for seen in found if one in seen]
    return list(dict.fromkeys(found))


def patterns(q: str) -> list[str]:
    """For each word, what finds it in either form: for FindsAll."""
    return ["|".join(map(re.escape, both_forms(word))) for word in sort_key(q).split()]


def chosen(
    *, q: str = "", phase: str = "", area: str = "", track: str = "", party: str = "", paused: bool = False
) -> dict[str, Any]:
    """What was typed and chosen, as `matching` takes it; what was not is left out."""
    of_party = sort_key(party)
    found = {
        "q": patterns(q),
        "phase": phase,
        "area": area,
        "track": track,
        "paused": paused,
        "party": of_party,
        "of_party": [re.escape(word) for word in of_party.split()],
    }
    return {name: value for name, value in found.items() if value}


def matching(found: PartnershipQuerySet, having: Collection[str]) -> PartnershipQuerySet:
    """Every word of `q` stands somewhere in name, purpose or parties, in either form; one that takes part is
    called `party`, or has the words `of_party` in its name. What they are is Given, by `chosen`.
    """
    if "q" in having:
        found = found.filter(FindsAll(F("search_key"), Given("q")))
    if "phase" in having:
        found = found.filter(phase=Given("phase"))
    if "area" in having:
        found = found.filter(areas__contains=[Given("area", CharField())])
    if "track" in having:
        found = found.filter(track=Given("track"))
    if "paused" in having:
        found = found.filter(paused_since__isnull=False)
    named = PartnershipParty.objects.filter(partnership=OuterRef("pk")).taking_part()
    if "party" in having:
        whole = reduce(or_, (Q(**{key: Given("party")}) for key in _NAME_KEYS))
        found = found.filter(Exists(named.filter(whole)))
    elif "of_party" in having:
        found = found.filter(Exists(named.filter(FindsAll(Coalesce(*_NAME_KEYS), Given("of_party")))))
    return found


class Found:
    """The partnerships of the place she works at now that match.

    Each question is written once for all who ask alike, and asked for rows and their number together.
    """

    def __init__(self, user: User, membership: Membership | None, wanted: dict[str, Any]) -> None:
        self._is_none = membership is None or membership.municipality_id is None
        town = membership.municipality_id if membership else None
        self._given = {**ways_to_see(user), **wanted, "town": town}
        # A name chosen among those suggested is that one's alone, though other names hold its words too.
        if "party" in wanted and not self._rows(_any):
            del self._given["party"]

    def page(self, sort: str, number: str | None) -> "Page[Row]":
        """One page of the list."""

        def read(after: int) -> list[dict[str, Any]]:
            return self._rows(_IN_ORDER.get(sort, _IN_ORDER["navn"]), after=after, until=after + PER_PAGE)

        page = page_of(read, PER_PAGE, number)
        page.object_list = as_rows(page.object_list)
        return page

    def in_columns(self) -> dict[str, tuple[int, list[Row]]]:
        """The board: of each phase how many there are, and those changed last, IN_COLUMN at most."""
        shown = self._rows(_in_columns)
        counts = {one["phase"]: one["number"] for one in shown}
        cards: dict[str, list[Row]] = {phase.value: [] for phase in Phase}
        for row in as_rows(shown):
            cards[row.phase].append(row)
        return {phase: (counts.get(phase, 0), column) for phase, column in cards.items()}

    def _rows(self, make: Any, **more: int) -> list[dict[str, Any]]:
        if self._is_none:
            return []
        return written(make, frozenset(self._given)).rows(**self._given, **more)


def _found(having: frozenset[str]) -> PartnershipQuerySet:
    return matching(in_town(Partnership.objects.filter(seen(having)), Given("town")), having)


def _any(having: frozenset[str]) -> QuerySet[Any, Any]:
    return _found(having).order_by().values("pk")[:1]


def _in_order(*order: str) -> Any:
    def make(having: frozenset[str]) -> Any:
        return numbered(_found(having), *order).values(*COLUMNS, "number")

    return make


_IN_ORDER = {name: _in_order(*order) for name, order in SORTS.items()}


def _in_columns(having: frozenset[str]) -> Any:
    place = Window(RowNumber(), partition_by=F("phase"), order_by=[F("updated_at").desc(), F("pk").desc()])
    of_phase = Window(Count("pk"), partition_by=F("phase"))
    shown = _found(having).annotate(place=place, number=of_phase).filter(place__lte=IN_COLUMN)
    return shown.order_by("phase", "place").values(*COLUMNS, "number")


def names_taking_part(found: PartnershipQuerySet) -> list[str]:
    """Those who take part in any of them, in Norwegian order: one query, which finds `found` once."""
    parties = PartnershipParty.objects.filter(partnership__in=found.order_by().values("pk")).taking_part()
    called = parties.values_list(Coalesce(*_NAME_KEYS), Coalesce(*_NAMES)).order_by().distinct()
    return [name for _key, name in sorted(called)]
