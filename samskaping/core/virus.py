"""Asking a virus scanner about a file before it is kept.

Where CLAMAV_URL is set, no file comes in unchecked: a scanner that is away, slow or unsure counts as a no.
"""

import socket
import struct
import time
from urllib.parse import urlsplit

from django.conf import settings

_CHUNK = 64_000
_LENGTH = struct.Struct("!I")
_CONNECT_WITHIN = 2
_CHECK_WITHIN = 20
_ANSWER_WITHIN = 2
_LONGEST_ANSWER = 4096


class VirusFound(Exception):
    """The scanner knows it as something dangerous."""


class ScannerAway(Exception):
    """Nobody has checked the file: no answer, half an answer, or a file larger than the scanner takes."""


class ClamAv:
    """clamd, over its own line protocol, on a Unix socket or a port."""

    name = "ClamAV"

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._path = parts.path if parts.scheme == "unix" else ""
        self._host, self._port = parts.hostname or "", parts.port or 3310

    def check(self, content: bytes) -> None:
        """Raises VirusFound or ScannerAway."""
        message = [b"zINSTREAM\0"]
        for start in range(0, len(content), _CHUNK):
            chunk = content[start : start + _CHUNK]
            message += [_LENGTH.pack(len(chunk)), chunk]
        answer = self._ask([*message, _LENGTH.pack(0)], _CHECK_WITHIN)
        if answer.endswith(b" FOUND"):
            raise VirusFound
        if answer != b"stream: OK":
            raise ScannerAway

    def answers(self) -> bool:
        try:
            return self._ask([b"zPING\0"], _ANSWER_WITHIN) == b"PONG"
        except ScannerAway:
            return False

    def _ask(self, message: list[bytes], within: float) -> bytes:
        """Raises ScannerAway."""
        until = time.monotonic() + within
        try:
            with self._connect() as line:
                for part in message:
                    line.settimeout(_left(until))
                    line.sendall(part)
                answer = b""
                while not answer.endswith(b"\0"):
                    line.settimeout(_left(until))
                    more = line.recv(_LONGEST_ANSWER)
                    answer += more
                    if not more or len(answer) > _LONGEST_ANSWER:
                        raise ScannerAway
        except OSError as error:
            raise ScannerAway from error
        return answer[:-1]

    def _connect(self) -> socket.socket:
        if not self._path:
            return socket.create_connection((self._host, self._port), timeout=_CONNECT_WITHIN)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_CONNECT_WITHIN)
        try:
            line.connect(self._path)
        except OSError:
            line.close()
            raise
        return line


def scanner() -> ClamAv | None:
    return ClamAv(settings.CLAMAV_URL) if settings.CLAMAV_URL else None


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
