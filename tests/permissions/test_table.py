"""Every cell of the table as declared; no URL without a row, no row without a URL."""

import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from tests.database import rolled_back
from tests.pages import without_tokens
from tests.permissions import frame
from tests.permissions import world as worlds
from tests.permissions.asking import answer, ask
from tests.permissions.frame import UNSAFE, Place
from tests.permissions.table import ACTORS, TABLE

CELLS = list(frame.cells(TABLE, ACTORS))


def fits(given: int, cell: frame.Cell) -> bool:
    return given == cell.expected or (cell.actor, cell.expected, given) == ("anonymous", 405, frame.LOGIN)


def test_every_url_has_a_row() -> None:
    assert set(frame.url_names()) - set(TABLE) == set()


def test_every_row_has_a_url() -> None:
    assert set(TABLE) - set(frame.url_names()) == set()


def test_every_name_is_one_url() -> None:
    names = frame.url_names()
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("actor", ACTORS)
def test_each_cell(world: worlds.World, name: str, actor: str) -> None:
    wrong = []
    for cell in (c for c in CELLS if (c.name, c.actor) == (name, actor)):
        with rolled_back():
            given = answer(ask(world.client(actor), TABLE[name], cell, world))
        if not fits(given, cell):
            wrong.append(f"{cell.method} {cell.place.value}: {given}, not {cell.expected}")
    assert wrong == []


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("actor", ACTORS)
def test_without_the_forms_token_nothing_is_taken(world: worlds.World, name: str, actor: str) -> None:
    for cell in (c for c in CELLS if (c.name, c.actor) == (name, actor) and c.method in UNSAFE):
        with rolled_back():
            given = ask(world.client(actor), TABLE[name], cell, world, token=False).status_code
        assert given == 403, cell


@pytest.mark.parametrize("actor", ACTORS)
def test_foreign_and_absent_look_the_same(world: worlds.World, actor: str) -> None:
    """The answer for an object one may not know of is that for one that does not exist, byte by byte."""
    for cell in CELLS:
        if cell.actor != actor or cell.place not in (Place.NEIGHBOUR, Place.THIRD) or cell.expected != 404:
            continue
        with rolled_back():
            foreign = ask(world.client(actor, csrf=False), TABLE[cell.name], cell, world)
            absent = ask(world.client(actor, csrf=False), not_there(TABLE[cell.name]), cell, world)
        assert foreign.status_code == absent.status_code == 404, cell
        if cell.method != "HEAD":
            pages = [comparable(r.content.decode()) for r in (foreign, absent)]  # type: ignore[attr-defined]
            assert pages[0] == pages[1], cell


def not_there(row: frame.Row) -> frame.Row:
    """The same address with a number, a file or a word that stands for nothing."""

    def path(world: worlds.World, place: Place) -> dict[str, object]:
        given = row.path(world, place) if row.path else {}
        nothing = {int: 2_000_000_000, UUID: uuid4()}
        return {key: nothing.get(type(value), "finnes-ikke") for key, value in given.items()}

    return replace(row, path=path)


@pytest.mark.parametrize("actor", ACTORS)
def test_no_answer_holds_anothers_words(world: worlds.World, actor: str) -> None:
    for cell in (c for c in CELLS if c.actor == actor):
        with rolled_back():
            response = ask(world.client(cell.actor), TABLE[cell.name], cell, world)
        if not (cell.place in (Place.NEIGHBOUR, Place.THIRD) and TABLE[cell.name].shows_its_own):
            shown = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
            assert worlds.CANARY.encode() not in shown, cell
            assert worlds.CANARY not in str(response.headers), cell


def comparable(html: str) -> str:
    """Without tokens and without the address asked for, which the language form carries back."""
    return re.sub(r'(name="next" value=")[^"]*', r"\1", without_tokens(html))
