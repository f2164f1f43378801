"""The page of a partnership is put together by parts that do not know each other."""

from datetime import date
from typing import Any

import pytest

from partnerships import page
from partnerships.models import Partnership
from partnerships.page import Between, Fact, NextStep, Section, Stage
from samskaping.core.registries import Viewer

VIEWER = Viewer(user=None, membership=None, today=date(2026, 11, 21))
KAFE = Partnership(title="Språkkafé")


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_line", "_steps", "_sections"):
        monkeypatch.setattr(page, name, {})


def test_facts_and_what_is_open_come_from_every_part() -> None:
    page.line_from("frame", lambda _p, _v: [Fact(Stage.ANCHORING, "Punkt 4", done=True)])
    page.line_from("signals", lambda _p, _v: [Between(Stage.ANCHORING, open=2)])
    assert page.line_of(KAFE, VIEWER) == [
        Fact(Stage.ANCHORING, "Punkt 4", done=True),
        Between(Stage.ANCHORING, open=2),
    ]


def test_the_most_useful_steps_come_first() -> None:
    late, soon = (
        NextStep("Avtale", "Forny avtalen", "#a", order=80),
        NextStep("Kart", "Finn en", "#k", order=10),
    )
    page.next_steps_from("agreements", lambda _p, _v: [late])
    page.next_steps_from("map", lambda _p, _v: [soon])
    assert page.next_steps(KAFE, VIEWER) == [soon, late]


def test_sections_stand_in_their_order_and_a_name_is_used_once() -> None:
    def made(key: str, order: int) -> Section:
        return Section(key, order, "x.html", lambda _p, _v: None)

    page.section(made("log", 90))
    page.section(made("parties", 10))
    assert [section.key for section in page.sections()] == ["parties", "log"]
    with pytest.raises(ValueError, match="log"):
        page.section(made("log", 5))


def test_sections_stand_in_their_column_and_what_has_nothing_to_show_is_left_out() -> None:
    def made(key: str, **shown: Any) -> Section:
        return Section(key, 1, f"{key}.html", lambda _p, _v: shown or None, aside=key == "facts")

    for one in (made("log", lines=2), made("facts", edits=True), made("hints")):
        page.section(one)
    wide, narrow = page.columns(KAFE, VIEWER)
    assert [(shown.template, shown.context["lines"]) for shown in wide] == [("log.html", 2)]
    assert [(shown.template, shown.context["edits"]) for shown in narrow] == [("facts.html", True)]


def test_each_is_asked_with_the_partnership_and_who_looks() -> None:
    asked: list[Any] = []
    page.line_from("one", lambda partnership, viewer: asked.append((partnership, viewer)) or [])  # type: ignore[func-returns-value]
    page.line_of(KAFE, VIEWER)
    assert asked == [(KAFE, VIEWER)]
