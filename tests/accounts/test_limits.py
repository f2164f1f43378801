"""Limits on tries: the same for an address nobody has, by network too, and not to be fooled by headers."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from samskaping.accounts import limits
from samskaping.accounts.models import User
from tests.accounts.doing import ask_code, sign_in, signed_in
from tests.factories.accounts import PASSWORD, UserFactory
from tests.pages import without_tokens

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("forged", [{}, {"X-Forwarded-For": "198.51.100.{}"}, {"X-Real-IP": "198.51.100.{}"}])
def test_ten_wrong_passwords_for_one_account(kari: User, forged: dict[str, str]) -> None:
    statuses = []
    for number in range(14):
        headers = {name: value.format(number) for name, value in forged.items()}
        statuses.append(
            sign_in(Client(headers=headers, REMOTE_ADDR="203.0.113.9"), kari.email, "feil").status_code
        )
    assert statuses == [200] * 10 + [429] * 4
    client = Client()
    assert sign_in(client, kari.email).status_code == 429
    assert not signed_in(client), "the right password does not help either"


def test_limited_looks_the_same_for_an_address_nobody_has(kari: User) -> None:
    pages = []
    for who in ("kari@prove.example", "ola@prove.example"):
        answers = [sign_in(Client(), who, "feil passord") for _ in range(12)]
        pages.append(
            [(a.status_code, without_tokens(a.content.decode()).replace(who, "WHO")) for a in answers]
        )
    assert pages[0] == pages[1]
    assert "Vent et kvarter" in pages[0][-1][1]


@pytest.mark.parametrize("way", ["password", "code"])
def test_five_hundred_known_and_unknown_look_the_same(way: str) -> None:
    """Bodies here; the time it takes is in tests/proof (sign_in_time).

    Many accounts and networks, so that it is the answer that is compared and not a limit's.
    """
    known = [str(UserFactory.create().email) for _ in range(170)]
    seen: dict[str, set[tuple[int, str, str]]] = {"known": set(), "unknown": set()}
    for number in range(500):
        client = Client(REMOTE_ADDR=f"10.1.{number % 250}.{number // 250 + 1}")
        for kind in seen:
            place = number % len(known)
            who = known[place] if kind == "known" else f"ukjent{place}@prove.example"
            answer = (
                sign_in(client, who, f"feil passord {number}") if way == "password" else ask_code(client, who)
            )
            body = without_tokens(answer.content.decode()).replace(who, "WHO")
            seen[kind].add((answer.status_code, answer.headers.get("Location", ""), body))
    assert seen["known"] == seen["unknown"]
    assert len(seen["known"]) == 1


def test_right_passwords_are_not_counted(kari: User) -> None:
    for _ in range(15):
        client = Client()
        sign_in(client, kari.email)
        assert signed_in(client)


def test_a_hundred_from_one_network() -> None:
    found = [
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{n % 250 + 1}"), f"x{n}@prove.example", "feil").status_code
        for n in range(103)
    ]
    assert found == [200] * 100 + [429] * 3
    assert sign_in(Client(REMOTE_ADDR="203.0.114.1"), "x@prove.example", "feil").status_code == 200


def test_codes_by_network() -> None:
    client = Client(REMOTE_ADDR="203.0.113.1")
    found = [client.post("/logg-inn/kode/", {"who": f"x{n}@prove.example"}).status_code for n in range(32)]
    assert found == [302] * 30 + [429] * 2


@pytest.mark.parametrize(
    ("remote", "forwarded", "network"),
    [
        ("203.0.113.9", "", "203.0.113.0/24"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.0/24"),  # not our proxy: not believed
        ("127.0.0.1", "198.51.100.1", "198.51.100.0/24"),
        ("127.0.0.1", "10.9.9.9, 198.51.100.1", "198.51.100.0/24"),  # the left part anybody can write
        ("127.0.0.1", "198.51.100.1, 127.0.0.1", "198.51.100.0/24"),
        ("127.0.0.1", "nonsense", "127.0.0.0/24"),
        ("127.0.0.1", "", "127.0.0.0/24"),
        ("127.0.0.1", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "", "203.0.113.0/24"),
        ("", "198.51.100.1", "198.51.100.0/24"),
        ("", "", "unknown"),
    ],
)
def test_networks(settings: Any, remote: str, forwarded: str, network: str) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory(REMOTE_ADDR=remote, headers=headers).get("/")
    assert limits.network_of(request) == network


def test_password_field_sent_twice_is_refused(client: Client, kari: User) -> None:
    body = f"login=kari@prove.example&login=ola@prove.example&password={PASSWORD.replace(' ', '+')}"
    client.post("/logg-inn/", body, content_type="application/x-www-form-urlencoded")
    assert not signed_in(client)
