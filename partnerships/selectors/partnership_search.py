"""Finding partnerships: what is typed, in either written form of Norwegian, and what is chosen."""

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.expressions import F, Window
from django.db.models.functions import RowNumber

from partnerships.models import Partnership, PartnershipParty
from partnerships.models.partnership import PartnershipQuerySet, Phase
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
_ACTORS = ("unit", "centre", "organisation")


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
    """Every word of `q` stands somewhere in name, purpose or parties, in either form. `party`: «unit-12»."""
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
    kind, _dash, pk = party.partition("-")
    if pk:
        parties = PartnershipParty.objects.filter(partnership=OuterRef("pk"), **{f"{kind}_id": int(pk)})
        found = found.filter(Exists(parties.taking_part()))
    return found


def parties_to_choose(found: PartnershipQuerySet) -> list[tuple[str, str]]:
    """Those who take part in any of them, in Norwegian order: one query, which finds `found` once."""
    parties = PartnershipParty.objects.filter(partnership__in=found.order_by().values("pk")).taking_part()
    columns = [f"{kind}{field}" for kind in _ACTORS for field in ("_id", "__name", "__name_key")]
    actors = set()
    for row in parties.order_by().values_list(*columns).distinct():
        for kind, pk, name, key in zip(_ACTORS, row[::3], row[1::3], row[2::3], strict=True):
            if pk is not None:
                actors.add((key, pk, name, kind))
    return [(f"{kind}-{pk}", name) for _key, pk, name, kind in sorted(actors)]


def in_columns(found: PartnershipQuerySet) -> dict[str, list[Partnership]]:
    """The board: of each phase those changed last, IN_COLUMN at most, each with
    `in_phase`, how many there are of it. Two queries with the parties."""
    place = Window(RowNumber(), partition_by=F("phase"), order_by=[F("updated_at").desc(), F("pk").desc()])
    of_all = Window(Count("pk"), partition_by=F("phase"))
    shown = (
        found.annotate(place=place, in_phase=of_all).filter(place__lte=IN_COLUMN).order_by("phase", "place")
    )
    columns: dict[str, list[Partnership]] = {phase.value: [] for phase in Phase}
    for partnership in shown:
        columns[partnership.phase].append(partnership)
    return columns
