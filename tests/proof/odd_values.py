"""Values nobody should set, by the kind of variable. Written without looking at env.py's own rules:
what counts as odd here is what docs and people mean by a port, a switch, an address.
"""

import random
import re
import string
from collections.abc import Callable, Iterator
from itertools import islice

PASSWORD = "canary-4711"  # in every odd address; no sentence may repeat it
_LETTERS = (
    string.ascii_letters + string.digits + " .,:;-_/\\@#%&?=+*'\"()[]{}<>|~^`$!" + "æøåÆØÅéß٣１٢\u200b\ud7ff"
)

Maker = Callable[[random.Random], str]


def scribble(chance: random.Random, longest: int = 30) -> str:
    return "".join(chance.choice(_LETTERS) for _ in range(chance.randint(1, longest)))


def of(kind: str, count: int, *, chance: random.Random, usable: Callable[[str], bool]) -> Iterator[str]:
    """`count` odd values of a kind; `usable` says which of the makers' values a person could mean."""
    makers = _MAKERS[kind]

    def endless() -> Iterator[str]:
        while True:
            value = chance.choice(makers)(chance)
            # An empty value means «not set»; the operating system refuses NUL.
            if value.strip() and "\0" not in value and not usable(value.strip()):
                yield value

    return islice(endless(), count)


def _pick(*values: str) -> Maker:
    return lambda chance: chance.choice(values)


def _around(*middles: str) -> Maker:
    """A value that would do, with something before or after it that spoils it."""

    def make(chance: random.Random) -> str:
        middle = chance.choice(middles)
        return chance.choice(
            (f"{scribble(chance, 3)}{middle}", f"{middle}{scribble(chance, 3)}", f"{middle}\n{middle}")
        )

    return make


def _address(scheme: str) -> tuple[Maker, ...]:
    def port(chance: random.Random) -> str:
        odd = chance.choice(("port", "99999", "-1", "1e3", "80x", "٣"))
        return f"{scheme}://user:{PASSWORD}@host:{odd}/name"

    def other(chance: random.Random) -> str:
        word = "".join(chance.choices(string.ascii_lowercase, k=chance.randint(1, 9)))
        return f"{word}://user:{PASSWORD}@host/name"

    return (
        port, other, scribble,
        lambda chance: f"{scheme}://user:{PASSWORD}@[::{chance.randint(1, 9)}/name",
        lambda chance: f"{scheme}://user:{PASSWORD}@host\n{scribble(chance, 5)}",
        lambda chance: f"{scribble(chance, 4)}{scheme}://user:{PASSWORD}@host/name",
        _pick(f"{scheme}:", f"{scheme}://", f"//user:{PASSWORD}@host/name", "localhost", "localhost:5432"),
    )  # fmt: skip


_MAKERS: dict[str, tuple[Maker, ...]] = {
    "number": (
        scribble,
        _around("8000", "2"),
        lambda chance: str(-chance.randint(0, 10**6)),
        lambda chance: str(chance.randint(10**8, 10**30)),
        lambda chance: f"{chance.uniform(0, 99)}",
        _pick("1_000", "0x1F", "1e3", "٣", "１２", "²", "two", "to", "True", "+1", "--", "0", "8000/tcp"),
    ),
    "flag": (
        scribble,
        _around("1", "true", "no"),
        lambda chance: str(chance.randint(2, 10**6)),
        _pick("ja", "nei", "y", "n", "t", "f", "enabled", "None", "null", "-1", "01", "TRUE!", "１"),
    ),
    "choice": (scribble, _around("INFO", "json"), _pick("info", "Debug", "xml", "CRITICAL", "20")),
    "database": _address("postgresql"),
    "redis": _address("redis"),
    "scanner": (
        *_address("tcp"),
        _pick("unix://clamd.sock", "unix:clamd.sock", "tcp://host/path", "http://host:3310", "host:3310"),
    ),
    "mail": (*_address("smtp"), _pick("https://mail.example", "smtp+ssl://mail.example", "mail.example:25")),
    "email": (
        scribble,
        _pick("portal", "@samskaping.example", "a@b@c.example", "Portalen <portal@samskaping.example>"),
        lambda chance: "x@samskaping.example".join(("portal@samskaping.example,", scribble(chance, 3))),
        lambda chance: f"portal@samskaping.example\nBcc: {scribble(chance, 9)}@samskaping.example",
        lambda chance: f"por{chance.choice(' ,;<>()æ')}tal@samskaping.example",
    ),
    "site": (
        scribble,
        *_address("https"),
        _pick("samskaping.example", "https:samskaping.example", "https://", "ftp://samskaping.example"),
        lambda chance: f"https://samskaping.example/{scribble(chance, 5)}/x",
        lambda chance: f"https://samskaping.example?{scribble(chance, 5)}=1",
        lambda chance: f"https://sam{chance.choice(' _æ%<,*')}skaping.example",
    ),
    "issuer": (
        scribble,
        *_address("https"),
        lambda chance: f"https://login.example/?{scribble(chance, 5)}",
        lambda chance: f"https://login.example#{scribble(chance, 5)}",
        _pick("https://login.example/tenant", "http://login.example", "login.example"),
    ),
    "alone": (scribble, _pick("a-client", "samskaping")),
    "name": (
        lambda chance: "arbeidskonto " * chance.randint(5, 40),
        lambda chance: f"arbeids\n{scribble(chance, 9)}",
        _pick("arbeids\u200bkonto", "arbeids\tkonto"),
    ),
    "hosts": (
        scribble,
        lambda chance: f"https://samskaping.example{chance.choice(('', '/'))}",
        lambda chance: f"samskaping.example:{chance.randint(1, 65535)}",
        lambda chance: f"samskaping.example,{chance.choice(' _/?%<')}{scribble(chance, 4)}/",
        _pick(",", ", ,", "a b", "-a", "a-", "*.example", "a,b c", "[::1", "localhost;127.0.0.1"),
    ),
    "bind": (
        scribble,
        lambda chance: f"{chance.choice(('192.0.2.1', 'localhost'))}:{chance.randint(1, 65535)}",
        lambda chance: ".".join(str(chance.randint(256, 999)) for _ in range(4)),
        _pick("http://0.0.0.0", "0.0.0.0/0", "127.0.0", "localhost,127.0.0.1", "a b", "::1::"),
    ),
    "networks": (
        scribble,
        lambda chance: f"10.0.0.0/{chance.randint(33, 999)}",
        lambda chance: ".".join(str(chance.randint(256, 999)) for _ in range(4)),
        _pick("proxy", "10.0.0", "10.0.0.1;10.0.0.2", "127.0.0.1,proxy", "http://127.0.0.1", "::g"),
    ),
    "key": (
        lambda chance: scribble(chance, 39),
        lambda chance: f"{scribble(chance, 20)}x\n{scribble(chance, 40)}x" * 2,
        _pick("changeme", "secret", "x" * 39),
    ),
    "keys": (
        lambda chance: f"{'k' * 50},{scribble(chance, 20)}x",
        lambda chance: f"{'k' * 50}\n{'l' * 50}",
        _pick("changeme", "old,older"),
    ),
}  # fmt: skip

_HOST = re.compile(r"\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\*|\[[0-9A-Fa-f:]+\]")


def is_host(text: str) -> bool:
    return bool(_HOST.fullmatch(text))


def is_email(text: str) -> bool:
    return bool(re.fullmatch(r"[\w.%+-]+@[A-Za-z0-9][A-Za-z0-9.-]*", text, re.ASCII))
