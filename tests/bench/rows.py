"""The rows, in the order of the table. A new row is one function with @row."""

import http.client
import re
import time
from collections.abc import Callable, Iterator

from tests.bench.load import Load
from tests.bench.portal import LOGIN, Measured
from tests.bench.results import Result

Row = Callable[[Measured], Iterator[Result]]
ROWS: list[Row] = []

# performance.md's ratios, the same for every page of a kind.
PAGE_RATIO = 6.0
FIRST_VISIT_KB = 120.0
LATER_VISIT_KB = 25.0


def row(function: Row) -> Row:
    ROWS.append(function)
    return function


@row
def memory(portal: Measured) -> Iterator[Result]:
    """At rest, so before anybody loads it; every worker has answered a page or two."""
    for _ in range(6):
        portal.get(LOGIN)
    time.sleep(3)
    found = portal.memory()
    detail = ", ".join(f"{name} {size:.0f}" for name, size in sorted(found.items()))
    yield Result("memory of the whole portal at rest", sum(found.values()), "MB", target=700, detail=detail)


@row
def start(portal: Measured) -> Iterator[Result]:
    yield Result("start, first time (makes the database)", portal.first_start, "s", target=60)
    yield Result("start, second time", portal.second_start, "s", target=10)


@row
def floor(portal: Measured) -> Iterator[Result]:
    yield page_result("empty view, p95", portal, portal.load("/healthz"))
    yield page_result("login page, p95", portal, portal.login)


@row
def front(portal: Measured) -> Iterator[Result]:
    yield page_result("front page, p95", portal, portal.load("/"), at_most=PAGE_RATIO)


@row
def first_visit(portal: Measured) -> Iterator[Result]:
    """The front page with all a browser fetches for it, as bytes on the wire."""
    status, page = portal.get("/")
    sizes = {"page": len(page)}
    errors = int(status != 200)
    for path in _assets(portal):
        status, body = portal.get(path)
        kind = path.rsplit(".", 1)[-1]
        sizes[kind] = sizes.get(kind, 0) + len(body)
        errors += status != 200
    detail = ", ".join(f"{kind} {size / 1000:.0f}" for kind, size in sizes.items())
    yield Result(
        "first visit, everything",
        sum(sizes.values()) / 1000,
        "kB",
        FIRST_VISIT_KB,
        detail=detail,
        errors=errors,
    )


@row
def later_visit(portal: Measured) -> Iterator[Result]:
    """The browser keeps all files for ever, so a later page is its HTML."""
    for name, path in (("front page", "/"), ("login page", LOGIN)):
        status, body = portal.get(path)
        yield Result(
            f"later visit, {name}", len(body) / 1000, "kB", LATER_VISIT_KB, errors=int(status != 200)
        )


def page_result(what: str, portal: Measured, found: Load, at_most: float | None = None) -> Result:
    """A page's p95, with its target as a ratio to the login page's."""
    return Result(
        what=what,
        measured=found.p95,
        unit="ms",
        target=None if at_most is None else at_most * portal.login.p95,
        ratio=found.p95 / portal.login.p95,
        detail=f"{found.requests_per_second:,.0f} requests/s, p50 {found.p50:.1f} ms",
        errors=found.errors,
    )


def _assets(portal: Measured) -> list[str]:
    """Sheets, scripts and pictures the front page names, and the font for the letters on it."""
    page = _plain(portal, "/")
    found = re.findall(r'<(?:link|script|img)\b[^>]*?(?:href|src)="(/static/[^"]+)"', page)
    for sheet in [path for path in found if path.endswith(".css")]:
        for address in re.findall(r'url\(["\']?([^"\')]+\.woff2)["\']?\)', _plain(portal, sheet)):
            # Browsers fetch a subset only when a letter of it is on the page; Norwegian is all latin.
            if "latin" in address:
                found.append(f"{sheet.rsplit('/', 1)[0]}/{address}" if "/" not in address else address)
    return list(dict.fromkeys(found))


def _plain(portal: Measured, path: str) -> str:
    line = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=30)
    line.request("GET", path)
    return line.getresponse().read().decode()
