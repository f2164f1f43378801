"""An SMS supplier that takes a message by one HTTP request, described by settings alone."""

import json
import re
from typing import Any
from urllib.parse import quote

import requests
from django.conf import settings

from samskaping.core.models import Outbox
from samskaping.core.models.outbox import Delivery
from samskaping.core.services.outbox import AddressRefused

TIMEOUT = (3, 10)
LARGEST = 100_000
LONGEST_RECEIPT = 120
# What suppliers answer for a number nobody has. Other 4xx are about us (a key, an account, a page of theirs
# that has moved), and must not cost anybody her number.
ABOUT_THE_NUMBER = (400, 422)
# As long as networks allow a sender's name to be.
LONGEST_SENDER = 11
_LETTERS = str.maketrans({"æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "å": "a", "Å": "A"})
_PLACE = re.compile(r"\{(number|text|id|sender)\}")


class NotTaken(OSError):
    """The supplier did not say yes; asking again, with the same id, may help."""


class HttpSms:
    def send(self, row: Outbox, *, number: str, text: str) -> str:
        """Raises AddressRefused for a number nobody has, NotTaken or another OSError otherwise."""
        words = {"number": number, "text": text, "id": str(row.message_id), "sender": sender(row)}
        body = _filled(settings.SMS_BODY, words)
        given: dict[str, Any] = {"data": body} if settings.SMS_AS_FORM else {"json": body}
        status, answer = _ask("POST", settings.SMS_URL, **given)
        if status in ABOUT_THE_NUMBER:
            raise AddressRefused("phone")
        if not 200 <= status < 300:
            raise NotTaken(str(status))
        if not settings.SMS_RECEIPT:
            return ""
        receipt = _found(answer, settings.SMS_RECEIPT)
        if not 0 < len(receipt) <= LONGEST_RECEIPT:
            raise NotTaken("no receipt")
        return receipt

    def status(self, receipt: str) -> Delivery:
        """Raises OSError when the supplier does not answer as it should."""
        url = settings.SMS_STATUS_URL.replace("{receipt}", quote(receipt, safe=""))
        status, answer = _ask("GET", url)
        if not 200 <= status < 300:
            raise NotTaken(str(status))
        said = _found(answer, settings.SMS_STATUS)
        if said in settings.SMS_DELIVERED:
            return Delivery.DELIVERED
        return Delivery.FAILED if said in settings.SMS_FAILED else Delivery.UNKNOWN


def sender(row: Outbox) -> str:
    """«Sør-Fjordvik» → «SorFjordvik»: the municipality's name as a telephone can show it."""
    name = row.municipality.name.translate(_LETTERS) if row.municipality else ""
    return (
        "".join(char for char in name if char.isascii() and char.isalnum())[:LONGEST_SENDER] or "Samskaping"
    )


def _ask(method: str, url: str, **given: Any) -> tuple[int, Any]:
    """Status, and what the answer holds; None when that is no JSON or too much. Follows no redirect."""
    with requests.request(
        method,
        url,
        headers=settings.SMS_HEADERS,
        timeout=TIMEOUT,
        allow_redirects=False,
        stream=True,
        **given,
    ) as answer:
        content = b""
        for piece in answer.iter_content(LARGEST):
            content += piece
            if len(content) > LARGEST:
                return answer.status_code, None
        try:
            return answer.status_code, json.loads(content)
        except (ValueError, RecursionError):
            return answer.status_code, None


def _filled(value: Any, words: dict[str, str]) -> Any:
    """All places at once: what somebody wrote in a text is never filled itself."""
    if isinstance(value, str):
        return _PLACE.sub(lambda found: words[found[1]], value)
    if isinstance(value, dict):
        return {key: _filled(inner, words) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, words) for inner in value]
    return value


def _found(answer: Any, path: str) -> str:
    """What stands at «messages.0.id»; empty when nothing does."""
    for step in path.split("."):
        if isinstance(answer, dict):
            answer = answer.get(step)
        elif isinstance(answer, list) and step.isdigit() and int(step) < len(answer):
            answer = answer[int(step)]
        else:
            return ""
    return str(answer) if isinstance(answer, str | int) and not isinstance(answer, bool) else ""
