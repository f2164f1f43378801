"""What other parts add to the page of one offer; registered from `AppConfig.ready()`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from partnerships.models import Offer
from partnerships.page import ShownSection
from samskaping.core.registries import Viewer


@dataclass(frozen=True)
class OfferSection:
    """Its template is given `offer` and `viewer` too, and begins with a heading of level 2.

    `context` gives None when this viewer has nothing to see. What is `aside` stands in the narrow column.
    """

    key: str
    order: int
    template: str
    context: Callable[[Offer, Viewer], Mapping[str, Any] | None]
    aside: bool = False


_sections: dict[str, OfferSection] = {}


def offer_section(made: OfferSection) -> None:
    """Raises ValueError when the key is taken."""
    if made.key in _sections:
        message = f"There already is a {made.key!r} on the page."
        raise ValueError(message)
    _sections[made.key] = made


def offer_columns(offer: Offer, viewer: Viewer) -> tuple[list[ShownSection], list[ShownSection]]:
    """For the wide column and the narrow one."""
    found: tuple[list[ShownSection], list[ShownSection]] = ([], [])
    for made in sorted(_sections.values(), key=lambda one: one.order):
        context = made.context(offer, viewer)
        if context is not None:
            found[made.aside].append(
                ShownSection(made.template, {"offer": offer, "viewer": viewer, **context})
            )
    return found
