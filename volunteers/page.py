"""What a volunteer's own page is made of, and what Min side shows her: parts add their sections to both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from samskaping.accounts.permissions import Permission
from samskaping.core.registries import Viewer
from volunteers.access import keeps
from volunteers.models import Volunteer


@dataclass(frozen=True)
class Section:
    """Its template, given `volunteer` and `viewer` too, and what it asks for; None when there is nothing here
    for this viewer. `kept` on the context says whether she may change what she sees."""

    key: str
    order: int
    template: str
    context: Callable[[Volunteer, Viewer], Mapping[str, Any] | None]
    aside: bool = False


@dataclass(frozen=True)
class Shown:
    template: str
    context: Mapping[str, Any]


class Sections:
    def __init__(self) -> None:
        self._all: dict[str, Section] = {}

    def add(self, section: Section) -> None:
        """Raises ValueError when the key is taken."""
        if section.key in self._all:
            message = f"There already is a section {section.key!r}."
            raise ValueError(message)
        self._all[section.key] = section

    def columns(self, volunteer: Volunteer, viewer: Viewer) -> tuple[list[Shown], list[Shown]]:
        """For the wide column and the narrow one."""
        found: tuple[list[Shown], list[Shown]] = ([], [])
        for section in sorted(self._all.values(), key=lambda one: one.order):
            context = section.context(volunteer, viewer)
            if context is not None:
                found[section.aside].append(
                    Shown(section.template, {"volunteer": volunteer, "viewer": viewer, **context})
                )
        return found


def is_kept(volunteer: Volunteer, viewer: Viewer) -> bool:
    """Whether the viewer's controller keeps her; asked once for a page, however many sections there are."""
    known: dict[int, bool] = volunteer.__dict__.setdefault("_kept_by", {})
    if viewer.user.pk not in known:
        known[viewer.user.pk] = keeps(viewer.user, Permission.VOLUNTEER_CONTACT, volunteer)
    return known[viewer.user.pk]


# What those who look after her see at `/frivillige/<pk>/`.
record = Sections()
# What she sees herself at `/min-side/`.
my_page = Sections()
