"""Signing in with a password: who gets in, what the others are told, and where one lands."""

import pytest
from django.test import Client

from samskaping.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.pages import without_tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari() -> User:
    return UserFactory.create(email="kari@prove.example")


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post("/logg-inn/", {"login": login, "password": password, **more})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("login", ["kari@prove.example", "Kari@Prove.Example", " kari@prove.example "])
def test_right_password(client: Client, kari: User, login: str) -> None:
    response = sign_in(client, login)
    assert (response.status_code, response["Location"]) == (302, "/hjem/")
    assert signed_in(client)


def test_wrong_password_and_unknown_address_look_the_same(kari: User) -> None:
    answers = [
        sign_in(Client(), login, "feil passord helt feil")
        for login in ("kari@prove.example", "ola@prove.example")
    ]
    pages = [without_tokens(a.content.decode()).replace("ola@", "kari@") for a in answers]
    assert [a.status_code for a in answers] == [200, 200]
    assert pages[0] == pages[1]
    assert "role=" in pages[0]
    assert "feil" in pages[0].lower(), "says that something was wrong"
    assert "feil passord helt feil" not in pages[0]


@pytest.mark.parametrize(
    "login", ["", "kari", "kari@", "a" * 5000, "kari@prove.example\0", "'; DROP TABLE x; --"]
)
def test_odd_address_is_answered_in_words(client: Client, kari: User, login: str) -> None:
    assert sign_in(client, login).status_code == 200
    assert not signed_in(client)


def test_closed_account_does_not_get_in(client: Client) -> None:
    UserFactory.create(email="kari@prove.example", is_active=False)
    sign_in(client, "kari@prove.example")
    assert not signed_in(client)


def test_user_without_password_cannot_use_one(client: Client) -> None:
    User.objects.create_user("kari@prove.example")
    for attempt in ("", "!", "None"):
        sign_in(client, "kari@prove.example", attempt)
        assert not signed_in(client)


@pytest.mark.parametrize("target", ["/om/", "/personvern/?a=b"])
def test_next_page_of_ours(client: Client, kari: User, target: str) -> None:
    assert sign_in(client, "kari@prove.example", next=target)["Location"] == target


ELSEWHERE = [
    "https://evil.example", "//evil.example", "///evil.example", "\\\\evil.example", "/\\evil.example",
    "http:evil.example", "https:///evil.example", "javascript:alert(1)", "data:text/html,x",
    "//evil.example/%2f..",
    "https://localhost@evil.example", "https://evil.example#localhost", "https://evil.example?localhost",
    "http://localhost.evil.example", "\thttps://evil.example", "https://evil\u3002example",
    "//evil.example\\@localhost",
    "ftp://localhost/", "/\t/evil.example", "/\n/evil.example", "%2f%2fevil.example/..//", " //evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("where", ["login", "language", "theme"])
def test_nobody_is_sent_elsewhere(client: Client, kari: User, target: str, where: str) -> None:
    if where == "login":
        response = sign_in(client, "kari@prove.example", next=target)
    elif where == "language":
        response = client.post("/sprak/", {"language": "en", "next": target})
    else:
        response = client.post("/utseende/", {"theme": "dark", "next": target})
    assert response.status_code == 302
    location = response["Location"]
    # A relative address stays with us as long as a browser cannot read a host out of it.
    assert location.startswith(("/", "%2f")), location
    assert not location.replace("\\", "/").replace("\t", "").replace("\n", "").startswith("//")


def test_session_is_a_new_one_after_signing_in(client: Client, kari: User) -> None:
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["samskaping"] = str(session.session_key)
    sign_in(client, "kari@prove.example")
    assert client.session.session_key != session.session_key


def test_session_cookie_is_out_of_reach_for_scripts_and_other_sites(client: Client, kari: User) -> None:
    sign_in(client, "kari@prove.example")
    cookie = client.cookies["samskaping"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_signing_in_needs_the_forms_token(kari: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "kari@prove.example").status_code == 403
    assert not signed_in(client)


def test_signing_out_takes_a_post(client: Client, kari: User) -> None:
    client.force_login(kari)
    client.get("/logg-ut/")
    assert signed_in(client)
    assert client.post("/logg-ut/")["Location"] == "/"
    assert not signed_in(client)


def test_nobody_signs_up_alone(client: Client) -> None:
    for path in ("/signup/", "/registrer/", "/accounts/signup/"):
        assert client.post(path, {"email": "ny@prove.example", "password1": PASSWORD}).status_code == 404
    assert not User.objects.exists()
