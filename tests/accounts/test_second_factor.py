"""The second factor: asked for on every path, works once, cannot be skipped, can be set up without script."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from samskaping.accounts import second_factor
from samskaping.accounts.models import User
from samskaping.core.models import AuditEvent, Outbox
from tests.accounts.doing import (
    app_code,
    deliver_all,
    digits,
    give_app,
    recovery_code,
    sign_in,
    signed_in,
)
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

GATE = "/logg-inn/to-faktor/"
BACK = "/min-konto/bekreft/?next=%2Fmin-konto%2Fapp%2F"
SECURITY = "/min-konto/sikkerhet/"


def show(client: Client, code: str):
    return client.post(GATE, {"code": code})


# --- On the way in -----------------------------------------------------------------------------------
def test_password_is_not_enough_when_there_is_an_app(client: Client, kari: User) -> None:
    secret = give_app(kari)
    assert sign_in(client, kari.email, next="/om/")["Location"] == GATE
    assert not signed_in(client)
    assert client.get(SECURITY)["Location"].startswith("/logg-inn/")
    assert show(client, app_code(secret))["Location"] == "/om/"
    assert signed_in(client)


@pytest.mark.parametrize("code", ["", "000000", "abcdef", "１２３４５６", "0" * 300, "\0"])
def test_wrong_codes(client: Client, kari: User, code: str) -> None:
    give_app(kari)
    sign_in(client, kari.email)
    assert show(client, code).status_code == 200
    assert not signed_in(client)


def test_the_gate_is_shut_without_the_first_factor(client: Client, kari: User) -> None:
    secret = give_app(kari)
    assert show(client, app_code(secret))["Location"] == "/logg-inn/"
    assert not signed_in(client)


def test_a_code_of_the_app_works_once_in_any_process(kari: User) -> None:
    from django.core.cache import cache

    secret = give_app(kari)
    code = app_code(secret)
    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser, kari.email)
    show(first, code)
    cache.clear()  # what another web process has in its own
    show(second, code)
    assert (signed_in(first), signed_in(second)) == (True, False)


def test_five_tries_in_a_quarter_of_an_hour(client: Client, kari: User) -> None:
    secret = give_app(kari)
    sign_in(client, kari.email)
    for _ in range(5):
        show(client, "000000")
    page = show(client, app_code(secret)).content.decode()
    assert "Vent litt" in page
    assert not signed_in(client)
    again = Client()
    sign_in(again, kari.email)
    show(again, app_code(secret))
    assert not signed_in(again), "a new session has no new tries"


def test_right_codes_are_not_counted(kari: User) -> None:
    secret = give_app(kari)
    for step in (-1, 0, 1):
        client = Client()
        sign_in(client, kari.email)
        show(client, app_code(secret, steps=step))
        assert signed_in(client)


def test_a_recovery_code_works_once(kari: User) -> None:
    give_app(kari)
    code = recovery_code(kari)
    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser, kari.email)
        show(browser, code)
    assert (signed_in(first), signed_in(second)) == (True, False)


def test_new_password_does_not_go_round_the_app(client: Client, kari: User) -> None:
    give_app(kari)
    client.post("/glemt-passord/", {"who": kari.email})
    client.post("/glemt-passord/kode/", {"code": digits()})
    client.post("/glemt-passord/nytt/", {"password": "fire vanlige ord her"})
    assert not signed_in(client)
    assert sign_in(client, kari.email, "fire vanlige ord her")["Location"] == GATE
    assert not signed_in(client)


def test_failed_factor_is_traced(client: Client, kari: User) -> None:
    give_app(kari)
    sign_in(client, kari.email)
    show(client, "000000")
    assert AuditEvent.objects.get(verb="factor_failed").object_id == str(kari.pk)


def test_giving_up_half_way_leaves_nothing(client: Client, kari: User) -> None:
    secret = give_app(kari)
    sign_in(client, kari.email)
    client.post("/logg-ut/")
    show(client, app_code(secret))
    assert not signed_in(client)


# --- When a role asks for it -------------------------------------------------------------------------
@pytest.mark.usefixtures("with_role")
class TestRole:
    def test_nothing_opens_before_it_is_set_up(self, client: Client, kari: User) -> None:
        sign_in(client, kari.email)
        for path in ("/min-konto/sikkerhet/oversikt/", "/hjem/", "/denne-uka/", "/min-konto/"):
            response = client.get(path)
            assert response.status_code in (302, 404), path
            assert response.status_code == 404 or response["Location"] == SECURITY
        assert "krever" in client.get(SECURITY).content.decode()

    @pytest.mark.django_db(transaction=True)  # the session is marked when the app is committed
    def test_after_setting_it_up_she_goes_on(self, client: Client) -> None:
        sign_in(client, UserFactory.create().email)
        page = client.get("/min-konto/app/").content.decode()
        response = client.post("/min-konto/app/", {"code": app_code(secret_on(page))})
        assert response["Location"] == "/min-konto/reservekoder/"
        assert client.get("/min-konto/reservekoder/").content.decode().count("<code>") == 10
        assert not is_stopped(client)

    def test_the_last_one_cannot_be_removed(self, client: Client, kari: User) -> None:
        secret = give_app(kari)
        sign_in(client, kari.email)
        show(client, app_code(secret))
        assert client.post("/min-konto/app/fjern/").status_code == 200
        assert second_factor.has_factor(kari)

    def test_a_session_from_before_must_show_it_too(self, kari: User, settings: Any) -> None:
        """Set up on one device: a session elsewhere that never showed a factor is asked for it."""
        client = Client()
        sign_in(client, kari.email)
        secret = give_app(kari)
        assert client.get("/min-konto/reservekoder/nye/")["Location"].startswith(
            "/min-konto/bekreft/kode/?next="
        )
        client.post("/min-konto/bekreft/kode/?next=/om/", {"code": app_code(secret)})
        assert not is_stopped(client)

    def test_the_demo_may_skip(self, client: Client, kari: User, settings: Any) -> None:
        settings.SECOND_FACTOR = "optional"
        sign_in(client, kari.email)
        assert not is_stopped(client)

    @pytest.mark.parametrize("path", ["/", "/healthz", "/konto-stengt/", "/logg-ut/"])
    def test_what_is_open_to_all_stays_open(self, client: Client, kari: User, path: str) -> None:
        sign_in(client, kari.email)
        assert client.get(path).status_code == 200


def is_stopped(client: Client) -> bool:
    """Whether the gate sends her away from a page that is not among the open ones."""
    response = client.get("/min-konto/reservekoder/nye/")
    return response.status_code == 302


def secret_on(page: str) -> str:
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")


# --- Setting up --------------------------------------------------------------------------------------
def test_setting_up_an_app_without_script(client: Client, kari: User, mailoutbox: Any) -> None:
    sign_in(client, kari.email)
    page = client.get("/min-konto/app/").content.decode()
    assert "data:image/svg+xml;base64," in page
    client.post("/min-konto/app/", {"code": app_code(secret_on(page))})
    kept = Authenticator.objects.get(user=kari, type="totp")
    assert secret_on(page) not in str(kept.data), "sealed in the database"
    assert AuditEvent.objects.filter(verb="factor_added").exists()
    assert Outbox.objects.filter(kind="accounts.security_notice").exists()
    deliver_all()
    assert mailoutbox[0].to == [kari.email]


def test_a_wrong_code_sets_nothing_up(client: Client, kari: User) -> None:
    sign_in(client, kari.email)
    client.get("/min-konto/app/")
    assert client.post("/min-konto/app/", {"code": "000000"}).status_code == 200
    assert not second_factor.has_factor(kari)


def test_after_a_while_she_is_asked_who_she_is(client: Client, kari: User) -> None:
    sign_in(client, kari.email)
    session = client.session
    session["since"] -= 3600
    session.save()
    assert client.get("/min-konto/app/")["Location"] == BACK
    wrong = client.post(BACK, {"password": "feil passord"})
    assert wrong.status_code == 200
    right = client.post(BACK, {"password": PASSWORD})
    assert right["Location"] == "/min-konto/app/"
    assert client.get("/min-konto/app/").status_code == 200


def test_another_secret_in_the_post_is_not_taken(client: Client, kari: User) -> None:
    sign_in(client, kari.email)
    client.get("/min-konto/app/")
    evil = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    client.post("/min-konto/app/", {"code": app_code(evil), "secret": evil})
    assert not second_factor.has_factor(kari)


@pytest.mark.parametrize(
    "credential", ["", "x", "[]", "{}", "null", "1", '{"id": "x"}', '{"response": {}}', '"a"']
)
@pytest.mark.parametrize("path", ["/logg-inn/passnokkel/", "/min-konto/passnokler/ny/", GATE])
def test_odd_passkeys_are_answered_in_words(client: Client, kari: User, path: str, credential: str) -> None:
    if path == GATE:
        give_app(kari)
        sign_in(client, kari.email)
    elif path.startswith("/min-konto"):
        sign_in(client, kari.email)
    client.get(path, headers={"Accept": "application/json"})
    response = client.post(path, {"credential": credential, "name": "x", "passwordless": "on"})
    assert response.status_code in (200, 302)
    assert not Authenticator.objects.filter(type="webauthn").exists()
    assert path.startswith("/min-konto") or not signed_in(client)
