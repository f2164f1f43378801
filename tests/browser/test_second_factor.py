"""A passkey and an authenticator app, set up and used to sign in, as a person does it in a real browser."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, CDPSession, Page, expect

from samskaping.accounts.demo import PASSWORD
from tests.browser.conftest import context

pytestmark = pytest.mark.browser

SECURITY = "/min-konto/sikkerhet/"
# Nobody else's tests sign in as them.
WITH_PASSKEY, WITH_APP = "observer@demo.example", "staff@demo.example"
# A telephone that unlocks with a finger, and keeps what it makes.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def visitor(browser: Browser, portal: Any) -> Iterator[Page]:
    """By the name the portal knows itself by: a passkey belongs to a name, never to a number."""
    with context(browser, portal, base_url=portal.named_url) as fresh:
        yield fresh.new_page()


@pytest.fixture
def device(visitor: Page) -> tuple[CDPSession, str]:
    line = visitor.context.new_cdp_session(visitor)
    line.send("WebAuthn.enable")
    made = line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return line, made["authenticatorId"]


def with_password(page: Page, login: str) -> None:
    page.goto("/logg-inn/")
    page.fill("#id_login", login)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")


def sign_out(page: Page) -> None:
    page.goto("/logg-ut/")
    page.locator("main form[action='/logg-ut/'] button").click()
    page.goto(SECURITY)
    expect(page).to_have_url(re.compile("/logg-inn/"))


def app_code(secret: str, *, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def test_passkey_is_made_and_signs_in_alone(visitor: Page, device: tuple[CDPSession, str]) -> None:
    page, (line, number) = visitor, device
    with_password(page, WITH_PASSKEY)
    page.goto(SECURITY)
    page.get_by_role("link", name="Lag passnøkkel").click()
    page.fill("#id_name", "Telefonen min")
    page.get_by_role("button", name="Lag passnøkkel").click()
    page.wait_for_url("**/min-konto/reservekoder/")
    (kept,) = line.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]
    assert kept["isResidentCredential"]
    assert kept["rpId"] == "localhost"
    page.goto(SECURITY)
    expect(page.get_by_text("Telefonen min").first).to_be_visible()

    sign_out(page)
    page.goto(f"/logg-inn/?next={SECURITY}")
    page.get_by_role("button", name="Bruk passnøkkel").click()
    page.wait_for_url(re.compile(f"^[^?]*{SECURITY}$"))

    # The password alone is no longer enough; the passkey is the second step, too.
    sign_out(page)
    with_password(page, WITH_PASSKEY)
    page.wait_for_url("**/logg-inn/to-faktor/")
    page.get_by_role("button", name="Bruk passnøkkel").click()
    page.wait_for_url(re.compile("^(?!.*logg-inn)"))

    # A finger the telephone does not know opens nothing.
    sign_out(page)
    line.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    page.goto("/logg-inn/")
    page.get_by_role("button", name="Bruk passnøkkel").click()
    expect(page.get_by_text("Det gikk ikke med passnøkkelen.")).to_be_visible()
    page.goto(SECURITY)
    expect(page).to_have_url(re.compile("/logg-inn/"))


def test_app_is_set_up_and_asked_for(visitor: Page) -> None:
    page = visitor
    with_password(page, WITH_APP)
    page.goto(SECURITY)
    page.get_by_role("link", name="Sett opp app").click()
    assert page.locator("img.qr").evaluate("picture => picture.naturalWidth") > 0
    page.locator("details summary", has_text="virker ikke bildet").click()
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.fill("#id_code", app_code(secret))
    page.get_by_role("button", name="Slå på").click()
    page.wait_for_url("**/min-konto/reservekoder/")
    assert page.locator("ul.codes li").count() == 10

    sign_out(page)
    with_password(page, WITH_APP)
    page.wait_for_url("**/logg-inn/to-faktor/")
    page.goto(SECURITY)
    expect(page).to_have_url(re.compile("/logg-inn/"))
    page.goto("/logg-inn/to-faktor/")
    page.fill("#id_code", "000000")
    page.get_by_role("button", name="Gå videre").click()
    expect(page.locator(".ds-validation-message", has_text="Det stemte ikke.")).to_be_visible()
    # The code that set it up is used; the next half minute's is good already.
    page.fill("#id_code", app_code(secret, steps=1))
    page.get_by_role("button", name="Gå videre").click()
    page.wait_for_url(re.compile("^(?!.*logg-inn)"))
