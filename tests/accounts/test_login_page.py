"""What the sign-in page offers, and the language one meets."""

from typing import Any

import pytest
from django.test import Client

from samskaping.accounts import demo
from samskaping.accounts.models import User
from tests.accounts.doing import sign_in, signed_in
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_demo_cards_sign_in_with_one_click(client: Client, settings: Any) -> None:
    settings.DEMO = True
    UserFactory.create(email="coordinator@demo.example", password=demo.PASSWORD)
    page = client.get("/logg-inn/").content.decode()
    assert page.count('demo__card"') == 1
    assert "Frivillighetskoordinator" in page
    sign_in(client, "coordinator@demo.example", demo.PASSWORD)
    assert signed_in(client)


def test_no_demo_no_cards(client: Client) -> None:
    UserFactory.create(email="coordinator@demo.example", password=demo.PASSWORD)
    page = client.get("/logg-inn/").content.decode()
    assert "demo.example" not in page
    assert demo.PASSWORD not in page


def test_every_demo_login_has_a_card() -> None:
    names = {card.login.partition("@")[0] for card in demo.CARDS}
    assert names == {
        "coordinator", "chief", "unit_leader", "place_contact", "staff", "centre_leader", "organisation_rep",
        "observer", "volunteer", "national", "neighbour",
    }  # fmt: skip


def test_language_follows_her(client: Client, kari: User) -> None:
    sign_in(client, kari.email)
    client.post("/sprak/", {"language": "nn", "next": "/om/"})
    kari.refresh_from_db()
    assert kari.language == "nn"
    elsewhere = Client()
    sign_in(elsewhere, kari.email)
    assert elsewhere.cookies["sprak"].value == "nn"


def test_choosing_a_language_without_signing_in_changes_nobody(client: Client, kari: User) -> None:
    client.post("/sprak/", {"language": "en", "next": "/om/"})
    client.get("/sprak/")
    kari.refresh_from_db()
    assert kari.language == ""


@pytest.mark.parametrize("odd", ["xx", "", "nb; rm", "no"])
def test_an_odd_language_is_not_kept(client: Client, kari: User, odd: str) -> None:
    sign_in(client, kari.email)
    client.post("/sprak/", {"language": odd, "next": "/om/"})
    kari.refresh_from_db()
    assert kari.language == ""


@pytest.mark.parametrize(
    "path", ["/logg-inn/", "/logg-inn/kode/", "/glemt-passord/", "/logg-inn/arbeidskonto/gikk-ikke/"]
)
def test_pages_are_kept_by_no_cache(client: Client, path: str) -> None:
    assert "no-store" in client.get(path)["Cache-Control"]
