"""The work account: who gets in with it, and every token that must not be believed."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from samskaping.accounts.models import User, WorkAccount
from samskaping.core.models import AuditEvent
from tests.accounts import provider as providers
from tests.accounts.doing import app_code, digits, give_app, signed_in, write_code
from tests.accounts.provider import CLIENT, KEY, OTHER_KEY, Provider
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("work_domain")]

START, BACK = "/logg-inn/arbeidskonto/", "/logg-inn/arbeidskonto/tilbake/"
REFUSED = "/logg-inn/arbeidskonto/gikk-ikke/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with providers.running() as found:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = found.issuer, CLIENT
        settings.OIDC_CLIENT_SECRET, settings.OIDC_NAME = "a secret", "arbeidskonto"
        yield found


@pytest.fixture
def work_domain(settings: Any, with_role: None) -> None:
    """Everybody works in a municipality whose domain is prove.example, and no factor is due."""
    settings.SECOND_FACTOR = "optional"


def leave(client: Client, provider: Provider, **more: str) -> dict[str, str]:
    """Presses the button; what the browser is sent to the provider with."""
    response = client.post(START, more)
    assert response.status_code == 302
    query = {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}
    provider.nonce = query["nonce"]
    return query


def come_back(client: Client, query: dict[str, str], **changed: Any):
    return client.get(BACK, {"state": query["state"], "code": "the-code", **changed})


def refused(response: Any) -> bool:
    """Everything that is wrong ends on the same page, without the code in its address."""
    return (response.status_code, response["Location"]) == (302, REFUSED)


def messages_in(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def link(user: User, provider: Provider, subject: str = "subject-1") -> None:
    WorkAccount.objects.create(user=user, issuer=provider.issuer, subject=subject)


# --- Those who get in --------------------------------------------------------------------------------
def test_a_known_account_signs_in(client: Client, kari: User, provider: Provider) -> None:
    link(kari, provider)
    query = leave(client, provider, next="/personvern/")
    assert come_back(client, query)["Location"] == "/personvern/"
    assert signed_in(client)
    assert query["code_challenge_method"] == "S256"
    assert len(provider.asked["code_verifier"][0]) >= 43
    assert provider.asked["client_secret"] == ["a secret"]


def test_the_first_time_a_code_is_asked_for(client: Client, kari: User, provider: Provider) -> None:
    assert come_back(client, leave(client, provider))["Location"] == "/logg-inn/kode/skriv/"
    assert not signed_in(client)
    assert not WorkAccount.objects.exists()
    assert "første gang" in client.get("/logg-inn/kode/skriv/").content.decode()
    write_code(client, digits())
    assert signed_in(client)
    assert WorkAccount.objects.get().user == kari
    assert AuditEvent.objects.filter(verb="work_account_linked").exists()
    again = Client()
    come_back(again, leave(again, provider))
    assert signed_in(again)


def test_the_address_may_change_at_work(client: Client, kari: User, provider: Provider) -> None:
    """The pair of issuer and subject is who she is; the address only has to be of the domain."""
    link(kari, provider)
    provider.claims = {"email": "kari.nygift@prove.example"}
    come_back(client, leave(client, provider))
    assert client.session["_auth_user_id"] == str(kari.pk)


def test_it_does_not_go_round_the_app(client: Client, kari: User, provider: Provider) -> None:
    link(kari, provider)
    secret = give_app(kari)
    assert come_back(client, leave(client, provider))["Location"] == "/logg-inn/to-faktor/"
    assert not signed_in(client)
    client.post("/logg-inn/to-faktor/", {"code": app_code(secret)})
    assert signed_in(client)


@pytest.mark.parametrize(
    ("amr", "counts"), [(["pwd", "mfa"], True), (["pwd"], False), ("mfa", False), (None, False)]
)
def test_the_providers_second_factor_counts_when_it_says_so(
    client: Client, kari: User, provider: Provider, settings: Any, amr: Any, counts: bool
) -> None:
    settings.SECOND_FACTOR = "required"
    link(kari, provider)
    provider.claims = {"amr": amr}
    come_back(client, leave(client, provider))
    assert (client.get("/min-konto/reservekoder/nye/").status_code == 200) is counts


# --- Those who do not --------------------------------------------------------------------------------
def forged(**header: Any) -> str:
    """A token put together by hand, with a header no library would write."""

    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    claims = {"aud": CLIENT, "sub": "subject-1", "exp": time.time() + 300, "email": "kari@prove.example"}
    return f"{part(header)}.{part(claims)}."


def public_pem() -> bytes:
    return KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


BAD: dict[str, dict[str, Any]] = {
    "alg none": {"raw_token": forged(alg="none", typ="JWT")},
    "alg None in capitals": {"raw_token": forged(alg="NONE", kid="key-1")},
    "HS256 with the public key": {"raw_token": "hs256"},
    "HS256 with the client secret": {"algorithm": "HS256", "key": "a secret"},
    "key of somebody else": {"key": OTHER_KEY},
    "unknown kid": {"kid": "key-2"},
    "algorithm the key is not for": {"algorithm": "PS256"},
    "wrong issuer": {"claims": {"iss": "https://evil.example"}},
    "issuer with a slash more": {"claims": {"iss": "SLASH"}},
    "wrong audience": {"claims": {"aud": "another"}},
    "several audiences, not authorized for us": {"claims": {"aud": [CLIENT, "another"]}},
    "authorized for another": {"claims": {"azp": "another"}},
    "expired": {"claims": {"exp": int(time.time()) - 3600}},
    "made long ago": {"claims": {"iat": int(time.time()) - 7200}},
    "made in the future": {"claims": {"iat": int(time.time()) + 7200}},
    "not valid yet": {"claims": {"nbf": int(time.time()) + 7200}},
    "wrong nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"without": ("nonce",)},
    "no expiry": {"without": ("exp",)},
    "no time of making": {"without": ("iat",)},
    "no subject": {"without": ("sub",)},
    "empty subject": {"claims": {"sub": ""}},
    "subject that is a number": {"claims": {"sub": 1}},
    "no e-mail": {"without": ("email",)},
    "two e-mails in one": {"claims": {"email": "kari@prove.example@evil.example"}},
    "list of e-mails": {"claims": {"email": ["kari@prove.example"]}},
    "unverified e-mail": {"claims": {"email_verified": False}},
    "e-mail verified by a word": {"claims": {"email_verified": "false"}},
    "domain nobody of ours has": {"claims": {"email": "kari@evil.example"}},
    "domain that only ends alike": {"claims": {"email": "kari@evil-prove.example"}},
    "subdomain": {"claims": {"email": "kari@a.prove.example"}},
    "not a token": {"raw_token": "x.y.z"},
    "no token": {"token_answer": {"access_token": "x"}},
    "a list for an answer": {"token_answer": ["x"]},
    "an error": {"status": 400},
    "description of another issuer": {"description": {"issuer": "https://evil.example"}},
    "keys from another scheme": {"description": {"jwks_uri": "file:///etc/passwd"}},
}


@pytest.mark.parametrize("what", BAD)
def test_bad_tokens(client: Client, kari: User, provider: Provider, what: str) -> None:
    link(kari, provider)
    query = leave(client, provider)
    for name, value in BAD[what].items():
        setattr(provider, name, value)
    if provider.raw_token == "hs256":
        provider.raw_token = hs256_with_public_key(provider)
    if provider.claims.get("iss") == "SLASH":
        provider.claims = {"iss": f"{provider.issuer}/"}
    assert refused(come_back(client, query))
    assert not signed_in(client)
    assert not messages_in(client.get(REFUSED)), "nobody is told what was wrong"


def hs256_with_public_key(provider: Provider) -> str:
    """The old trick: the public key everybody can read, used as a shared secret. PyJWT refuses to make it."""
    import hashlib
    import hmac

    now = int(time.time())
    claims = {"iss": provider.issuer, "aud": CLIENT, "sub": "subject-1", "iat": now, "exp": now + 300}
    made = jwt.encode(
        {**claims, "nonce": provider.nonce, "email": "kari@prove.example"},
        "x" * 32,
        "HS256",
        {"kid": "key-1"},
    )
    signed = made.rpartition(".")[0]
    mark = hmac.new(public_pem(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


@pytest.mark.parametrize(
    "query",
    [
        {"state": "another"}, {"state": ""}, {"code": ""}, {"state": ["a", "b"]}, {"code": ["a", "b"]},
        {"error": "access_denied", "code": []}, {"state": "æ"},
    ],
)  # fmt: skip
def test_bad_ways_back(client: Client, kari: User, provider: Provider, query: dict[str, Any]) -> None:
    link(kari, provider)
    kept = leave(client, provider)
    if query == {"code": ""}:
        provider.status = 400
    assert refused(come_back(client, kept, **query))
    assert not signed_in(client)
    assert refused(come_back(client, kept)), "and that was the one time"


def test_a_way_back_belongs_to_the_browser_that_left(client: Client, kari: User, provider: Provider) -> None:
    link(kari, provider)
    query = leave(client, provider)
    other = Client()
    leave(other, provider)
    assert refused(come_back(other, query))
    assert not signed_in(other)


def test_a_way_back_works_once(client: Client, kari: User, provider: Provider) -> None:
    link(kari, provider)
    query = leave(client, provider)
    come_back(client, query)
    client.post("/logg-ut/")
    assert refused(come_back(client, query))


def test_nobody_is_made(client: Client, provider: Provider) -> None:
    assert refused(come_back(client, leave(client, provider)))
    assert not User.objects.exists()


def test_an_account_is_one_persons(client: Client, kari: User, provider: Provider) -> None:
    """An address in a token does not move an account that is tied to somebody else."""
    ola = UserFactory.create(email="ola@prove.example")
    link(ola, provider)
    come_back(client, leave(client, provider))
    assert client.session["_auth_user_id"] == str(ola.pk)


def test_closed_account_does_not_get_in(client: Client, provider: Provider) -> None:
    link(UserFactory.create(email="kari@prove.example", is_active=False), provider)
    come_back(client, leave(client, provider))
    assert not signed_in(client)


def test_provider_that_is_away(client: Client, provider: Provider) -> None:
    provider.status = 500
    assert refused(client.post(START))


def test_no_provider_no_button_no_way(client: Client, settings: Any) -> None:
    settings.OIDC_ISSUER = ""
    assert START not in client.get("/logg-inn/").content.decode()
    assert client.post(START).status_code == 404
    assert client.get(BACK).status_code == 404


def test_button_is_there_with_a_provider(client: Client, provider: Provider) -> None:
    assert "Logg inn med arbeidskonto" in client.get("/logg-inn/").content.decode()
