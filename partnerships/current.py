"""Which of her memberships somebody works as right now: chosen in the header, kept in the session."""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from partnerships.access import access_of
from partnerships.models import Membership, Person
from partnerships.selectors.words import municipality_name, settings_of
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Role
from samskaping.core.models import Municipality

SESSION_KEY = "membership"
_LANGUAGE = "_language_to_remember"


def current_membership(request: HttpRequest) -> Membership | None:
    """The chosen one while it lasts, else the first; None for those who have none."""
    found: Membership | None = request.__dict__.get("_membership")
    if found is None:
        memberships = access_of(request.user).memberships
        chosen = request.session.get(SESSION_KEY) if memberships else None
        found = next((m for m in memberships if m.pk == chosen), memberships[0] if memberships else None)
        request.__dict__["_membership"] = found
    return found


def user_of(request: HttpRequest) -> User:
    """Who is signed in, for views that only those who are can reach."""
    return cast(User, request.user)


def current_municipality(request: HttpRequest) -> Municipality | None:
    membership = current_membership(request)
    return membership.municipality if membership else None


def remember_language(request: HttpRequest, language: str) -> None:
    """Her own language from the next page on, as if she had pressed the switch herself."""
    request.__dict__[_LANGUAGE] = language


class CurrentMembership:
    """Gives requests `membership` and `municipality`; nothing is read before somebody asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.membership = SimpleLazyObject(lambda: current_membership(request))  # type: ignore[attr-defined]
        request.municipality = SimpleLazyObject(lambda: current_municipality(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        language = request.__dict__.get(_LANGUAGE)
        if language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                samesite="Lax",
            )
        return response


class Workplace:
    """Given to templates as `workplace`: where she works and as what, for the frame around the page."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def membership(self) -> Membership | None:
        # An answer made before sign-in was looked at (a refused host, say) has nobody to ask about.
        return current_membership(self._request) if hasattr(self._request, "user") else None

    @cached_property
    def choices(self) -> list[Membership]:
        """What she can switch to; empty when there is nothing to choose."""
        if self.membership is None:
            return []
        memberships = access_of(self._request.user).memberships
        return list(memberships) if len(memberships) > 1 else []

    @cached_property
    def municipality_name(self) -> str:
        municipality = self.membership.municipality if self.membership else None
        return municipality_name(municipality) if municipality else ""

    @cached_property
    def role(self) -> str:
        return self.membership.role_label if self.membership else ""

    @cached_property
    def place(self) -> str:
        """The unit, centre or organisation, where the role is for one."""
        place = self.membership.belongs_to if self.membership else None
        return "" if place is None or isinstance(place, Municipality) else place.name

    @cached_property
    def logo_id(self) -> str:
        settings = settings_of(self.membership.municipality) if self.membership else None
        # A guest sees one thing of a municipality and none of its files.
        if settings is None or self.membership is None or self.membership.role == Role.GUEST:
            return ""
        return str(settings.logo_id or "")

    @cached_property
    def person_name(self) -> str:
        if self.membership and self.membership.person:
            return self.membership.person.name
        if not self._request.user.is_authenticated:
            return ""
        person = Person.objects.filter(user=self._request.user).order_by("pk").only("name").first()
        return person.name if person else (self._request.user.email or "")

    @property
    def away_to(self) -> date | None:
        return getattr(self.membership, "away_to", None)

    @property
    def manages_members(self) -> bool:
        return self._may(Permission.MEMBER_MANAGE)

    @property
    def reads_history(self) -> bool:
        return self._may(Permission.HISTORY_READ)

    @property
    def edits_settings(self) -> bool:
        membership = self.membership
        reached = access_of(self._request.user).municipalities_all(Permission.SETTINGS_EDIT)
        return membership is not None and membership.municipality_id in reached

    def _may(self, permission: Permission) -> bool:
        membership = self.membership
        if membership is None or membership.municipality_id is None:
            return False
        access = access_of(self._request.user)
        return access.may(permission, municipality_id=membership.municipality_id)


def workplace(request: HttpRequest) -> dict[str, Workplace]:
    return {"workplace": Workplace(request)}
