"""A timestamp from an independent service (RFC 3161), kept beside what it is over."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

_PATIENCE = 10


@dataclass(frozen=True)
class Token:
    content: bytes
    authority: str
    at: datetime


def token_over(sha256: str) -> Token:
    """Raises OSError when the service does not answer, or answers about something else."""
    from pyhanko.sign.timestamps import HTTPTimeStamper

    stamper = HTTPTimeStamper(settings.TIMESTAMP_URL, timeout=_PATIENCE)
    answer = asyncio.run(stamper.async_timestamp(bytes.fromhex(sha256), "sha256"))
    told = answer["content"]["encap_content_info"]["content"].parsed
    if told["message_imprint"]["hashed_message"].native != bytes.fromhex(sha256):
        raise OSError("The timestamp is over something else.")
    return Token(answer.dump(), urlsplit(settings.TIMESTAMP_URL).hostname or "", told["gen_time"].native)
