"""The frame itself: it reads cells strictly, and sees a view that lets somebody in or tells too much."""

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from samskaping.urls import handler404
from samskaping.urls import urlpatterns as portal
from tests.permissions import frame
from tests.permissions.asking import answer, ask
from tests.permissions.frame import LOGIN, Cell, Place, Row, read_cell
from tests.permissions.world import World

WHO = ("anonymous", "user", "superuser")


@require_safe
def leaky(request: HttpRequest, owner: str) -> HttpResponse:
    """Shows anybody's object to anybody."""
    return HttpResponse(owner)


@require_safe
def tight(request: HttpRequest, owner: str) -> HttpResponse:
    if owner != "own":
        raise Http404
    return HttpResponse(owner)


@csrf_exempt
def unguarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("leaky/<slug:owner>/", leaky, name="leaky"),
    path("tight/<slug:owner>/", tight, name="tight"),
    path("unguarded/", unguarded, name="unguarded"),
    path("forgotten/", unguarded),
    *portal,
]
__all__ = ["handler404"]
OBJECT = Row(get="*:200", foreign_get="*:404", path=lambda _world, place: {"owner": place.value})


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("*:200", {"anonymous": 200, "user": 200, "superuser": 200}),
        ("anonymous:login *:404", {"anonymous": LOGIN, "user": 404, "superuser": 404}),
        ("anonymous,user:302 superuser:403", {"anonymous": 302, "user": 302, "superuser": 403}),
    ],
)
def test_cells_are_read(written: str, read: dict[str, int]) -> None:
    assert read_cell(written, WHO) == read


@pytest.mark.parametrize(
    "written", ["user:200", "somebody:200 *:404", "user:200 user:404 *:404", "user:yes *:404", ""]
)
def test_sloppy_cells_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_cell(written, WHO)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("name", "wrong"), [("tight", 0), ("leaky", 3 * 2 * 2)])
def test_open_door_is_seen(world: World, name: str, wrong: int) -> None:
    """Three actors, two foreign places, GET and HEAD."""
    seen = [
        c
        for c in frame.cells({name: OBJECT}, WHO)
        if answer(ask(world.client(c.actor), OBJECT, c, world)) != c.expected
    ]
    assert len(seen) == wrong


@pytest.mark.urls(__name__)
def test_missing_token_check_is_seen(world: World) -> None:
    cell = Cell("unguarded", "user", "POST", Place.NOWHERE, 200)
    assert ask(world.client("user"), Row(post="*:200"), cell, world, token=False).status_code == 200


@pytest.mark.urls(__name__)
def test_url_without_a_name_is_seen() -> None:
    assert "no name: forgotten/" in frame.url_names(__name__)
