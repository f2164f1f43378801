"""Follows every internal link a page has, in this process."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.permissions.frame import url_names

# Addresses whose answer is no page of its own.
NO_PAGES = frozenset({"healthz", "readyz", "party_names"})
# Elements without an end tag.
_VOID = frozenset({"br", "img", "input", "hr", "meta", "link"})


@dataclass
class Page:
    path: str
    came_from: str
    status: int
    view_name: str
    html: str
    seen: "Reader"


class Reader(HTMLParser):
    """Links, ids, language and visible words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        # Those of them that lead to the page before and after, as in a list or a calendar.
        self.steps: set[str] = set()
        self.ids: list[str] = []
        self.language = ""
        self.words: list[str] = []
        # Words in another language than the page's say so, and are nobody's missing translation.
        self._foreign: list[str] = []
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "html":
            self.language = values.get("lang", "")
        elif ("lang" in values or self._foreign) and tag not in _VOID:
            self._foreign.append(tag)
        if tag in {"a", "area"} and "href" in values:
            self.links.append(values["href"])
            if not {"prev", "next"}.isdisjoint(values.get("rel", "").split()):
                self.steps.add(values["href"])
        if "id" in values:
            self.ids.append(values["id"])
        self._silent += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        if self._foreign and self._foreign[-1] == tag:
            self._foreign.pop()
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._foreign and not self._silent:
            self.words.append(data.strip())


def starts() -> list[str]:
    """Every URL that needs no argument; the rest must be reachable by links."""
    found = []
    for name in url_names():
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return found


def walk(client: Client, language: str = "nb", *led_to: str) -> Iterator[Page]:
    """Each page once, from `led_to` too. Only GET, so it may follow everything.

    After every month comes another one: it takes one step before and after what it found without any.
    """
    quiet = {reverse(name) for name in NO_PAGES}
    queue = deque((path, "the URL list") for path in starts() if path not in quiet)
    queue.extend((path, "her message") for path in led_to)
    steps: deque[tuple[str, str]] = deque()
    may_step = True
    seen = set()
    while queue or steps:
        if not queue:
            queue, steps, may_step = steps, queue, False
        path, came_from = queue.popleft()
        if path in seen:
            continue
        seen.add(path)
        response = client.get(path, headers={"Accept-Language": language})
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        html = response.content.decode() if is_page and not response.streaming else ""
        view = response.resolver_match.view_name if response.resolver_match else ""
        page = Page(path, came_from, response.status_code, view, html, Reader(html))
        yield page
        if response.status_code in (301, 302, 303):
            page.seen.links.append(response.headers["Location"])
        for link in page.seen.links:
            target = urlsplit(urljoin(f"http://testserver{path}", link))
            if target.netloc == "testserver" and not target.path.startswith("/static/"):
                found = (target.path + (f"?{target.query}" if target.query else ""), path)
                if link not in page.seen.steps:
                    queue.append(found)
                elif may_step:
                    steps.append(found)
