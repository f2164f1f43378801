"""A map as it is shown: four columns of duties, who holds each, and what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from partnerships.asked import HERE, TODAY, Asked
from partnerships.models import Absence, Duty, DutyHolder, Partnership, ResponsibilityMap, Unit
from partnerships.models.reach import written
from partnerships.models.responsibility import (
    DutyGroup,
    HolderPart,
    maps_seen,
    names_known,
    ways_to_know,
    ways_to_maps,
    ways_to_names,
)
from partnerships.selectors.partnership import works_in
from partnerships.selectors.responsibility import gone, maps_of
from partnerships.selectors.words import municipality_name, municipality_name_at
from samskaping.accounts.models import User
from samskaping.core.registries import Viewer
from samskaping.core.written import Given

_SIDES = ("unit", "centre", "organisation")


@dataclass(frozen=True)
class Who:
    """Somebody on a duty, as the viewer may know it: an empty name for those who may not."""

    row: DutyHolder
    name: str
    side: str
    leaves_on: date | None = None
    is_gone: bool = False
    away_to: date | None = None
    # Who stands in while she is away, when the duty has no deputy of its own.
    meanwhile: str = ""
    is_me: bool = False

    @property
    def is_leaving(self) -> bool:
        return self.is_gone or self.leaves_on is not None


@dataclass
class Card:
    duty: Duty
    is_inherited: bool = False
    holder: Who | None = None
    deputy: Who | None = None
    asked: Who | None = None
    deputy_asked: Who | None = None

    @property
    def is_red(self) -> bool:
        return self.holder is None or self.holder.is_leaving


@dataclass
class Column:
    group: DutyGroup
    cards: list[Card] = field(default_factory=list)

    @property
    def own(self) -> list[Card]:
        return [card for card in self.cards if not card.is_inherited]

    @property
    def inherited(self) -> list[Card]:
        return [card for card in self.cards if card.is_inherited]


@dataclass
class Board:
    columns: list[Column]

    @property
    def cards(self) -> list[Card]:
        return [card for column in self.columns for card in column.cards]

    @property
    def red(self) -> int:
        return sum(card.is_red for card in self.cards)

    @property
    def own_red(self) -> int:
        return sum(card.is_red for card in self.cards if not card.is_inherited)


def board_of(maps: Sequence[ResponsibilityMap], viewer: User | None) -> Board:
    """The first map's own duties, then what it builds on. Two queries, however many there are.

    No viewer: with all names, for what the parties sign or print themselves.
    """
    keys = [plan.pk for plan in maps if plan.pk is not None]
    by = {**ways_to_maps(viewer), **ways_to_names(viewer)} if viewer is not None else {"everything": True}
    having = frozenset(by)
    duties = written(_duties_on, having).rows(maps=keys, **by)
    first = maps[0].pk if maps else None
    cards = {duty.pk: Card(duty, is_inherited=duty.map_id != first) for duty in duties}
    holders = written(_holders_of, having).rows(duties=list(cards), today=timezone.localdate(), **by)
    _put_holders(cards, holders, viewer)
    return _in_columns(cards)


def _duties_on(having: frozenset[str]) -> QuerySet[Duty]:
    duties = Duty.objects.filter(map__in=Given("maps"), removed_at=None).order_by("order", "pk")
    return duties if "everything" in having else duties.filter(maps_seen(having, "map__"))


def _holders_of(having: frozenset[str]) -> QuerySet[DutyHolder]:
    """As `with_standing`."""
    known = Q(pk__isnull=False) if "everything" in having else names_known(having)
    return _with_known(_standing(_open().filter(duty__in=Given("duties")), TODAY), known)


def _in_columns(cards: dict[int, Card]) -> Board:
    columns = {group: Column(group) for group in DutyGroup}
    for card in sorted(cards.values(), key=lambda card: card.is_inherited):
        columns[DutyGroup(card.duty.group)].cards.append(card)
    return Board(list(columns.values()))


# A partnership's own duties. Who sees the partnership sees its map, and who works in it the names on it.
DUTIES = Asked(
    lambda: Duty.objects.filter(map__partnership=HERE, removed_at=None).order_by("order", "pk")
    .only("group", "order", "text")
)  # fmt: skip
HOLDERS = Asked(
    lambda: _standing(_open().filter(duty__map__partnership=HERE, duty__removed_at=None), TODAY).only(
        "duty", "part", "position", "accepted_at", "leaves_on", "person__name", "person__user",
        *(f"{side}__name" for side in _SIDES),
    )
)  # fmt: skip


def own_board(partnership: Partnership, viewer: Viewer) -> Board:
    """A partnership's own duties alone. `partnership` comes from `partnership_seen`."""
    cards = {duty.pk: Card(duty) for duty in DUTIES.of(partnership, viewer)}
    holders, knows_all = HOLDERS.of(partnership, viewer), works_in(partnership, viewer)
    for row in holders:  # as ways_to_know
        row.is_known = knows_all or (row.person is not None and row.person.user_id == viewer.user.pk)
    _put_holders(cards, holders, viewer.user)
    return _in_columns(cards)


def card_of(duty: Duty, viewer: User) -> Card:
    cards = {duty.pk: Card(duty)}
    _put_holders(cards, with_standing(_open().filter(duty=duty), viewer), viewer)
    return cards[duty.pk]


