"""The local voluntary sector at a glance: how much there is of what, where nobody is, who works with whom.

Numbers are for everybody who works in the municipality. Who is together in what is told of the partnerships
one sees, or of all to those whose overview is the whole municipality's.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Case, Count, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.access import access_of
from partnerships.icnpo import category_name, main_group, main_groups
from partnerships.models import (
    Organisation,
    Partnership,
    PartnershipParty,
    RegisteredOrganisation,
    Unit,
    VolunteerCentre,
)
from partnerships.models.areas import Area
from partnerships.models.reach import Ways, seen, ways_to_see, written
from partnerships.selectors.actor import area_names
from partnerships.selectors.register import not_taken_in
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from samskaping.core.written import Given, Written, ask

# Those of a middling municipality stand on one page.
TOGETHER_SHOWN = 100
# From here on there are so many in one area that they ought to know of each other.
MANY = 3


@dataclass(frozen=True)
class AreaLine:
    area: str
    label: str
    organisations: int
    centres: int
    units: int
    partnerships: int

    @property
    def who(self) -> str:
        """«3 lag, 1 sentral»; empty for nobody."""
        counted = (
            (self.organisations, ngettext("%(count)s lag", "%(count)s lag", self.organisations)),
            (self.centres, ngettext("%(count)s sentral", "%(count)s sentraler", self.centres)),
            (self.units, ngettext("%(count)s enhet", "%(count)s enheter", self.units)),
        )
        return ", ".join(words % {"count": count} for count, words in counted if count)


@dataclass(frozen=True)
class CategoryLine:
    code: str
    label: str
    organisations: int


@dataclass(frozen=True)
class Remark:
    """A gap or an overlap in words; `url` to those it speaks of, where they stand on a list."""

    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Together:
    """One of the voluntary sector, and those it does something together with now."""

    name: str
    url: str
    units: list[str]
    others: list[str]
    partnerships: int


@dataclass(frozen=True)
class ActorOverview:
    organisations: int
    # How much there is, in words.
    summary: str
    areas: list[AreaLine]
    categories: list[CategoryLine]
    remarks: list[Remark]
    together: list[Together]
    # Which of the pages of `together` this is.
    together_page: Page[Any]
    sees_all: bool


@dataclass(eq=False, slots=True)
class _Side:
    """Of what kind, which one, and what it is called here. One object, however many partnerships it is in."""

    kind: str
    pk: int
    name: str
    # Its place in a list, as the database keeps it: making hundreds of keys anew is what would take time.
    key: str
    municipality_id: int


@dataclass(eq=False, slots=True)
class _Running:
    areas: list[str]
    is_seen: bool
    sides: list[_Side] = field(default_factory=list)


def actor_overview(user: User, municipality: Municipality, page: str | None = None) -> ActorOverview:
    """Three queries, however many there are. `page`: of those who are together in something."""
    organisations, centres, units, registered = ask(
        _IN_USE, {"town": municipality.pk, "hers": sorted(access_of(user).municipality_ids)}
    )
    running = _running(user, municipality)
    areas = _area_lines(
        [row[1] for row in organisations],
        [row[1] for row in centres],
        [row[1] for row in units],
        [partnership.areas for partnership in running],
    )
    together = _together_in([one.sides for one in running if one.is_seen], municipality)
    shown = Paginator(sorted(together, key=lambda side: (side.key, side.pk)), TOGETHER_SHOWN).get_page(page)
    in_something = {(side.kind, side.pk) for partnership in running for side in partnership.sides}
    return ActorOverview(
        organisations=len(organisations),
        summary=_summary(len(organisations), len(centres), len(units), len(running)),
        areas=areas,
        categories=_category_lines(row[2] for row in organisations),
        remarks=[
            *_about_areas(areas),
            *_about_organisations(organisations, in_something),
            *_about_units({row[0] for row in units}, in_something),
            *_about_the_register(registered[0] if registered else 0, user, municipality),
        ],
        together=[_together(side, together[side]) for side in shown],
        together_page=shown,
        sees_all=all(one.is_seen for one in running),
    )


def _here(kind: type[Any]) -> Any:
    """`visible_to`, of one municipality."""
    return kind._default_manager.filter(municipality__in=Given("hers"), municipality=Given("town")).order_by()


# The registered last: how many of them.
_IN_USE = (
    Written(lambda: _here(Organisation).filter(ended_at=None).values_list("pk", "areas", "icnpo")),
    Written(lambda: _here(VolunteerCentre).filter(ended_at=None).values_list("pk", "areas")),
    Written(lambda: _here(Unit).filter(ended_at=None).values_list("pk", "areas")),
    Written(
        lambda: (
            not_taken_in(_here(RegisteredOrganisation))
            .values("municipality")
            .values_list(Count("pk"), flat=True)
        )
    ),
)


def _next_door() -> Any:
    """The partnerships of other municipalities that somebody from this one takes part in."""
    ours = PartnershipParty.objects.taking_part().filter(party_municipality=Given("town"))
    return ours.exclude(municipality=F("party_municipality")).values("partnership")


def _not_ended(having: frozenset[str]) -> Any:
    rows = Partnership.objects.filter(
        Q(municipality=Given("town")) | Q(pk__among=_next_door()), ended_on=None
    ).order_by("pk")
    hers = Value(True) if "sees_all" in having else Case(When(seen(having), then=True), default=False)
    return rows.values_list("pk", "areas", ExpressionWrapper(hers, BooleanField()))


_SIDES = Written(
    lambda: (
        PartnershipParty.objects.taking_part()
        .filter(partnership__in=Given("keys"))
        .order_by("pk")
        .values_list(
            "partnership",
            "unit",
            "centre",
            "organisation",
            Coalesce("unit__name", "centre__name", "organisation__name"),
            Coalesce("unit__name_key", "centre__name_key", "organisation__name_key"),
            "party_municipality",
            "party_municipality__name",
        )
    )
)


def _running(user: User, municipality: Municipality) -> list[_Running]:
    """Not ended: its own, and those next door that somebody from here takes part in."""
    sees_all = municipality.pk in access_of(user).municipalities_all(Permission.OVERVIEW_READ)
    by: Ways = {"sees_all": True} if sees_all else ways_to_see(user)
    rows = written(_not_ended, frozenset(by)).rows(**by, town=municipality.pk)
    running = {pk: _Running(areas, is_seen) for pk, areas, is_seen in rows}
    with_parties: dict[int, _Running] = {}
    sides: dict[tuple[str, int], _Side] = {}
    # By their keys: a join would go through the nation's.
    for pk, unit, centre, organisation, called, key, town, town_name in _SIDES.rows(keys=list(running)):
        one = with_parties.setdefault(pk, running[pk])
        kind = "enheter" if unit else "sentraler" if centre else "lag"
        which = kind, unit or centre or organisation
        if which not in sides:
            name = called if town == municipality.pk else f"{called} ({town_name})"
            sides[which] = _Side(*which, name, key, town)
        one.sides.append(sides[which])
    return [*with_parties.values(), *(one for pk, one in running.items() if pk not in with_parties)]


def _summary(organisations: int, centres: int, units: int, partnerships: int) -> str:
    return _("%(organisations)s, %(centres)s og %(units)s. %(partnerships)s er i gang.") % {
        "organisations": ngettext(
            "%(count)s lag eller organisasjon", "%(count)s lag og organisasjoner", organisations
        )
        % {"count": organisations},
        "centres": ngettext("%(count)s frivilligsentral", "%(count)s frivilligsentraler", centres)
        % {"count": centres},
        "units": ngettext("%(count)s enhet", "%(count)s enheter", units) % {"count": units},
        "partnerships": ngettext("%(count)s samarbeid", "%(count)s samarbeid", partnerships)
        % {"count": partnerships},
    }


def _area_lines(*counted: Iterable[list[str]]) -> list[AreaLine]:
    """In the order of the list of areas. What left that list is counted nowhere."""
    counts = [Counter(area for areas in rows for area in areas) for rows in counted]
    return [AreaLine(area.value, str(area.label), *(count[area.value] for count in counts)) for area in Area]


def _category_lines(codes: Iterable[str]) -> list[CategoryLine]:
    counted = Counter(main_group(code) for code in codes)
    return [
        CategoryLine(code, category_name(code), counted[code])
        for code, _name in main_groups()
        if counted[code]
    ]


def _about_areas(lines: list[AreaLine]) -> Iterator[Remark]:
    # «Annet» is no area one could lack somebody in.
    named = [line for line in lines if line.area != Area.OTHER]
    if nobody := [line.area for line in named if not (line.organisations or line.centres)]:
        yield Remark(
            _("Ingen lag eller sentraler sier at de arbeider med: %(areas)s.")
            % {"areas": _listed(area_names(nobody))}
        )
    if unused := [
        line.area for line in named if line.organisations + line.centres >= MANY and not line.partnerships
    ]:
        yield Remark(
            _("Mange, men ingen samarbeid ennå: %(areas)s. Hvem kan dere spørre?")
            % {"areas": _listed(area_names(unused))}
        )
    if crowded := [line.area for line in named if line.partnerships >= MANY]:
        yield Remark(
            _("Flere samarbeid side om side: %(areas)s. Vet de om hverandre?")
            % {"areas": _listed(area_names(crowded))}
        )


def _about_organisations(rows: list[Any], in_something: set[tuple[str, int]]) -> Iterator[Remark]:
    if alone := sum(("lag", row[0]) not in in_something for row in rows):
        yield Remark(
            ngettext(
                "%(alone)s av %(all)s lag er ikke med i noe samarbeid nå.",
                "%(alone)s av %(all)s lag er ikke med i noe samarbeid nå.",
                alone,
            )
            % {"alone": alone, "all": len(rows)},
            f"{reverse('organisations')}?together=no",
            _("Se hvem"),
        )
    if unplaced := sum(not row[1] for row in rows):
        yield Remark(
            ngettext(
                "%(count)s lag har ikke sagt hvilke områder det arbeider med.",
                "%(count)s lag har ikke sagt hvilke områder de arbeider med.",
                unplaced,
            )
            % {"count": unplaced},
            f"{reverse('organisations')}?area=none",
            _("Se hvem"),
        )


def _about_units(units: set[int], in_something: set[tuple[str, int]]) -> Iterator[Remark]:
    if alone := sum(("enheter", pk) not in in_something for pk in units):
        yield Remark(
            ngettext(
                "%(alone)s av %(all)s enheter er ikke med i noe samarbeid nå.",
                "%(alone)s av %(all)s enheter er ikke med i noe samarbeid nå.",
                alone,
            )
            % {"alone": alone, "all": len(units)}
        )


def _about_the_register(count: int, user: User, municipality: Municipality) -> Iterator[Remark]:
    if count:
        # The list to tick in is for those who answer for the whole municipality.
        may_tick = municipality.pk in access_of(user).municipalities_all(Permission.ACTOR_EDIT)
        yield Remark(
            ngettext(
                "%(count)s registrert lag i kommunen er ikke lagt inn her.",
                "%(count)s registrerte lag i kommunen er ikke lagt inn her.",
                count,
            )
            % {"count": count},
            reverse("first_minutes_organisations") if may_tick else "",
            _("Huk av dem dere kjenner"),
        )


def _together_in(seen: list[list[_Side]], municipality: Municipality) -> dict[_Side, list[list[_Side]]]:
    """Each of the voluntary sector here, with the parties of every partnership it is in."""
    found: dict[_Side, list[list[_Side]]] = {}
    for parties in seen:
        for side in parties:
            if side.kind != "enheter" and side.municipality_id == municipality.pk:
                found.setdefault(side, []).append(parties)
    return found


def _together(side: _Side, partnerships: list[list[_Side]]) -> Together:
    met = Counter(other for parties in partnerships for other in parties if other != side)
    return Together(
        name=side.name,
        url=reverse("actor", args=[side.kind, side.pk]),
        units=_names((other, n) for other, n in met.items() if other.kind == "enheter"),
        others=_names((other, n) for other, n in met.items() if other.kind != "enheter"),
        partnerships=len(partnerships),
    )


def _names(others: Iterable[tuple[_Side, int]]) -> list[str]:
    """«Fjordheimen sykehjem (2)» where they are together in more than one thing."""
    ordered = sorted(others, key=lambda pair: pair[0].key)
    return [f"{other.name} ({times})" if times > 1 else other.name for other, times in ordered]


def _listed(names: list[str]) -> str:
    """In the middle of a sentence. With commas alone: several of the names have an «og» of their own."""
    return ", ".join(name[:1].lower() + name[1:] for name in names)
