"""What a visitor downloads: little the first time, next to nothing after."""

import gzip
import os
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from samskaping.embedded.paths import REPOSITORY
from tests.browser.conftest import context

pytestmark = pytest.mark.browser
KILOBYTE = 1000
FIRST, LATER = 120 * KILOBYTE, 25 * KILOBYTE


class Scale:
    """Weighs what comes over the line, as Chromium's own network panel does.

    Files are compressed by the portal. Pages are compressed by the proxy that stands before it in
    production, so a page counts with its size after gzip.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)
        self._session.send("Network.enable")
        self._session.on("Network.loadingFinished", self._add)
        self._session.on("Network.responseReceived", self._note)
        self._documents: set[str] = set()
        self.bytes = 0

    def _note(self, event: dict[str, Any]) -> None:
        if event["type"] == "Document":
            self._documents.add(event["requestId"])

    def _add(self, event: dict[str, Any]) -> None:
        if event["requestId"] not in self._documents:
            self.bytes += int(event["encodedDataLength"])

    def weigh(self, path: str) -> int:
        self.bytes = 0
        response = self._page.goto(path, wait_until="networkidle")
        assert response is not None
        headers = sum(len(name) + len(value) + 4 for name, value in response.all_headers().items())
        return self.bytes + headers + len(gzip.compress(response.body()))


def test_first_and_later_visits(browser: Browser, portal: Any) -> None:
    with context(browser, portal) as cold:
        scale = Scale(cold.new_page())
        first = scale.weigh("/")
        later = {path: scale.weigh(path) for path in portal.pages() if not path.startswith("/komponenter/")}
    print(f"first visit {first} bytes, heaviest later {max(later.values())}")  # noqa: T201
    assert 20 * KILOBYTE < first <= FIRST, "with stylesheets and font it cannot weigh nothing"
    assert {path: size for path, size in later.items() if size > LATER} == {}


def test_files_are_compressed_and_kept_for_ever(page: Page) -> None:
    answers = {}
    page.on("response", lambda response: answers.update({response.url: response}))
    page.goto("/", wait_until="networkidle")
    files = {url: answer for url, answer in answers.items() if "/static/" in url}
    assert files
    for url, answer in files.items():
        assert "immutable" in answer.headers["cache-control"], url
        if url.endswith((".css", ".js")):
            assert answer.headers.get("content-encoding") == "br", url


@pytest.mark.skipif(not os.environ.get("README_PICTURES"), reason="only when README_PICTURES=1 asks for it")
def test_picture_for_the_readme(browser: Browser, portal: Any) -> None:
    folder = REPOSITORY / "docs/images"
    folder.mkdir(parents=True, exist_ok=True)
    with context(browser, portal, viewport={"width": 1280, "height": 800}, color_scheme="light") as clean:
        page = clean.new_page()
        page.goto("/", wait_until="networkidle")
        page.screenshot(path=folder / "front.png")