def with_standing(holders: QuerySet[DutyHolder], viewer: User | None) -> QuerySet[DutyHolder]:
    """Adds what the map tells of them: whether the viewer may know the name, and who is away, or gone."""
    # Asked of rows that are found already: a condition on each, where the union would be made for a handful.
    known = reduce(or_, ways_to_know(viewer)) if viewer is not None else Q(pk__isnull=False)
    return _with_known(_standing(holders, timezone.localdate()), known)


def _with_known(holders: QuerySet[DutyHolder], known: Q) -> QuerySet[DutyHolder]:
    return holders.annotate(
        is_known=Case(When(known, then=Value(True)), default=Value(False), output_field=BooleanField())
    )


def _standing(holders: QuerySet[DutyHolder], today: Any) -> QuerySet[DutyHolder]:
    absence = Absence.objects.filter(
        membership__person=OuterRef("person"),
        membership__ended_at=None,
        away_from__lte=today,
        away_to__gte=today,
    ).order_by("-away_to")
    return holders.select_related("person", *_SIDES).annotate(
        is_gone=Case(When(gone(today), then=Value(True)), default=Value(False), output_field=BooleanField()),
        away_to=Subquery(absence.values("away_to")[:1]),
        meanwhile=Subquery(absence.values("deputy__name")[:1]),
    )


def who(row: Any, viewer: User | None) -> Who:
    """`row` comes from `with_standing`."""
    side = next((str(actor) for actor in (getattr(row, name) for name in _SIDES) if actor), "")
    person = row.person
    name = (person.name if person is not None else row.position) if row.is_known else ""
    return Who(
        row,
        name=name,
        side=side if row.is_known else "",
        leaves_on=row.leaves_on,
        is_gone=row.is_gone,
        away_to=row.away_to if row.is_known else None,
        meanwhile=(row.meanwhile or "") if row.is_known else "",
        is_me=viewer is not None and person is not None and person.user_id == viewer.pk,
    )


def _open() -> QuerySet[DutyHolder]:
    """Who holds a duty, and who is asked to."""
    return DutyHolder.objects.filter(until=None, declined_at=None)


def _put_holders(cards: dict[int, Card], rows: Iterable[DutyHolder], viewer: User | None) -> None:
    for row in rows:
        card, shown = cards[row.duty_id], who(row, viewer)
        is_deputy = row.part == HolderPart.DEPUTY
        if row.accepted_at is None:
            if is_deputy:
                card.deputy_asked = shown
            else:
                card.asked = shown
        elif is_deputy:
            card.deputy = shown
        else:
            card.holder = shown


def name_of(plan: ResponsibilityMap) -> str:
    if plan.partnership is not None:
        return plan.partnership.title
    return plan.unit.name if plan.unit is not None else municipality_name(plan.municipality)


def name_at(path: str) -> Coalesce:
    """The same, worked out by the database: `path` leads from the row to its map.

    By subqueries: four more tables to join would take the planner longer than all the rest.
    """
    partnership = Partnership.objects.filter(pk=OuterRef(f"{path}__partnership")).order_by()
    unit = Unit.objects.filter(pk=OuterRef(f"{path}__unit")).order_by()
    return Coalesce(
        Subquery(partnership.values("title")),
        Subquery(unit.values("name")),
        municipality_name_at(f"{path}__municipality"),
    )


def map_snapshot(plan: ResponsibilityMap, viewer: User | None = None) -> dict[str, Any]:
    """The map as it stands, in words and nothing else: for paper, and as an annex to what is signed.

    With all names, or those the viewer may know; labels in the language that is active.
    Documents show it with `pdf/_responsibility_map.html`.
    """
    inherited = maps_of(plan.partnership).inherited if plan.partnership is not None else None
    board = board_of([plan, inherited] if inherited is not None else [plan], viewer)
    return {
        "title": name_of(plan),
        "day": formats.date_format(timezone.localdate(), "SHORT_DATE_FORMAT"),
        "groups": [
            {"label": str(column.group.label), "duties": [_in_words(card) for card in column.cards]}
            for column in board.columns
            if column.cards
        ],
    }


def _in_words(card: Card) -> dict[str, Any]:
    return {
        "text": card.duty.text,
        "level": str(card.duty.get_level_display()),
        "holder": _on_paper(card.holder),
        "deputy": _on_paper(card.deputy),
        "is_own": not card.is_inherited,
    }


def _on_paper(shown: Who | None) -> str:
    if shown is None:
        return ""
    if not shown.name:
        return _("har ansvarlig")
    told = {"name": shown.name, "side": shown.side}
    return _("%(name)s, %(side)s") % told if shown.side else shown.name


def my_duties(user: User) -> list[DutyHolder]:
    """All she holds, stands in for, or is asked to take, wherever she works: one human, all her rows."""
    return list(
        DutyHolder.objects.filter(
            Q(duty__map__partnership=None) | ~Q(duty__map__partnership__phase="ended"),
            person__user=user,
            until=None,
            declined_at=None,
            duty__removed_at=None,
        )
        .select_related(
            "duty__map__partnership", "duty__map__unit", "duty__map__municipality__settings", "person"
        )
        .order_by("accepted_at", "part", "pk")
    )


def handed_over(duty: Duty, viewer: User) -> list[Who]:
    """Who has had it, newest first, with from when to when; for those who may know the names."""
    past = DutyHolder.objects.visible_to(viewer).filter(
        duty=duty, accepted_at__isnull=False, until__isnull=False
    )
    return [who(row, viewer) for row in with_standing(past, viewer).order_by("-until", "-pk")]
