"""Every cell of the table as declared; no URL without a row, no row without a URL."""

import re

import pytest
from django.test import Client

from tests.database import rolled_back
from tests.pages import without_tokens
from tests.permissions import frame
from tests.permissions import world as worlds
from tests.permissions.asking import answer, ask
from tests.permissions.frame import UNSAFE, Place
from tests.permissions.table import ACTORS, TABLE

CELLS = list(frame.cells(TABLE, ACTORS))


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
        if given != cell.expected:
            wrong.append(f"{cell.method} {cell.place.value}: {given}, not {cell.expected}")
    assert wrong == []


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("actor", ACTORS)
def test_without_the_forms_token_nothing_is_taken(world: worlds.World, name: str, actor: str) -> None:
    for cell in (c for c in CELLS if (c.name, c.actor) == (name, actor) and c.method in UNSAFE):
        with rolled_back():
            given = ask(world.client(actor), TABLE[name], cell, world, token=False).status_code
        assert given == 403, cell


def test_foreign_and_absent_look_the_same(world: worlds.World) -> None:
    """The page for an object one may not know of is that for an object that does not exist, byte by byte."""
    for actor in ACTORS:
        absent = page(world.client(actor), "/finnes-ikke/")
        for cell in CELLS:
            if cell.actor == actor and cell.place in (Place.NEIGHBOUR, Place.THIRD) and cell.expected == 404:
                with rolled_back():
                    response = ask(world.client(actor, csrf=False), TABLE[cell.name], cell, world)
                if cell.method != "HEAD":
                    assert comparable(response.content.decode()) == absent, cell  # type: ignore[attr-defined]


def test_no_answer_holds_anothers_words(world: worlds.World) -> None:
    for cell in CELLS:
        with rolled_back():
            response = ask(world.client(cell.actor), TABLE[cell.name], cell, world)
        if cell.place is not Place.OWN:
            shown = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
            assert worlds.CANARY.encode() not in shown, cell
            assert worlds.CANARY not in str(response.headers), cell


def page(client: Client, path: str) -> str:
    return comparable(client.get(path).content.decode())


def comparable(html: str) -> str:
    """Without tokens and without the address asked for, which the language form carries back."""
    return re.sub(r'(name="next" value=")[^"]*', r"\1", without_tokens(html))
