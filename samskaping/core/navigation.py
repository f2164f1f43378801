"""The main menu: apps put their entry here from `AppConfig.ready()`, so the shell imports none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise


def signed_in(request: HttpRequest) -> bool:
    """An answer made before sign-in was looked at (a refused host, say) has nobody to ask about."""
    return hasattr(request, "user") and request.user.is_authenticated


@dataclass(frozen=True)
class MenuItem:
    """One entry of the main menu.

    `visible` answers whether this visitor has the entry at all; it reads what the request already knows
    and asks no database. `badge` gives a number to show beside the label and is asked once per page.
    """

    label: str | Promise
    # Empty: the first page of `section` that the visitor has, by that page's name when she has no other.
    url_name: str
    order: int
    visible: Callable[[HttpRequest], bool] = signed_in
    badge: Callable[[HttpRequest], int] | None = None
    # What the number counts, for those who hear the page: "3 ubesvarte".
    badge_label: str | Promise = ""
    # The pages under this entry, shown as a row of links on each of them (components/section_nav.html).
    section: Menu | None = None


class MenuLink(NamedTuple):
    """A menu entry made ready for one page."""

    label: str
    url: str
    current: bool
    badge: int
    badge_label: str


@dataclass
class Menu:
    _items: dict[str, MenuItem] = field(default_factory=dict)

    def register(self, item: MenuItem) -> None:
        """Add an entry. Raises ValueError when the URL name is taken: two apps would overwrite each other."""
        if item.url_name in self._items:
            msg = f"The menu already has an entry for {item.url_name!r}."
            raise ValueError(msg)
        self._items[item.url_name] = item

    def has_any(self, request: HttpRequest) -> bool:
        return any(item.visible(request) for item in self._items.values())

    def links(self, request: HttpRequest) -> list[MenuLink]:
        shown = sorted(
            (item for item in self._items.values() if item.visible(request)), key=lambda item: item.order
        )
        links = [self._link(item, request) for item in shown]
        # «/frivillige/henvendelser/» stands under «/frivillige/» too: the one nearest is where one is.
        nearest = max((len(link.url) for link in links if link.current), default=0)
        return [link._replace(current=link.current and len(link.url) == nearest) for link in links]

    def _link(self, item: MenuItem, request: HttpRequest) -> MenuLink:
        pages = item.section.links(request) if item.section is not None else []
        url = reverse(item.url_name) if item.url_name else pages[0].url
        is_page = not item.url_name and len(pages) == 1
        return MenuLink(
            label=pages[0].label if is_page else str(item.label),
            url=url,
            current=request.path.startswith(url) or any(page.current for page in pages),
            badge=item.badge(request) if item.badge else 0,
            badge_label=str(item.badge_label),
        )


menu = Menu()
# «Folk og lag»: who is here, and how they are reached.
people_pages = Menu()
# «Frivillige»: from who would like to help, to what they have given.
volunteer_pages = Menu()
# «Samarbeid»: what is done together, from strategy to agreements.
partnership_pages = Menu()
