"""The checks themselves: a page with one of every fault is seen by each of them."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import context
from tests.browser.visits import Visitor, check_html

pytestmark = pytest.mark.browser

BAD = """<!doctype html><html><head><title></title><meta name="viewport" content="width=device-width">
<script>window.ran = true</script><script src="https://elsewhere.example/x.js"></script></head>
<body><p style="color:red">a</p><img src="/static/img/favicon.svg"><p id="a">x<p id="a">y
<a href="/" style="background:none">.</a><div class="w"><table><tr><td>
WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW</table></div></body></html>"""


def test_a_bad_page_is_seen(browser: Browser, portal: Any, tmp_path: Path) -> None:
    policy = portal.header("/", "Content-Security-Policy")
    with context(browser, portal) as outside:
        outside.route(
            "**/darlig/",
            lambda route: route.fulfill(
                body=BAD, content_type="text/html", headers={"Content-Security-Policy": policy}
            ),
        )
        visitor = Visitor(outside, portal.url)
        visit = visitor.visit("/darlig/")
        assert visitor.page.evaluate("window.ran") is None, "CSP stays on while axe looks"
    for scheme in ("light", "dark"):
        rules = {line.split(":")[0] for line in visit.axe[scheme]}
        assert {"document-title", "html-has-lang", "image-alt"} <= rules
    assert any(line.startswith("script-src") for line in visit.refused)
    assert any(line.startswith("style-src") for line in visit.refused)
    assert visit.console
    assert visit.too_wide
    errors = [m["message"] for m in check_html([visit], tmp_path / "html") if m["type"] == "error"]
    assert any("Duplicate ID" in message for message in errors)
