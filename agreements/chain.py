"""An envelope's chain of events: each holds the hash of the one before, so that none can be changed, taken
out or moved without the rest telling.

Pure: no database. `services/sign_event.py` adds links; the evidence package's verifier does the same sums.
Personal values stand in it as commitments, SHA-256 of a salt and the value; whoever has both can show that
they fit, and when they are erased the chain still verifies.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# What the first link stands on.
GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    seq: int
    kind: str
    at: datetime
    actor: str
    payload: Mapping[str, Any]
    prev_hash: str
    hash: str


def canonical(value: Any) -> bytes:
    """One way to write the same JSON: sorted keys, no spaces, UTF-8, no number with two spellings."""
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def link_hash(
    *,
    envelope: int,
    seq: int,
    kind: str,
    at: datetime,
    actor: str,
    payload: Mapping[str, Any],
    prev_hash: str,
) -> str:
    """The envelope's number is in it, so that a link cannot be moved to another chain."""
    body = {
        "envelope": envelope,
        "seq": seq,
        "kind": kind,
        "at": moment(at),
        "actor": actor,
        "payload": payload,
    }
    return digest(bytes.fromhex(prev_hash), canonical(body))


def moment(at: datetime) -> str:
    """To the microsecond, in UTC: what PostgreSQL keeps and gives back."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def broken_at(links: Iterable[Link], *, envelope: int, head: str = "") -> int | None:
    """The number of the first link that does not hold, counted from 1; None where all do.

    With `head` (from the signature page or an anchor) also what was cut off the end is found.
    """
    before, expected = GENESIS, 1
    for link in links:
        right = link_hash(
            envelope=envelope,
            seq=expected,
            kind=link.kind,
            at=link.at,
            actor=link.actor,
            payload=link.payload,
            prev_hash=before,
        )
        if link.seq != expected or link.prev_hash != before or link.hash != right:
            return expected
        before, expected = link.hash, expected + 1
    return expected if head and before != head else None


def new_salt() -> str:
    return secrets.token_hex(16)


def commitment(salt: str, value: str) -> str:
    return digest(bytes.fromhex(salt), value.encode())


def merkle_root(leaves: Iterable[str]) -> str:
    """The root over hashes in the order given. Leaves and nodes are told apart, as in RFC 6962."""
    level = [digest(b"\0", bytes.fromhex(leaf)) for leaf in leaves]
    if not level:
        return digest(b"")
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [
            digest(b"\1", *(bytes.fromhex(node) for node in pair)) if len(pair) == 2 else pair[0]
            for pair in pairs
        ]
    return level[0]


def _plain(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    message = f"A chain holds no {type(value).__name__}: write it as text."
    raise TypeError(message)
