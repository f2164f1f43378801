"""The permission rows of each part, beside the objects they are tried on.

A module here is found by being there. It has `ROWS` and, where it needs objects, `furnish(town, word)`, which
makes them in each of the three towns and keeps them in `town.things`. `word` stands in every text it makes.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from samskaping.core.parts import parts_of
from tests.permissions.frame import Row

AREAS: list[ModuleType] = parts_of(__name__)


def rows() -> dict[str, Row]:
    """Raises ValueError when two parts describe the same URL name."""
    found: dict[str, Row] = {}
    for area in AREAS:
        both = found.keys() & area.ROWS.keys()
        if both:
            message = f"{sorted(both)} stand in two parts"
            raise ValueError(message)
        found |= area.ROWS
    return found


def furnish(town: Any, word: str) -> None:
    for area in AREAS:
        make: Callable[[Any, str], None] | None = getattr(area, "furnish", None)
        if make is not None:
            make(town, word)
