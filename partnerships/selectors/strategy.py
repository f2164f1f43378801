"""Strategies as lists, one as its page shows it, and two versions beside each other."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from partnerships.access import access_of
from partnerships.models import Frame, Membership, Partnership, Strategy, StrategyPoint, StrategyStance
from partnerships.models.strategy import NOT_SENT, StrategyState
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.models import Municipality, StoredFile
from samskaping.core.worddiff import Piece, worddiff

STATE_COLORS = {
    StrategyState.DRAFT: "neutral",
    StrategyState.PROPOSED: "info",
    StrategyState.IN_FORCE: "success",
    StrategyState.REPLACED: "neutral",
    StrategyState.ENDED: "neutral",
    StrategyState.DROPPED: "neutral",
}
UNDER_WORK = (StrategyState.DRAFT, StrategyState.PROPOSED)
ANSWERED_IN = (StrategyState.PROPOSED, StrategyState.IN_FORCE)
_ORDER = (
    StrategyState.IN_FORCE,
    StrategyState.PROPOSED,
    StrategyState.DRAFT,
    StrategyState.REPLACED,
    StrategyState.ENDED,
    StrategyState.DROPPED,
)


def strategies(user: User, municipality: Municipality) -> QuerySet[Strategy]:
    """What is in force first, then what is coming, then what was."""
    rank = Case(
        *(When(state=state, then=Value(number)) for number, state in enumerate(_ORDER)),
        output_field=IntegerField(),
    )
    found = Strategy.objects.visible_to(user).filter(municipality=municipality)
    return found.annotate(rank=rank, point_count=Count("points")).order_by("rank", "-valid_from", "-pk")


def states_seen_by(user: User, municipality: Municipality) -> list[StrategyState]:
    """Those that a strategy she may read can be in, in the order of the list."""
    proposes = access_of(user).may(Permission.STRATEGY_PROPOSE, municipality_id=municipality.pk)
    return [state for state in _ORDER if proposes or state not in NOT_SENT]


def may_write(user: User, strategy: Strategy) -> bool:
    """Whoever answers for strategies there; and a draft, whoever proposed it."""
    if access_of(user).covers(Permission.STRATEGY_EDIT, strategy):
        return True
    may_propose = access_of(user).may(Permission.STRATEGY_PROPOSE, municipality_id=strategy.municipality_id)
    return strategy.state == StrategyState.DRAFT and strategy.created_by_id == user.pk and may_propose


def answers_for_a_side(membership: Membership) -> bool:
    """A sector's chief answers for her sector, not for the municipality."""
    return membership.role in roles_with(Permission.STRATEGY_CONFIRM) and membership.unit_id is None


def may_answer(membership: Membership | None, strategy: Strategy) -> bool:
    return (
        membership is not None
        and membership.municipality_id == strategy.municipality_id
        and answers_for_a_side(membership)
    )


class PointView(NamedTuple):
    point: StrategyPoint | None
    partnerships: list[Partnership]
    # Those that rest on it and are not hers to see.
    others: int


@dataclass(frozen=True)
class StrategyPage:
    strategy: Strategy
    color: str
    points: list[PointView]
    whole: PointView
    stances: list[tuple[str, StrategyStance]]
    successor: Strategy | None
    may_write: bool
    may_decide: bool
    may_answer: bool

    @property
    def is_draft(self) -> bool:
        return self.strategy.state == StrategyState.DRAFT

    @property
    def is_under_work(self) -> bool:
        return self.strategy.state in UNDER_WORK

    @property
    def is_in_force(self) -> bool:
        return self.strategy.state == StrategyState.IN_FORCE


def strategy_page(strategy: Strategy, user: User, membership: Membership | None) -> StrategyPage:
    frames = list(Frame.objects.filter(strategy=strategy).values_list("point", "partnership"))
    seen = {
        one.pk: one
        for one in Partnership.objects.visible_to(user)
        .filter(pk__in={pk for _point, pk in frames})
        .order_by("title_key")
    }

    def resting(point: StrategyPoint | None) -> PointView:
        ids = {pk for point_id, pk in frames if point_id == (point.pk if point else None)}
        hers = [one for pk, one in seen.items() if pk in ids]
        return PointView(point, hers, len(ids) - len(hers))

    return StrategyPage(
        strategy=strategy,
        color=STATE_COLORS[StrategyState(strategy.state)],
        points=[resting(point) for point in strategy.points.order_by("order")],
        whole=resting(None),
        stances=stances_of(strategy),
        successor=Strategy.objects.visible_to(user).filter(replaces=strategy).first(),
        may_write=may_write(user, strategy),
        may_decide=access_of(user).covers(Permission.STRATEGY_EDIT, strategy),
        may_answer=strategy.state in ANSWERED_IN and may_answer(membership, strategy),
    )


def stances_of(strategy: Strategy) -> list[tuple[str, StrategyStance]]:
    """Each side's name and word; the municipality's own first."""
    found = strategy.stances.to_read().select_related("centre", "organisation", "municipality__settings")
    named = []
    for stance in found:
        actor = stance.organisation or stance.centre
        named.append((actor.name if actor else str(stance.municipality), stance))
    return sorted(named, key=lambda pair: (pair[1].organisation_id or 0, pair[1].centre_id or 0))


def stance_of(membership: Membership, strategy: Strategy) -> StrategyStance | None:
    stances = strategy.stances.to_read()
    return stances.filter(centre=membership.centre_id, organisation=membership.organisation_id).first()


def compare(older: Strategy, newer: Strategy) -> list[tuple[str, list[Piece]]]:
    """What differs: name, summary and points, as words that came and went."""
    points = (_as_text(older), _as_text(newer))
    texts: list[tuple[Any, str, str]] = [
        (Strategy._meta.get_field("title").verbose_name, older.title, newer.title),
        (Strategy._meta.get_field("summary").verbose_name, older.summary, newer.summary),
        (StrategyPoint._meta.verbose_name_plural, *points),
    ]
    return [(str(label), worddiff(old, new)) for label, old, new in texts if old != new]


def _as_text(strategy: Strategy) -> str:
    return "\n".join(point.text for point in strategy.points.order_by("order"))


def documents_visible_to(user: User) -> QuerySet[StoredFile]:
    """A strategy's document goes where the strategy goes."""
    documents = Strategy.objects.visible_to(user).filter(document__isnull=False)
    return StoredFile.objects.filter(pk__in=documents.values("document"))
