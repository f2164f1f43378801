"""How long a session lasts, where one sees it, and what ends it."""

from typing import Any

import pytest
from django.test import Client

from samskaping.accounts.devices import device_label
from samskaping.accounts.models import SignIn, User
from samskaping.accounts.services.session import sessions_end
from samskaping.core.models import AuditEvent
from tests.accounts.doing import digits, sign_in, signed_in
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

SECURITY = "/min-konto/sikkerhet/"
NEW = "fire vanlige ord her"


def alive(client: Client) -> bool:
    return client.get(SECURITY).status_code == 200


def two(user: User) -> tuple[Client, Client]:
    clients = (Client(), Client())
    for client in clients:
        sign_in(client, user.email)
    return clients


def age(client: Client, **seconds: float) -> None:
    session = client.session
    for name, value in seconds.items():
        session[name] -= value
    session.save()


# --- How long ------------------------------------------------------------------------------------------
def test_left_alone_with_a_role(client: Client, kari: User, with_role: None, settings: Any) -> None:
    settings.SECOND_FACTOR = "optional"
    sign_in(client, kari.email)
    age(client, seen=29 * 60)
    assert alive(client)
    age(client, seen=31 * 60)
    assert not alive(client)
    assert not signed_in(client)


def test_a_volunteer_may_leave_her_phone(client: Client, kari: User) -> None:
    sign_in(client, kari.email)
    age(client, seen=4 * 3600)
    assert alive(client)


def test_every_session_ends_after_a_working_day(client: Client, kari: User) -> None:
    sign_in(client, kari.email)
    age(client, since=12 * 3600 + 1)
    assert not alive(client)


def test_a_session_without_marks_is_not_one_of_ours(client: Client, kari: User) -> None:
    sign_in(client, kari.email)
    session = client.session
    del session["since"], session["seen"]
    session.save()
    assert not alive(client)


def test_being_there_keeps_it(client: Client, kari: User, with_role: None, settings: Any) -> None:
    settings.SECOND_FACTOR = "optional"
    sign_in(client, kari.email)
    for _ in range(3):
        age(client, seen=20 * 60)
        assert alive(client)


def test_cookie_ends_with_the_browser(client: Client, kari: User) -> None:
    sign_in(client, kari.email)
    assert not client.cookies["samskaping"]["max-age"]


# --- Where, and ending it -------------------------------------------------------------------------------
def test_list_of_sign_ins_holds_no_address(kari: User) -> None:
    client = Client(
        REMOTE_ADDR="203.0.113.7", headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}
    )
    sign_in(client, kari.email)
    page = client.get(SECURITY).content.decode()
    assert "Firefox, Windows" in page
    assert "Denne" in page
    kept = {field.name: str(getattr(SignIn.objects.get(), field.name)) for field in SignIn._meta.fields}
    assert not any("203.0" in value or "Mozilla" in value for value in kept.values())


def test_ending_one_of_ones_own(kari: User) -> None:
    here, there = two(kari)
    row = SignIn.objects.get(session_key=there.session.session_key)
    here.post(f"/min-konto/innlogginger/{row.pk}/avslutt/")
    assert (alive(here), alive(there)) == (True, False)


def test_ending_all_others(kari: User) -> None:
    here, there = two(kari)
    here.post("/min-konto/innlogginger/avslutt/")
    assert (alive(here), alive(there)) == (True, False)
    assert AuditEvent.objects.get(verb="sessions_ended").data == {"count": 1}


def test_anothers_cannot_be_ended(client: Client, kari: User) -> None:
    other, _second = two(UserFactory.create())
    sign_in(client, kari.email)
    row = SignIn.objects.get(session_key=other.session.session_key)
    assert client.post(f"/min-konto/innlogginger/{row.pk}/avslutt/").status_code == 404
    assert alive(other)


def test_signing_out_takes_it_off_the_list(client: Client, kari: User) -> None:
    sign_in(client, kari.email)
    key = client.session.session_key
    client.post("/logg-ut/")
    assert not SignIn.objects.exists()
    client.cookies["samskaping"] = str(key)
    assert not alive(client)


