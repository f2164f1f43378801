"""A form without its token is refused, whoever sends it. A file of its own: a worker asks it alone."""

import pytest

from tests.permissions import frame
from tests.permissions import world as worlds
from tests.permissions.asking import ask_all
from tests.permissions.frame import UNSAFE
from tests.permissions.table import ACTORS, TABLE

CELLS = [c for c in frame.cells(TABLE, ACTORS) if c.method in UNSAFE]


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("actor", ACTORS)
def test_without_the_forms_token_nothing_is_taken(world: worlds.World, name: str, actor: str) -> None:
    cells = [c for c in CELLS if (c.name, c.actor) == (name, actor)]
    assert {a.status for a in ask_all(world, actor, cells, TABLE, token=False)} == {403}
