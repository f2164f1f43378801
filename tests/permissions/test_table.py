"""Every cell of the table as declared; no URL without a row, no row without a URL."""

import logging
import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from partnerships.services.invitation import invitation_token
from tests.logs import portal_log
from tests.pages import without_tokens
from tests.permissions import frame
from tests.permissions import world as worlds
from tests.permissions.asking import TOKEN, Answer, ask_all
from tests.permissions.frame import Place
from tests.permissions.table import ACTORS, TABLE

CELLS = frame.by_name_and_actor(TABLE, ACTORS)


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
    """The status declared, no word of another's, nobody in the log, and for what one may not know of the
    answer to nothing."""
    cells = CELLS[name, actor]
    with portal_log() as log:
        answers = ask_all(world, actor, cells, TABLE)
    assert [wrong_status(a) for a in answers if not fits(a)] == []
    assert [a.cell for a in answers if leaks(a)] == []
    assert unfit_for_logs(world, name, log.getvalue()) == []
    hidden = [a for a in answers if is_hidden(a.cell)]
    # An address of nothing is the same one, whosever object the question was about.
    methods = {a.cell.method: a.cell for a in hidden}
    nothing = {
        a.cell.method: a for a in ask_all(world, actor, methods.values(), {name: not_there(TABLE[name])})
    }
    for given in hidden:
        absent = nothing[given.cell.method]
        assert absent.status == 404, given.cell
        assert comparable(given.page) == comparable(absent.page), given.cell


def fits(given: Answer) -> bool:
    cell = given.cell
    sent_to_sign_in = (cell.expected, given.status) == (405, frame.LOGIN)
    return given.status == cell.expected or (sent_to_sign_in and cell.actor in ("anonymous", "by_link"))


def wrong_status(given: Answer) -> str:
    return f"{given.cell.method} {given.cell.place.value}: {given.status}, not {given.cell.expected}"


def leaks(given: Answer) -> bool:
    if TABLE[given.cell.name].is_public:
        return False
    if TABLE[given.cell.name].shows_its_own and given.cell.place is not Place.NOWHERE:
        return False
    return any(given.holds(word) for word in worlds.hidden_from(given.cell.actor))


def unfit_for_logs(world: worlds.World, name: str, log: str) -> list[str]:
    """What a log says that it may not. Where the address itself is the key, the key, too."""
    row = TABLE[name]
    keys = [row.path(world, place) for place in row.places() if row.path and row.shows_its_own]
    secrets = (*world.personal(), TOKEN, *(str(value) for key in keys for value in key.values()))
    return [secret for secret in secrets if secret in log]


@pytest.mark.parametrize("name", ["members", "invitation_open"])
def test_what_a_log_may_not_hold_is_seen(world: worlds.World, name: str) -> None:
    """Each of these once, as somebody might write it; a line as it should be is fine."""
    world.signed_in("staff")
    invited = world.town(Place.NEIGHBOUR).invitation.person
    written = [invited.name, invited.email, "+4790000000", world.signed_in("staff").split("=")[1]]
    if name == "invitation_open":
        written.append(invitation_token(world.town(Place.THIRD).invitation))
    for secret in written:
        with portal_log() as log:
            logging.getLogger("samskaping.request").info("hello %s", secret, extra={"user": 1})
        assert unfit_for_logs(world, name, log.getvalue()), secret
    with portal_log() as log:
        logging.getLogger("samskaping.request").info("request", extra={"user": 1, "route": "/folk/"})
    assert unfit_for_logs(world, name, log.getvalue()) == []
    assert "/folk/" in log.getvalue()


def is_hidden(cell: frame.Cell) -> bool:
    return cell.place in (Place.NEIGHBOUR, Place.THIRD) and cell.expected == 404


def not_there(row: frame.Row) -> frame.Row:
    """The same address with a number, a file or a word that stands for nothing.

    A word beside a number says what kind of thing it is, and stays: the number names it.
    """

    def path(world: worlds.World, place: Place) -> dict[str, object]:
        given = row.path(world, place) if row.path else {}
        nothing = {int: 2_000_000_000, UUID: uuid4()}
        is_numbered = any(type(value) in nothing for value in given.values())
        return {
            key: nothing.get(type(value), value if is_numbered else "finnes-ikke")
            for key, value in given.items()
        }

    return replace(row, path=path)


def comparable(page: bytes) -> str:
    """Without tokens and without the address asked for, which the language form carries back."""
    return re.sub(r'(name="next" value=")[^"]*', r"\1", without_tokens(page.decode()))
