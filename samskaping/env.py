"""Reads the environment, strictly.

Every reader either gives a value the portal can trust or stops the start with one sentence
that names the variable and says what to set. A value may also come from a file: `NAME_FILE`
holds a path, which is how Docker and Kubernetes hand over secrets.
"""

import ipaddress
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
_HOST = re.compile(r"(\*|\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])")


class BadEnvironment(SystemExit):
    """Stops any entry point (manage.py, gunicorn, celery) with status 1 and the sentence on stderr."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)


def text(name: str, default: str | None = None, *, min_length: int = 0) -> str:
    """The value of NAME, or the contents of the file NAME_FILE points to.

    Raises BadEnvironment when it is missing without a default, set both ways, or too short.
    """
    value = _raw(name)
    if value is None:
        if default is None:
            raise BadEnvironment(f"{name} is not set. Set {name}, or {name}_FILE to a file that holds it.")
        return default
    if "\0" in value or "\n" in value or "\r" in value:
        raise BadEnvironment(f"{name} has a line break or a NUL in it. Set it to one plain line.")
    if len(value) < min_length:
        raise BadEnvironment(f"{name} is too short. Set at least {min_length} characters.")
    return value


def is_set(name: str) -> bool:
    return _raw(name) is not None


def flag(name: str, *, default: bool) -> bool:
    value = _raw(name)
    if value is None:
        return default
    word = value.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadEnvironment(f"{name} is «{_shown(value)}», which is neither yes nor no. Set it to 1 or 0.")


def number(name: str, default: int, *, low: int, high: int) -> int:
    value = _raw(name)
    if value is None:
        return default
    # isascii: int() also takes other scripts' digits, underscores and signs, which nobody means here.
    if not (value.isascii() and value.isdigit() and len(value) <= 12) or not low <= int(value) <= high:
        raise BadEnvironment(f"{name} is «{_shown(value)}». Set a whole number from {low} to {high}.")
    return int(value)


def choice(name: str, default: str, *, among: Sequence[str]) -> str:
    value = text(name, default)
    if value not in among:
        raise BadEnvironment(f"{name} is «{_shown(value)}». Set one of: {', '.join(among)}.")
    return value


def url(name: str, default: str | None = None, *, schemes: Sequence[str]) -> str:
    """An address with one of the schemes. The value may hold a password, so no sentence repeats it."""
    value = text(name, default)
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        raise BadEnvironment(f"{name} is not an address. Set {schemes[0]}://….") from None
    if parts.scheme not in schemes or not (parts.netloc or parts.path):
        raise BadEnvironment(f"{name} must start with {' or '.join(f'{s}://' for s in schemes)}.")
    return value


def web_url(name: str) -> str:
    """Where we ask another service: a host, and only the characters an address is written with."""
    value = url(name, schemes=("https", "http"))
    if not urlsplit(value).hostname or not re.fullmatch("[!-~]+", value):
        raise BadEnvironment(f"{name} must be a whole address, like https://host.example/path.")
    return value


def guarded_url(name: str) -> str:
    """An address that keys and what is written about people go to: unencrypted only within this machine."""
    value = web_url(name)
    parts = urlsplit(value)
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise BadEnvironment(f"{name} must start with https://, except on this machine itself.")
    return value


def site_url(name: str, default: str) -> str:
    """The portal's own address: scheme and host, nothing after, since paths are joined to it."""
    value = url(name, default, schemes=("https", "http")).rstrip("/")
    parts = urlsplit(value)
    is_bare = value == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc
    if not is_bare or not _HOST.fullmatch(parts.hostname or ""):
        raise BadEnvironment(f"{name} must be scheme and host only, like https://samskaping.example.")
    return value


def email(name: str, default: str) -> str:
    value = text(name, default)
    if not _EMAIL.fullmatch(value):
        raise BadEnvironment(f"{name} must be one plain address, like ikke-svar@samskaping.example.")
    return value


def hosts(name: str, default: Sequence[str]) -> list[str]:
    value = _raw(name)
    if value is None:
        return list(default)
    names = [part.strip() for part in value.split(",") if part.strip()]
    odd = [host for host in names if not _HOST.fullmatch(host)]
    if odd or not names:
        raise BadEnvironment(
            f"{name} must be host names with commas between, without https:// or port: samskaping.example."
        )
    return names


def address(name: str, default: str) -> str:
    """The address to listen on: an IP address of this machine or localhost, without port."""
    value = text(name, default)
    try:
        ipaddress.ip_address(value)
    except ValueError:
        if value != "localhost":
            raise BadEnvironment(
                f"{name} is «{_shown(value)}». Set an IP address without port, like 127.0.0.1 or 0.0.0.0."
            ) from None
    return value


def networks(name: str, default: str) -> list[str]:
    """IP addresses and networks with commas between, each in the form 10.0.0.0/8."""
    value = text(name, default)
    try:
        return [str(ipaddress.ip_network(part.strip(), strict=False)) for part in value.split(",")]
    except ValueError:
        raise BadEnvironment(
            f"{name} is «{_shown(value)}». Set IP addresses or networks with commas between, like 10.0.0.0/8."
        ) from None


def json_object(name: str) -> dict[str, Any]:
    """A JSON object, over as many lines as it likes; empty when unset. It may hold keys: never repeated."""
    value = _raw(name)
    if value is None:
        return {}
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadEnvironment(f'{name} is not a JSON object. Set it to something like {{"name": "value"}}.')
    return found


def keys(name: str, *, min_length: int) -> list[str]:
    """Secrets with commas between, none of them short."""
    found = [key for key in text(name, "").split(",") if key]
    if any(len(key) < min_length for key in found):
        raise BadEnvironment(
            f"{name} has a key that is too short. Set at least {min_length} characters in each."
        )
    return found


def _raw(name: str) -> str | None:
    """The value, stripped; None when unset or empty, since an empty line in a .env file means «not set»."""
    value = os.environ.get(name, "").strip()
    path = os.environ.get(f"{name}_FILE", "").strip()
    if not path:
        return value or None
    if value:
        raise BadEnvironment(f"Both {name} and {name}_FILE are set. Keep one of them.")
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise BadEnvironment(f"{name}_FILE points to a file that cannot be read ({reason}).") from None


def _shown(value: str) -> str:
    """A value that went wrong, made safe for one line on a terminal."""
    clean = "".join(c if c.isprintable() else "?" for c in value)
    return clean if len(clean) <= 40 else clean[:40] + "…"
