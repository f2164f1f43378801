"""What a browser is told it may do with our pages, word for word."""

import pytest
from django.test import Client, override_settings

pytestmark = pytest.mark.django_db
EXPECTED = {
    "Content-Security-Policy": (
        "base-uri 'self'; default-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "img-src 'self' data:; object-src 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.parametrize("path", ["/", "/logg-inn/", "/finnes-ikke/", "/healthz"])
def test_every_answer_has_them(client: Client, path: str) -> None:
    response = client.get(path)
    policy = "; ".join(sorted(part.strip() for part in response["Content-Security-Policy"].split(";")))
    assert {**{name: response[name] for name in EXPECTED}, "Content-Security-Policy": policy} == EXPECTED
    assert "camera=()" in response["Permissions-Policy"]
    assert "Server" not in response


def test_nothing_inline_is_ever_allowed(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy, "no other host"


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31_536_000)
def test_https_only(client: Client) -> None:
    assert client.get("/").headers["Location"].startswith("https://")
    assert client.get("/healthz").status_code == 200, "the container asks on the inside"
    header = client.get("/", secure=True)["Strict-Transport-Security"]
    assert header == "max-age=31536000; includeSubDomains; preload"


def test_pages_with_a_form_token_are_not_shared_by_caches(client: Client) -> None:
    assert "Cookie" in client.get("/logg-inn/")["Vary"]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "a\tb"])
def test_only_our_hosts(client: Client, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


def test_forwarded_host_is_nobody(client: Client) -> None:
    page = client.get(
        "/logg-inn/", headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    )
    assert "evil.example" not in page.content.decode()
