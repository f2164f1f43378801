"""Language and theme: chosen by a plain form, remembered, and nobody is led astray."""

import pytest
from django.test import Client

# Every request runs in a transaction, also those that ask the database nothing.
pytestmark = pytest.mark.django_db


def test_theme_is_remembered_and_drawn_by_the_server(client: Client):
    assert 'data-color-scheme="auto"' in client.get("/").content.decode()
    response = client.post("/utseende/", {"theme": "dark", "next": "/om/?a=1"})
    assert (response.status_code, response["Location"]) == (302, "/om/?a=1")
    cookie = response.cookies["utseende"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert 'data-color-scheme="dark"' in client.get("/").content.decode()
    client.post("/utseende/", {"theme": "auto", "next": "/"})
    assert 'data-color-scheme="auto"' in client.get("/").content.decode()


def test_a_tampered_theme_cookie_is_no_choice(client: Client):
    client.cookies["utseende"] = '"><script>'
    assert 'data-color-scheme="auto"' in client.get("/").content.decode()


def test_an_unknown_theme_is_refused(client: Client):
    assert client.post("/utseende/", {"theme": "pink"}).status_code == 400


@pytest.mark.parametrize("path", ["/utseende/", "/sprak/"])
def test_a_link_changes_nothing(client: Client, path):
    assert client.get(path).status_code == 405


@pytest.mark.parametrize("path", ["/utseende/", "/sprak/"])
@pytest.mark.parametrize("target", ["https://ond.example/", "//ond.example/", "javascript:alert(1)", ""])
def test_the_way_back_never_leaves_the_portal(client: Client, path, target):
    response = client.post(path, {"theme": "dark", "language": "nn", "next": target})
    assert response["Location"] == "/"


@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", "Hopp til hovedinnhold"), ("nn", "Hopp til hovudinnhaldet"), ("en", "Skip to main content")],
)
def test_language_is_remembered_and_the_page_says_which(client: Client, language, words):
    client.post("/sprak/", {"language": language, "next": "/"})
    html = client.get("/").content.decode()
    assert f'<html lang="{language}"' in html
    assert words in html


def test_csrf_is_checked():
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/utseende/", {"theme": "dark"}).status_code == 403


def test_sign_in_says_what_is_wrong_in_nynorsk(client: Client):
    client.post("/sprak/", {"language": "nn", "next": "/"})
    html = client.post("/logg-inn/", {"login": "", "password": "x"}).content.decode()
    assert 'href="#id_login">E-post: Fyll ut dette.' in html
