"""One visit to a page gathers all that the tests then ask about: opening a page is what takes time."""

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from samskaping.embedded.paths import REPOSITORY

Scheme = Literal["light", "dark"]
AXE = REPOSITORY / "node_modules/axe-core/axe.min.js"
# target-size (24 px, WCAG 2.2) is off unless asked for.
RUN_AXE = """async () => {
    const result = await axe.run(document, {
        resultTypes: ["violations"],
        rules: {"target-size": {enabled: true}},
    });
    return result.violations.map(v => `${v.id}: ` + v.nodes.map(n => n.target.join(" ")).join(" | "));
}"""
WATCH_CSP = """window.refused = [];
document.addEventListener("securitypolicyviolation",
    e => window.refused.push(`${e.violatedDirective} ${e.blockedURI}`));
"""
# What reaches past the right edge, unless it stands in a box that scrolls on its own.
TOO_WIDE = """() => {
    const wide = document.documentElement.clientWidth;
    const scrolls = e => { for (; e && e !== document.body; e = e.parentElement)
        if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(e).overflowX)) return true;
        return false; };
    const found = [...document.body.querySelectorAll("*")].filter(e => {
        const box = e.getBoundingClientRect();
        return box.width > 1 && box.height > 1 && box.right > wide + 1 && !scrolls(e); });
    const page = document.scrollingElement.scrollWidth;
    return [...(page > wide ? [`page is ${page}`] : []), ...found.map(e => e.outerHTML.slice(0, 90))];
}"""
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 320, "height": 640}


@dataclass
class Visit:
    path: str
    status: int = 0
    html: str = ""
    axe: dict[Scheme, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)


class Visitor:
    """A browser tab that notes what goes wrong in it. CSP stays on: axe comes in past it, from outside."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        context.add_init_script(WATCH_CSP)
        self.page: Page = context.new_page()
        self._address = address
        self._visit = Visit("")
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._visit.console.append(str(error)))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser itself writes a line for a page that answers 404, as it should.
        if message.type in {"error", "warning"} and "status of" not in message.text:
            self._visit.console.append(message.text)

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob"} and url.netloc != urlsplit(self._address).netloc:
            self._visit.elsewhere.append(request.url)

    def visit(self, path: str) -> Visit:
        """Light on a wide screen and dark on a phone, so that both layouts meet axe."""
        self._visit = visit = Visit(path)
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        self.page.emulate_media(color_scheme="light")
        response = self.page.goto(f"{self._address}{path}")
        visit.status = response.status if response else 0
        visit.html = response.text() if response else ""
        self.page.evaluate(AXE.read_text())
        visit.axe["light"] = self.page.evaluate(RUN_AXE)
        self.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        self.page.emulate_media(color_scheme="dark")
        visit.too_wide = self.page.evaluate(TOO_WIDE)
        self.open_menus()
        visit.axe["dark"] = self.page.evaluate(RUN_AXE)
        visit.too_wide += self.page.evaluate(TOO_WIDE)
        visit.refused = self.page.evaluate("window.refused")
        return visit

    def open_menus(self) -> None:
        self.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


def check_html(visits: list[Visit], folder: Path) -> list[dict[str, Any]]:
    """The Nu HTML checker over all pages in one run of Java; gives its messages with the page's path."""
    folder.mkdir()
    names = {}
    for number, visit in enumerate(visits):
        file = folder / f"{number}.html"
        file.write_text(visit.html)
        names[file.name] = visit.path
    jar = REPOSITORY / "node_modules/vnu-jar/build/dist/vnu.jar"
    done = subprocess.run(
        [
            "java",
            "-Xss2m",
            "-jar",
            str(jar),
            "--format",
            "json",
            "--stdout",
            "--exit-zero-always",
            str(folder),
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    messages: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    return [{**m, "page": names[m["url"].rsplit("/", 1)[1]]} for m in messages]
