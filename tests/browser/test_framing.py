"""Nobody shows the portal inside a page of his own, where a click could be led astray (docs/threats.md)."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import context, sign_in

pytestmark = pytest.mark.browser

SIGN_IN, SIGNED_IN = "/logg-inn/", "/min-konto/sikkerhet/"
REFUSED = "chrome-error://chromewebdata/"
NOT_SENT = {"content-security-policy", "x-frame-options"}


@pytest.fixture(scope="module")
def stranger() -> Iterator[str]:
    """Another origin. Another port of localhost is still the same site: the session's cookie comes along."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            (inside,) = parse_qs(urlsplit(self.path).query).get("inside", [""])
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<p>Ours</p><iframe src="{inside}"></iframe>'.encode())

        def log_message(self, *_args: Any) -> None:
            """Nothing to say."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def visitor(browser: Browser, portal: Any) -> Iterator[Page]:
    with context(browser, portal, base_url=portal.named_url) as fresh:
        yield fresh.new_page()


def inside(page: Page, stranger: str, address: str) -> tuple[str, str]:
    """Where the frame ended, and what can be read in it."""
    page.goto(f"{stranger}?inside={address}", wait_until="load")
    assert page.inner_text("body > p") == "Ours"
    frame = page.frames[1]
    return frame.url, frame.inner_text("body")


def without_defence(page: Page, address: str) -> None:
    """As if the portal did not say who may frame it."""

    def answer(route: Route) -> None:
        given = route.fetch()
        kept = {name: value for name, value in given.headers.items() if name not in NOT_SENT}
        route.fulfill(response=given, headers=kept)

    page.route(address, answer)


@pytest.mark.parametrize(("path", "words"), [(SIGN_IN, "Glemt passordet?"), (SIGNED_IN, "Logget inn")])
def test_frame_stays_blank(visitor: Page, portal: Any, stranger: str, path: str, words: str) -> None:
    if path == SIGNED_IN:
        sign_in(visitor)
    address = f"{portal.named_url}{path}"
    url, text = inside(visitor, stranger, address)
    assert url == REFUSED
    assert words not in text
    without_defence(visitor, address)
    url, text = inside(visitor, stranger, address)
    assert url == address
    assert words in text, "without the defence it would have been shown"
