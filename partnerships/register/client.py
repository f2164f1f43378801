"""Asking Enhetsregisteret and Frivillighetsregisteret, which are open to all.

Nothing of ours is sent but a number or a municipality's number. No redirect is followed and no answer is
read further than it may be long: what stands at the other end is not ours.
"""

import json
import time
from typing import Any

import requests
from django.conf import settings
from django.core.cache import cache
from urllib3.exceptions import HTTPError

TIMEOUT = 5
# The whole answer, however slowly it drips.
LONGEST = 10.0
LARGEST = 3_000_000
PAGE_SIZE = 100
# Where the register itself stops.
MOST_PAGES = 100
KEEP = 24 * 3600
_UNITS = "/enhetsregisteret/api/enheter"
_VOLUNTARY = "/frivillighetsregisteret/api/frivillige-organisasjoner"


class RegisterAway(OSError):
    """The register did not answer, or not in a way we understand."""


class Deleted(Exception):
    """410: it was there once."""


def unit(number: str) -> dict[str, Any] | None:
    """What Enhetsregisteret says of a number; None where it has none. Raises Deleted and RegisterAway."""
    return _kept(f"{_UNITS}/{number}")


def voluntary(number: str) -> dict[str, Any] | None:
    """What Frivillighetsregisteret says; None for those who are not in it. Raises RegisterAway."""
    try:
        return _kept(f"{_VOLUNTARY}/{number}")
    except Deleted:
        return None


def voluntary_in(municipality_number: str, page: int) -> tuple[list[dict[str, Any]], bool]:
    """One page of the voluntary organisations of a municipality, and whether there are more.

    Raises RegisterAway.
    """
    query = {
        "kommunenummer": municipality_number,
        "registrertIFrivillighetsregisteret": "true",
        "size": PAGE_SIZE,
        "page": page,
    }
    try:
        answer = _ask(_UNITS, query)
    except Deleted:
        answer = None
    if answer is None:
        raise RegisterAway("no list")
    # A page without hits has no «_embedded» at all.
    embedded, numbers = answer.get("_embedded", {}), answer.get("page", {})
    rows = embedded.get("enheter", []) if isinstance(embedded, dict) else None
    pages = numbers.get("totalPages") if isinstance(numbers, dict) else None
    if not isinstance(rows, list) or not isinstance(pages, int):
        raise RegisterAway("another shape")
    return [row for row in rows if isinstance(row, dict)], page + 1 < min(pages, MOST_PAGES)


def _kept(path: str) -> dict[str, Any] | None:
    """Answered from memory for a day. What is not there is kept as such; a register that is away is not."""
    key = f"register:{settings.REGISTER_URL}{path}"
    kept = cache.get(key)
    if kept is None:
        try:
            kept = {"found": _ask(path, {})}
        except Deleted:
            kept = {"deleted": True}
        cache.set(key, kept, KEEP)
    if "deleted" in kept:
        raise Deleted
    found: dict[str, Any] | None = kept["found"]
    return found


def _ask(path: str, query: dict[str, Any]) -> dict[str, Any] | None:
    end = time.monotonic() + LONGEST
    try:
        with requests.get(
            settings.REGISTER_URL + path,
            params=query,
            headers={"User-Agent": settings.REGISTER_AGENT, "Accept": "application/json"},
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as answer:
            if answer.status_code == 404:
                return None
            if answer.status_code == 410:
                raise Deleted
            if answer.status_code != 200:
                raise RegisterAway(str(answer.status_code))
            content = b""
            # As it comes, not piece by full piece: a piece that drips would hold us until it is full.
            while piece := answer.raw.read1(65536, decode_content=True):
                content += piece
                if len(content) > LARGEST or time.monotonic() > end:
                    raise RegisterAway("too much")
    except (requests.RequestException, HTTPError) as error:
        raise RegisterAway(type(error).__name__) from error
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise RegisterAway("no JSON") from None
    if not isinstance(found, dict):
        raise RegisterAway("another shape")
    return found
