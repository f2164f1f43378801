"""Somebody like her, whose numbers nobody has.

What is asked for a home page depends on which roles somebody has and on which of her places are the same,
never on which places they are. So it is written as SQL for a stand-in: who has as many roles of the same
kinds, with numbers made up for this. All who are like her share what was written, and her own numbers go in
where the stand-in's stand, as parameters. Her rights are thus worked out by the same code as always.

A day or a moment that is neither the viewer's nor counted from it would stay the first one's: it is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

# Numbers no row has, and days no row comes near.
_FIRST = 2**62
DAY = date(4000, 1, 1)
MOMENT = datetime(4000, 1, 1, tzinfo=UTC)
_NEAR = timedelta(days=100 * 365)


@dataclass
class Numbers:
    """Gives each of hers a number of the stand-in's, the same for the same."""

    _known: dict[tuple[str, int], int] = field(default_factory=dict)

    def of(self, kind: str, number: int | None) -> int | None:
        if number is None:
            return None
        return self._known.setdefault((kind, number), _FIRST + len(self._known))

    def hers(self) -> tuple[int, ...]:
        return tuple(number for _kind, number in self._known)


@dataclass(frozen=True)
class StandIn:
    """`key`: all that tells this kind of viewer from another. `make`: the stand-in, on `DAY` at `MOMENT`."""

    key: Any
    make: Callable[[], Any]
    numbers: tuple[int, ...]
    today: date
    now: datetime

    def is_hers(self, value: Any) -> bool:
        """Whether her own is to stand where this does."""
        if isinstance(value, list | tuple):
            return any(map(self.is_hers, value))
        return isinstance(value, date) or (isinstance(value, int) and value >= _FIRST)

    def hers(self, value: Any) -> Any:
        """Her own, where this is the stand-in's. Raises ValueError for a day of somebody else's."""
        if isinstance(value, int) and value >= _FIRST:
            return self.numbers[value - _FIRST]
        if isinstance(value, datetime):
            return self.now + _since(value, MOMENT)
        if isinstance(value, date):
            return self.today + _since(value, DAY)
        if isinstance(value, list | tuple):
            return type(value)(self.hers(one) for one in value)
        return value


def _since(value: Any, theirs: Any) -> timedelta:
    distance: timedelta = value - theirs
    if abs(distance) > _NEAR:
        raise ValueError(
            "What is written once may know no day but the viewer's: take `viewer.today` or `.now`."
        )
    return distance
