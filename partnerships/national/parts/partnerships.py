"""Partnerships with their parties and log, as many as each municipality has."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from partnerships.models import (
    Grant,
    LogEntry,
    Organisation,
    Partnership,
    PartnershipParty,
    Unit,
    VolunteerCentre,
)
from partnerships.models.areas import Area, VoluntaryRole
from partnerships.models.partnership import Phase, StartedBy, Track
from partnerships.national.nation import Nation
from partnerships.national.words import PURPOSES, TITLES, key, person, place
from samskaping.core.models import Municipality

ORDER = 20
# Of a hundred.
PHASES = {Phase.ANCHORING: 15, Phase.DEVELOPMENT: 20, Phase.OPERATION: 50, Phase.ENDED: 15}
NEXT_DOOR = 0.02


def load(nation: Nation) -> None:
    if nation.has(Partnership.objects.all()):
        return
    actors = {kind: _by_town(model) for kind, model in _KINDS.items()}
    sides: list[dict[str, Any]] = []
    rows: list[Partnership] = []
    for town in nation.municipalities:
        for _number in range(nation.partnerships[town.pk]):
            chosen = _sides(nation, town, actors)
            sides.append(chosen)
            rows.append(_partnership(nation, town, [actor.name for actor in chosen.values()]))
    made = nation.write(Partnership, rows)
    now = timezone.now()
    nation.write(
        PartnershipParty,
        (
            PartnershipParty(
                partnership=partnership, municipality_id=partnership.municipality_id,
                party_municipality_id=actor.municipality_id, accepted_at=now, **{kind.rstrip("2"): actor},
            )
            for partnership, chosen in zip(made, sides, strict=True)
            for kind, actor in chosen.items()
        ),
    )  # fmt: skip
    nation.write(LogEntry, (entry for partnership in made for entry in _log(nation, partnership)))
    nation.write(
        Grant,
        (
            Grant(
                partnership=partnership, municipality_id=partnership.municipality_id, source="Prøvefondet",
                amount=50_000, ends_on=nation.days_on(300), report_on=nation.days_on(365),
            )
            for partnership in made[::10]
        ),
    )  # fmt: skip


_KINDS: dict[str, Any] = {"unit": Unit, "centre": VolunteerCentre, "organisation": Organisation}


def _by_town(model: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in (
        model.objects.filter(municipality__is_demo=False).only("name", "municipality_id").order_by("pk")
    ):
        found[row.municipality_id].append(row)
    return found


def _sides(nation: Nation, town: Municipality, actors: dict[str, dict[int, list[Any]]]) -> dict[str, Any]:
    """A unit and an organisation, now and then a centre, a second organisation or one from next door."""
    some = nation.random
    chosen = {kind: some.choice(actors[kind][town.pk]) for kind in ("unit", "organisation")}
    if some.random() < 0.4:
        chosen["centre"] = some.choice(actors["centre"][town.pk])
    elsewhere = some.choice(nation.municipalities) if some.random() < NEXT_DOOR else town
    second = some.choice(actors["organisation"][elsewhere.pk])
    if some.random() < 0.4 and second != chosen["organisation"]:
        chosen["organisation2"] = second
    return chosen


def _partnership(nation: Nation, town: Municipality, names: list[str]) -> Partnership:
    some = nation.random
    title = f"{some.choice(TITLES)} {place(some)}"
    purpose = some.choice(PURPOSES)
    (phase,) = some.choices(list(PHASES), weights=list(PHASES.values()))
    ended = phase == Phase.ENDED
    return Partnership(
        municipality=town, title=title, title_key=key(title), purpose=purpose, phase=phase,
        search_key=" ".join(map(key, (title, purpose, *names))),
        track=some.choice(Track.values), areas=some.sample(Area.values, 2),
        voluntary_role=some.choice(VoluntaryRole.values), started_by=some.choice(StartedBy.values),
        running_since=nation.days_ago(3000),
        ended_on=nation.days_ago(400) if ended else None,
        paused_since=nation.days_ago(100) if not ended and some.random() < 0.05 else None,
    )  # fmt: skip


def _log(nation: Nation, partnership: Partnership) -> Iterator[LogEntry]:
    for _number in range(nation.random.randrange(1, 6)):
        yield LogEntry(
            partnership=partnership, municipality_id=partnership.municipality_id, who=person(nation.random),
            line="Vi møtes på torsdag, og noen tar med kake.",
            next_on=nation.days_on(200) if nation.random.random() < 0.3 else None,
        )  # fmt: skip
