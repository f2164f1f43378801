"""Finding partnerships: what is typed, in either written form of Norwegian, and what is chosen."""

from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.expressions import F, Window
from django.db.models.functions import Coalesce, RowNumber

from partnerships.models import PartnershipParty
from partnerships.models.partnership import PartnershipQuerySet, Phase
from partnerships.selectors.partnership_rows import COLUMNS, Row, as_rows
from samskaping.core.text import sort_key

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
_NAMES = ("unit__name", "centre__name", "organisation__name")
_NAME_KEYS = tuple(f"{name}_key" for name in _NAMES)


def both_forms(word: str) -> list[str]:
    """The folded word as it may be written: «vaketeneste» is «våketjeneste» too."""
    found = [word]
    for pair in _PAIRS:
        for one, other in (pair, pair[::-1]):
            found += [seen.replace(one, other) for seen in found if one in seen]
    return list(dict.fromkeys(found))


def matching(
    found: PartnershipQuerySet,
    *,
    q: str = "",
    phase: str = "",
    area: str = "",
    track: str = "",
    party: str = "",
    paused: bool = False,
) -> PartnershipQuerySet:
    """Every word of `q` stands somewhere in name, purpose or parties, in either form; those of `party` in the
    name of one that takes part."""
    for word in sort_key(q).split():
        either = Q(pk=None)
        for form in both_forms(word):
            either |= Q(search_key__contains=form)
        found = found.filter(either)
    if phase:
        found = found.filter(phase=phase)
    if area:
        found = found.filter(areas__contains=[area])
    if track:
        found = found.filter(track=track)
    if paused:
        found = found.filter(paused_since__isnull=False)
    if words := sort_key(party).split():
        named = PartnershipParty.objects.filter(partnership=OuterRef("pk")).taking_part()
        whole = reduce(or_, (Q(**{key: sort_key(party)}) for key in _NAME_KEYS))
        exactly = found.filter(Exists(named.filter(whole)))
        # A name chosen among those suggested is that one's alone, though other names hold its words too.
        if exactly.exists():
            return exactly
        for word in words:
            named = named.filter(reduce(or_, (Q(**{f"{key}__contains": word}) for key in _NAME_KEYS)))
        found = found.filter(Exists(named))
    return found


def names_taking_part(found: PartnershipQuerySet) -> list[str]:
    """Those who take part in any of them, in Norwegian order: one query, which finds `found` once."""
    parties = PartnershipParty.objects.filter(partnership__in=found.order_by().values("pk")).taking_part()
    called = parties.values_list(Coalesce(*_NAME_KEYS), Coalesce(*_NAMES)).order_by().distinct()
    return [name for _key, name in sorted(called)]


def in_columns(found: PartnershipQuerySet) -> dict[str, tuple[int, list[Row]]]:
    """The board: of each phase how many there are, and those changed last, IN_COLUMN at most. Two queries."""
    place = Window(RowNumber(), partition_by=F("phase"), order_by=[F("updated_at").desc(), F("pk").desc()])
    of_all = Window(Count("pk"), partition_by=F("phase"))
    shown = list(
        found.annotate(place=place, in_phase=of_all)
        .filter(place__lte=IN_COLUMN)
        .order_by("phase", "place")
        .values(*COLUMNS, "in_phase")
    )
    counts = {one["phase"]: one["in_phase"] for one in shown}
    cards: dict[str, list[Row]] = {phase.value: [] for phase in Phase}
    for row in as_rows(shown):
        cards[row.phase].append(row)
    return {phase: (counts.get(phase, 0), column) for phase, column in cards.items()}
