"""A strategy in force in every municipality, and the ones it replaced."""

from datetime import timedelta

from partnerships.models import Strategy, StrategyPoint
from partnerships.models.strategy import StrategyState
from partnerships.national.nation import Nation
from partnerships.national.words import PURPOSES

ORDER = 50


def load(nation: Nation) -> None:
    if nation.has(Strategy.objects.all()):
        return
    before = None
    for number, state in enumerate(
        (StrategyState.REPLACED, StrategyState.REPLACED, StrategyState.IN_FORCE), 1
    ):
        decided = nation.today - timedelta(days=1500 - 400 * number)
        made = nation.write(
            Strategy,
            (
                Strategy(
                    municipality=town, title="Frivilligstrategi", number=number, state=state,
                    decided_on=decided, valid_from=decided, revise_by=nation.days_on(500),
                    replaces=before[place] if before else None,
                )
                for place, town in enumerate(nation.municipalities)
            ),
        )  # fmt: skip
        nation.write(
            StrategyPoint,
            (
                StrategyPoint(municipality_id=one.municipality_id, strategy=one, order=order, text=text)
                for one in made
                for order, text in enumerate(PURPOSES, 1)
            ),
        )
        before = made
