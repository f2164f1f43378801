"""What one partnership rests on, and what it may choose to rest on."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from partnerships.asked import HERE, Asked
from partnerships.models import Frame, Partnership, Strategy, StrategyPoint
from partnerships.models.strategy import StrategyState

FRAME = Asked(lambda: Frame.objects.filter(partnership=HERE).select_related("strategy", "point"))


def frame_of(partnership: Partnership) -> Frame | None:
    return next(iter(FRAME.of(partnership)), None)


def rests_on(frame: Frame | None) -> str:
    """«Punkt 4 i Frivilligstrategi 2025–2029», or the strategy's name alone."""
    if frame is None or frame.strategy is None:
        return ""
    if frame.point is None:
        return frame.strategy.title
    return _("Punkt %(number)s i %(title)s") % {
        "number": frame.point.order,
        "title": frame.strategy.title,
    }


def rests_on_value(frame: Frame | None) -> str:
    """What `choices_for` calls it."""
    if frame is None or frame.strategy_id is None:
        return ""
    return f"{frame.strategy_id}.{frame.point_id or ''}"


def choices_for(partnership: Partnership, frame: Frame | None) -> list[tuple[str, Any]]:
    """The strategies in force with their points, and what is chosen already, though it is replaced since."""
    points = Prefetch("points", queryset=StrategyPoint.objects.order_by("order"))
    found = Strategy.objects.filter(
        municipality=partnership.municipality_id, state=StrategyState.IN_FORCE
    ).prefetch_related(points)
    strategies = list(found)
    if frame is not None and frame.strategy_id and frame.strategy_id not in {one.pk for one in strategies}:
        strategies += Strategy.objects.filter(pk=frame.strategy_id).prefetch_related(points)
    choices: list[tuple[str, Any]] = [("", _("Ikke valgt"))]
    for strategy in strategies:
        lines = [(f"{strategy.pk}.", _("Strategien som helhet"))]
        lines += [
            (f"{strategy.pk}.{point.pk}", f"{point.order}. {point.text}") for point in strategy.points.all()
        ]
        choices.append((strategy.title, lines))
    return choices


def is_outdated(frame: Frame | None) -> bool:
    """What it rests on is not in force any more."""
    return (
        frame is not None
        and frame.strategy is not None
        and frame.strategy.state in (StrategyState.REPLACED, StrategyState.ENDED)
    )
