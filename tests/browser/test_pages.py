"""Every page, in light and dark, wide and narrow: nobody is shut out, and the browser refuses nothing."""

from pathlib import Path

import pytest

from samskaping.core import gallery
from tests.browser.visits import Visit, check_html

pytestmark = pytest.mark.browser


def complaints(visits: list[Visit], name: str) -> list[str]:
    return [f"{visit.path}: {line}" for visit in visits for line in getattr(visit, name)]


def test_pages_were_found(visits: list[Visit]) -> None:
    seen = {visit.path for visit in visits}
    assert {"/", "/logg-inn/", "/om/", "/komponenter/"} <= seen
    assert {f"/komponenter/{name}/" for name in gallery.components()} <= seen


def test_pages_answer(visits: list[Visit]) -> None:
    assert {v.path: v.status for v in visits if v.status != 200} == {"/finnes-ikke/": 404}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visits: list[Visit], scheme: str) -> None:
    assert [f"{v.path}: {line}" for v in visits for line in v.axe[scheme]] == []  # type: ignore[index]


def test_html_is_valid(visits: list[Visit], tmp_path: Path) -> None:
    messages = check_html(visits, tmp_path / "html")
    lines: dict[str, set[str]] = {"error": set(), "info": set()}
    for message in messages:
        lines[message["type"]].add(f"{message['page']}: {message['message']}")
    print("\n".join(sorted(lines["info"])))  # noqa: T201 - warnings: shown with -s, or when the test fails
    assert lines["error"] == set()


def test_browser_refuses_nothing(visits: list[Visit]) -> None:
    assert complaints(visits, "refused") == []


def test_console_is_silent(visits: list[Visit]) -> None:
    assert complaints(visits, "console") == []


def test_nobody_else_is_asked(visits: list[Visit]) -> None:
    assert complaints(visits, "elsewhere") == []


def test_nothing_scrolls_sideways_at_320_pixels(visits: list[Visit]) -> None:
    assert complaints(visits, "too_wide") == []
