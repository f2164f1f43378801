"""A form without its token is refused, whoever sends it. A file of its own: a worker asks it alone."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from tests.permissions import frame
from tests.permissions import world as worlds
from tests.permissions.asking import ask_all
from tests.permissions.frame import UNSAFE
from tests.permissions.table import ACTORS, TABLE

CELLS = frame.by_name_and_actor(TABLE, ACTORS)
REFUSED = b"no token"


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Said for nothing but the token, where a 403 alone could be the view's own. And it costs no page."""
    return HttpResponse(REFUSED, status=403)


@pytest.fixture(autouse=True)
def _said_of_the_token(settings: Any) -> None:
    settings.CSRF_FAILURE_VIEW = f"{__name__}.refused"


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("actor", ACTORS)
def test_without_the_forms_token_nothing_is_taken(world: worlds.World, name: str, actor: str) -> None:
    cells = [cell for cell in CELLS[name, actor] if cell.method in UNSAFE]
    answers = ask_all(world, actor, cells, TABLE, token=False)
    assert {(a.status, a.page) for a in answers} == {(403, REFUSED)}
