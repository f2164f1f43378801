"""The SMS supplier, whoever it is: described by what it is asked and what it answers (docs/production.md)."""

import re
from collections.abc import Iterator
from typing import Any

from samskaping import env
from samskaping.settings.post import DEMO_POST

FORM = "application/x-www-form-urlencoded"
_PATH = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_PLACE = re.compile(r"\{([a-z_]*)\}")
_FILLED = frozenset({"number", "text", "id", "sender"})


def _headers(name: str, headers: dict[str, Any]) -> dict[str, str]:
    for key, value in headers.items():
        plain = isinstance(value, str) and value.isascii() and value.isprintable()
        if not plain or not re.fullmatch(r"[A-Za-z0-9-]+", key):
            raise env.BadEnvironment(
                f'{name} must hold header names with plain texts, like {{"Authorization": "Bearer …"}}.'
            )
    return headers


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _body(name: str, body: dict[str, Any], *, flat: bool) -> dict[str, Any]:
    places = {place for text in _texts(body) for place in _PLACE.findall(text)}
    if body and not {"number", "text"} <= places <= _FILLED:
        raise env.BadEnvironment(
            f"{name} must have {{number}} and {{text}} in it, and may have {{id}} and {{sender}}, no others."
        )
    if flat and not all(isinstance(value, str) for value in body.values()):
        raise env.BadEnvironment(f"{name} is sent as a form, and must hold texts only.")
    return body


def _path(name: str, value: str) -> str:
    if value and not _PATH.fullmatch(value):
        raise env.BadEnvironment(f"{name} must be names or numbers with dots between, like messages.0.id.")
    return value


def _values(value: str) -> frozenset[str]:
    return frozenset(part.strip() for part in value.split(",") if part.strip())


SMS_URL = env.guarded_url("SMS_URL") if env.is_set("SMS_URL") else ""
SMS_HEADERS = _headers("SMS_HEADERS", env.json_object("SMS_HEADERS"))
SMS_AS_FORM = any(key.lower() == "content-type" and FORM in value for key, value in SMS_HEADERS.items())
SMS_BODY = _body("SMS_BODY", env.json_object("SMS_BODY"), flat=SMS_AS_FORM)
# Where in the supplier's answer its own number for the message stands; an answer without it is no yes.
SMS_RECEIPT = _path("SMS_RECEIPT", env.text("SMS_RECEIPT", ""))
SMS_STATUS_URL = env.guarded_url("SMS_STATUS_URL") if env.is_set("SMS_STATUS_URL") else ""
SMS_STATUS = _path("SMS_STATUS", env.text("SMS_STATUS", ""))
SMS_DELIVERED = _values(env.text("SMS_DELIVERED", ""))
SMS_FAILED = _values(env.text("SMS_FAILED", ""))

if bool(SMS_URL) != bool(SMS_BODY):
    raise env.BadEnvironment(
        f"{'SMS_BODY' if SMS_URL else 'SMS_URL'} is not set. SMS_URL and SMS_BODY go together."
    )
if not SMS_URL and (env.is_set("SMS_HEADERS") or env.is_set("SMS_RECEIPT")):
    raise env.BadEnvironment("SMS_URL is not set, and SMS_HEADERS and SMS_RECEIPT are nothing without it.")
if SMS_STATUS_URL and "{receipt}" not in SMS_STATUS_URL:
    raise env.BadEnvironment("SMS_STATUS_URL must have {receipt} where the message's number goes.")
_asking = {
    "SMS_STATUS_URL": SMS_STATUS_URL,
    "SMS_STATUS": SMS_STATUS,
    "SMS_DELIVERED": SMS_DELIVERED,
    "SMS_FAILED": SMS_FAILED,
}
_asks = any(map(env.is_set, _asking))
_missing = [name for name, value in {**_asking, "SMS_RECEIPT": SMS_RECEIPT}.items() if not value]
if _asks and _missing:
    raise env.BadEnvironment(
        f"{_missing[0]} is not set. SMS_STATUS_URL, SMS_STATUS, SMS_DELIVERED, SMS_FAILED and SMS_RECEIPT go "
        "together."
    )

SMS_ADAPTER = (
    "samskaping.core.sms_http.HttpSms"
    if SMS_URL
    else "samskaping.core.sms.DemoSms"
    if DEMO_POST
    else "samskaping.core.sms.NoSms"
)
