"""What the frame around every page needs. Nothing is worked out before a template asks for it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import get_language

from samskaping.core.navigation import MenuLink, menu, partnership_pages, people_pages, volunteer_pages
from samskaping.core.views.preferences import theme_of


class Shell:
    """Given to templates as `shell`."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def menu(self) -> list[MenuLink]:
        return menu.links(self._request)

    @cached_property
    def people_pages(self) -> list[MenuLink]:
        return people_pages.links(self._request)

    @cached_property
    def volunteer_pages(self) -> list[MenuLink]:
        return volunteer_pages.links(self._request)

    @cached_property
    def partnership_pages(self) -> list[MenuLink]:
        return partnership_pages.links(self._request)

    @cached_property
    def theme(self) -> str:
        return theme_of(self._request)

    @cached_property
    def return_to(self) -> str:
        """The page to come back to after a change of language or look."""
        return self._request.get_full_path()

    @cached_property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def languages(self) -> list[tuple[str, str]]:
        return list(settings.LANGUAGES)


def shell(request: HttpRequest) -> dict[str, Shell]:
    return {"shell": Shell(request)}
