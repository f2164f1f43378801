"""How the permission table is written and read.

A row says for one URL name, per method, what each actor gets:

    "agreement": Row(
        get="coordinator,chief:200 *:404 anonymous:login",
        post="coordinator:302 *:404 anonymous:login",
        path=lambda world, place: {"pk": world.agreement(place).pk},
        data=lambda world: {"title": "Ny tittel"},
    )

`*` stands for everyone the cell does not name. A participant of a process is taken for `user`, and one who
came by her link (`by_link`) for `anonymous`, until the cell names them: elsewhere they are nobody. `login` is
the way to the sign-in page. HEAD follows GET, and a method without a cell is 405 for everyone (a view may
send visitors to sign in before it says so). A row with `path` is asked three times: for the actor's own
municipality's object, the neighbour's and a third one's; its cells speak of the own one, and a foreign object
is not there (404), unless `foreign_get`/`foreign_post` say otherwise.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# Who is taken for whom in a cell that does not name them.
TAKEN_FOR = {"participant": "user", "by_link": "anonymous"}
LOGIN = 302_000  # a 302 that leads to the sign-in page


class Place(Enum):
    """Whose object is asked for. NOWHERE: the URL names no object."""

    NOWHERE = "nowhere"
    OWN = "own"
    NEIGHBOUR = "neighbour"
    THIRD = "third"


class Cell(NamedTuple):
    name: str
    actor: str
    method: str
    place: Place
    expected: int


@dataclass(frozen=True)
class Row:
    get: str = ""
    post: str = ""
    put: str = ""
    patch: str = ""
    delete: str = ""
    options: str = ""
    foreign_get: str = "*:404 anonymous:login"
    foreign_post: str = "*:404 anonymous:login"
    # Arguments of the URL, made from real objects; and a body that the view accepts.
    path: Callable[[Any, Place], Mapping[str, Any]] | None = None
    data: Callable[[Any], Mapping[str, Any]] = field(default=lambda _world: {})
    # The address itself is the key (a link in a message): what it is about may be shown to whoever has it.
    shows_its_own: bool = False
    # For everybody, signed in or not: what municipalities have put out in the open stands on it. That nothing
    # else does is tried where the page is (tests/volunteers/test_public.py).
    is_public: bool = False

    def expected(self, actor: str, method: str, place: Place, actors: tuple[str, ...]) -> int:
        name = "get" if method == "HEAD" else method.lower()
        written = getattr(self, name)
        if written and place in (Place.NEIGHBOUR, Place.THIRD):
            written = self.foreign_get if name == "get" else self.foreign_post
        return read_cell(written, actors)[actor] if written else 405

    def places(self) -> tuple[Place, ...]:
        return (Place.OWN, Place.NEIGHBOUR, Place.THIRD) if self.path else (Place.NOWHERE,)


def read_cell(written: str, actors: tuple[str, ...]) -> dict[str, int]:
    """Actor → status. Raises ValueError on an unknown actor, one named twice, or one left out."""
    named: dict[str, int] = {}
    rest: int | None = None
    for part in written.split():
        who, _colon, what = part.partition(":")
        status = LOGIN if what == "login" else int(what)
        for actor in who.split(","):
            if actor == "*":
                rest = status
            elif actor not in actors or actor in named:
                raise ValueError(f"{actor!r} in {written!r} is unknown or named twice")
            else:
                named[actor] = status
    for actor, like in TAKEN_FOR.items():
        if actor in actors and like in named:
            named.setdefault(actor, named[like])
    left_out = set(actors) - set(named)
    if left_out and rest is None:
        raise ValueError(f"{written!r} says nothing of {sorted(left_out)}")
    return {actor: named.get(actor, rest if rest is not None else 0) for actor in actors}


def cells(table: Mapping[str, Row], actors: tuple[str, ...]) -> Iterator[Cell]:
    for name, row in table.items():
        for actor in actors:
            for place in row.places():
                for method in METHODS:
                    yield Cell(name, actor, method, place, row.expected(actor, method, place, actors))


def by_name_and_actor(
    table: Mapping[str, Row], actors: tuple[str, ...]
) -> Mapping[tuple[str, str], list[Cell]]:
    """What one test asks, found at once: there are some 150,000 cells."""
    found: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells(table, actors):
        found.setdefault((cell.name, cell.actor), []).append(cell)
    return found


def url_names(urlconf: str | None = None) -> list[str]:
    """Every URL name the portal answers to; a pattern without a name is shown by its route."""

    def walk(resolver: URLResolver, namespace: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern):
                yield f"{namespace}{pattern.name}" if pattern.name else f"no name: {pattern.pattern}"
            else:
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern, inner)

    return list(walk(get_resolver(urlconf), ""))
