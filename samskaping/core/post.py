"""The demo post: what would have been sent, as files under DATA_DIR, shown at /dev/post/.

Used where the demo runs, never where people work: settings choose it, no code path falls back to it.
"""

import email
import email.policy
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage as ParsedEmail
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from samskaping.core.models import Outbox

KEEP_AT_MOST = 500
_NAME = re.compile(r"[0-9]{14}-[0-9a-f-]{8,80}\.(eml|sms)")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


@dataclass
class PostItem:
    channel: str
    at: datetime
    to: str
    subject: str = ""
    text: str = ""
    links: list[str] = field(default_factory=list)


def folder() -> Path:
    return Path(settings.DATA_DIR) / "post"


class DemoPostBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            made = message.message()
            _write(str(made["Message-ID"]), "eml", made.as_bytes())
        return len(email_messages)


def keep_sms(row: Outbox, *, number: str, text: str) -> None:
    _write(str(row.message_id), "sms", json.dumps({"to": number, "text": text}).encode())


def items(limit: int = 100) -> list[PostItem]:
    """The newest first. A file somebody else put there is passed over."""
    names = sorted((p.name for p in folder().glob("*") if _NAME.fullmatch(p.name)), reverse=True)[:limit]
    return [_read(folder() / name) for name in names]


def _write(identity: str, suffix: str, content: bytes) -> None:
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    plain = re.sub(r"[^0-9a-f-]", "", identity.lower())[:60]
    name = f"{datetime.now(UTC):%Y%m%d%H%M%S}-{plain}.{suffix}"
    half = folder() / f".{name}.{os.getpid()}"
    half.write_bytes(content)
    half.replace(folder() / name)
    for old in sorted(p for p in folder().glob("*") if _NAME.fullmatch(p.name))[:-KEEP_AT_MOST]:
        old.unlink(missing_ok=True)


def _read(path: Path) -> PostItem:
    at = datetime.strptime(path.name[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    if path.suffix == ".sms":
        sms: dict[str, Any] = json.loads(path.read_text())
        return PostItem("SMS", at, sms["to"], text=sms["text"], links=_ADDRESS.findall(sms["text"]))
    parsed = email.message_from_bytes(path.read_bytes(), _class=ParsedEmail, policy=email.policy.default)
    body = parsed.get_body(preferencelist=("plain",))
    text = str(body.get_content()) if body is not None else ""
    return PostItem("E-post", at, str(parsed["To"]), str(parsed["Subject"]), text, _ADDRESS.findall(text))
