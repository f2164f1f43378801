"""OpenID Connect, the half of it we need: authorization code with PKCE, and every check of the ID token.

allauth's provider trusts a token because it came over TLS, sends no nonce, lets the address of the page add
parameters, and makes accounts. Here every check stands in one place, and nothing is made (docs/adr/0020).
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from django.conf import settings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
CLOCKS_DIFFER = 60  # seconds
OLDEST = 10 * 60  # a token made longer ago was not made for this sign-in
TIMEOUT = (3, 5)
LARGEST = 200_000
LASTS = 10 * 60


class Refused(Exception):
    """The provider or its token is not to be trusted. The argument is for tests and logs, never a value."""


@dataclass(frozen=True)
class Started:
    """What must be kept in the session until the browser comes back."""

    state: str
    nonce: str
    verifier: str
    at: float


@dataclass(frozen=True)
class Identity:
    """What a token that passed every check says."""

    issuer: str
    subject: str
    email: str
    second_factor: bool


def start() -> tuple[str, Started]:
    """The address to send the browser to. Raises Refused when the provider cannot be reached."""
    kept = Started(
        secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(64), time.time()
    )
    challenge = (
        base64.urlsafe_b64encode(hashlib.sha256(kept.verifier.encode()).digest()).rstrip(b"=").decode()
    )
    query = {
        "response_type": "code",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": settings.OIDC_CALLBACK,
        "scope": "openid email",
        "state": kept.state,
        "nonce": kept.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{_endpoint('authorization_endpoint')}?{urlencode(query)}", kept


def finish(kept: Started, *, state: str, code: str) -> Identity:
    """Who came back. Raises Refused for everything that is not exactly as it should be."""
    if time.time() - kept.at > LASTS:
        raise Refused("late")
    if not hmac.compare_digest(state.encode(), kept.state.encode()):
        raise Refused("state")
    claims = _verify(_token(code, kept.verifier), nonce=kept.nonce)
    return _identity(claims)


def _token(code: str, verifier: str) -> str:
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": settings.OIDC_CALLBACK,
        "client_id": settings.OIDC_CLIENT_ID,
        "client_secret": settings.OIDC_CLIENT_SECRET,
        "code_verifier": verifier,
    }
    token = _json("POST", _endpoint("token_endpoint"), data=body).get("id_token")
    if not isinstance(token, str):
        raise Refused("no id_token")
    return token


def _verify(token: str, *, nonce: str) -> dict[str, Any]:
    with _no_more_than_refused():
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise Refused("algorithm")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(header),
            # The key's own algorithm: a public key is never taken for a shared secret.
            algorithms=[header["alg"]],
            audience=settings.OIDC_CLIENT_ID,
            issuer=settings.OIDC_ISSUER,
            leeway=CLOCKS_DIFFER,
            options={"require": ["iss", "aud", "exp", "iat", "sub", "nonce"], "strict_aud": False},
        )
    if not isinstance(claims["nonce"], str) or not hmac.compare_digest(
        claims["nonce"].encode(), nonce.encode()
    ):
        raise Refused("nonce")
    if time.time() - claims["iat"] > OLDEST:
        raise Refused("old")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != settings.OIDC_CLIENT_ID:
        raise Refused("azp")
    return claims


def _key(header: dict[str, Any]) -> jwt.PyJWK:
    """The provider's key of this id. Exactly one: without an id, only when there is no choice."""
    found = _json("GET", _endpoint("jwks_uri")).get("keys")
    keys = (
        [k for k in found if isinstance(k, dict) and k.get("use", "sig") == "sig"]
        if isinstance(found, list)
        else []
    )
    kid = header.get("kid")
    fitting = [k for k in keys if k.get("kid") == kid] if kid is not None else keys
    if len(fitting) != 1 or fitting[0].get("kty") not in ("RSA", "EC"):
        raise Refused("key")
    if fitting[0].get("alg", header["alg"]) != header["alg"]:
        raise Refused("algorithm")
    return jwt.PyJWK.from_dict(fitting[0], algorithm=header["alg"])


def _identity(claims: dict[str, Any]) -> Identity:
    email, subject, amr = claims.get("email"), claims["sub"], claims.get("amr")
    # Absent at Entra, whose administrators give out the addresses; the first time a code goes there anyhow.
    if claims.get("email_verified", True) is not True:
        raise Refused("e-mail is not verified")
    if not isinstance(email, str) or email.count("@") != 1 or not email.isascii() or len(email) > 254:
        raise Refused("e-mail")
    if not subject or len(subject) > 255:
        raise Refused("subject")
    return Identity(
        issuer=claims["iss"],
        subject=subject,
        email=email.strip().lower(),
        # Only the provider's word that several factors were used (RFC 8176); one strong one alone is not.
        second_factor=isinstance(amr, list) and "mfa" in amr,
    )


def _endpoint(name: str) -> str:
    """From the provider's own description, which must be of the issuer we were told to trust."""
    found = _json("GET", settings.OIDC_ISSUER.rstrip("/") + "/.well-known/openid-configuration")
    if found.get("issuer") != settings.OIDC_ISSUER:
        raise Refused("issuer of the description")
    address = found.get(name)
    if not isinstance(address, str) or urlsplit(address).scheme != urlsplit(settings.OIDC_ISSUER).scheme:
        raise Refused(name)
    return address


def _json(method: str, address: str, **more: Any) -> dict[str, Any]:
    with (
        _no_more_than_refused(),
        requests.request(
            method, address, timeout=TIMEOUT, allow_redirects=False, stream=True,
            headers={"Accept": "application/json"}, **more,
        ) as answer,
    ):  # fmt: skip
        if answer.status_code != requests.codes.ok:
            raise Refused("status")
        found = json.loads(answer.raw.read(LARGEST, decode_content=True))
        if not isinstance(found, dict):
            raise Refused("no object")
        return found


@contextmanager
def _no_more_than_refused() -> Iterator[None]:
    """Libraries' errors repeat what they were given; ours says only that it was refused."""
    try:
        yield
    except (jwt.PyJWTError, requests.RequestException, ValueError, TypeError, KeyError) as error:
        raise Refused(type(error).__name__) from None