def test_all_can_be_ended_from_elsewhere(kari: User) -> None:
    """A role that ended takes the sessions with it."""
    here, there = two(kari)
    assert sessions_end(user=kari, by=None) == 2
    assert not alive(here)
    assert not alive(there)


# --- A new password ------------------------------------------------------------------------------------
def test_changing_the_password_ends_all_others(kari: User) -> None:
    here, there = two(kari)
    key = here.session.session_key
    here.post("/min-konto/passord/", {"password": NEW})
    assert (alive(here), alive(there)) == (True, False)
    assert here.session.session_key != key
    assert SignIn.objects.get().session_key == here.session.session_key
    sign_in(there, kari.email, PASSWORD)
    assert not signed_in(there)
    sign_in(there, kari.email, NEW)
    assert signed_in(there)


def test_changing_the_password_asks_who_she_is(client: Client, kari: User) -> None:
    sign_in(client, kari.email)
    age(client, since=3600)
    response = client.post("/min-konto/passord/", {"password": NEW})
    assert response["Location"].startswith("/min-konto/bekreft/")
    assert NEW not in str(dict(client.session)), "what she wrote is not kept meanwhile"
    kari.refresh_from_db()
    assert kari.check_password(PASSWORD)


def test_forgotten_password(kari: User, mailoutbox: Any) -> None:
    from tests.accounts.doing import deliver_all

    somewhere, client = Client(), Client()
    sign_in(somewhere, kari.email)
    client.post("/glemt-passord/", {"who": kari.email})
    assert client.post("/glemt-passord/kode/", {"code": digits()})["Location"] == "/glemt-passord/nytt/"
    assert client.post("/glemt-passord/nytt/", {"password": NEW})["Location"] == "/logg-inn/"
    assert not signed_in(client)
    assert not alive(somewhere)
    sign_in(client, kari.email, NEW)
    assert signed_in(client)
    assert AuditEvent.objects.filter(verb="password_changed", actor=None).exists()
    deliver_all()
    assert {mail.to[0] for mail in mailoutbox} == {kari.email}


@pytest.mark.parametrize("password", ["kort", "123456789012", "kari@prove.example", ""])
def test_weak_passwords_are_refused_in_words(client: Client, kari: User, password: str) -> None:
    sign_in(client, kari.email)
    page = client.post("/min-konto/passord/", {"password": password}).content.decode()
    assert "Du må rette" in page
    kari.refresh_from_db()
    assert kari.check_password(PASSWORD)


def test_new_password_needs_the_code(client: Client, kari: User) -> None:
    client.post("/glemt-passord/", {"who": kari.email})
    assert client.post("/glemt-passord/nytt/", {"password": NEW})["Location"] == "/glemt-passord/"
    client.post("/glemt-passord/kode/", {"code": "000000"})
    client.post("/glemt-passord/nytt/", {"password": NEW})
    kari.refresh_from_db()
    assert kari.check_password(PASSWORD)


def test_a_proven_address_sets_one_password(client: Client, kari: User) -> None:
    client.post("/glemt-passord/", {"who": kari.email})
    client.post("/glemt-passord/kode/", {"code": digits()})
    client.post("/glemt-passord/nytt/", {"password": NEW})
    assert (
        client.post("/glemt-passord/nytt/", {"password": "et helt annet passord"})["Location"]
        == "/glemt-passord/"
    )
    kari.refresh_from_db()
    assert kari.check_password(NEW)


def test_a_code_for_signing_in_makes_no_password(client: Client, kari: User) -> None:
    client.post("/logg-inn/kode/", {"who": kari.email})
    code = digits()
    client.post("/glemt-passord/", {"who": "ola@prove.example"})
    client.post("/glemt-passord/kode/", {"code": code})
    assert client.get("/glemt-passord/nytt/")["Location"] == "/glemt-passord/"


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("curl/8", ""),
        ("", ""),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_device_labels(agent: str, label: str) -> None:
    assert device_label(agent) == label
