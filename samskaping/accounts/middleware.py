"""What every request of somebody signed in passes: how long it lasts, and whether a factor is missing."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from samskaping.accounts import second_factor
from samskaping.accounts.models import User
from samskaping.accounts.services.session import IDLE, SEEN, SINCE, session_touch

GetResponse = Callable[[HttpRequest], HttpResponseBase]
TOUCH_EVERY = 60  # seconds; a write for each request would cost more than it tells


class SessionLimits:
    """Ends a session that was left alone, and every session after a working day."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SESSION_KEY in request.session:
            now = time.time()
            if self._is_over(request, now):
                logout(request)
                messages.info(
                    request, _("Du ble logget ut fordi det er en stund siden sist. Logg inn igjen.")
                )
            elif now - request.session.get(SEEN, 0) > TOUCH_EVERY and isinstance(request.user, User):
                session_touch(request, request.user)
        return self.get_response(request)

    @staticmethod
    def _is_over(request: HttpRequest, now: float) -> bool:
        idle: float = request.session.get(IDLE, settings.SESSION_IDLE_WITH_ROLE.total_seconds())
        # A session without the marks was not made by signing in here.
        since: float = request.session.get(SINCE, 0)
        seen: float = request.session.get(SEEN, 0)
        return now - since > settings.SESSION_ABSOLUTE.total_seconds() or now - seen > idle


class SecondFactorGate:
    """Sends her to show or set up the second factor, when a role of hers has asked for it long enough."""

    # What one needs on the way there, and what is open to all.
    OPEN = frozenset(
        {
            "account_security", "account_reauthenticate", "account_logout", "account_inactive",
            "password_change",
            "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn", "mfa_view_recovery_codes", "mfa_list_webauthn",
            "session_end", "session_end_others",
            "front", "about", "privacy", "accessibility", "set_language", "set_theme", "healthz", "readyz",
        }
    )  # fmt: skip

    # What changes how she signs in: with a factor set up, only a session that has shown one may.
    CHANGES = frozenset(
        {
            "password_change", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn",
            "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
        }
    )  # fmt: skip

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object, **_more: object) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or SESSION_KEY not in request.session:
            return None
        if match.url_name in self.CHANGES and self._hides_a_factor(request):
            return _show_first(request)
        if match.url_name in self.OPEN:
            return None
        user = request.user
        if not isinstance(user, User) or not second_factor.is_missing(request, user):
            return None
        if not second_factor.has_factor(user):
            messages.warning(
                request, _("Rollen din krever innlogging i to trinn. Sett det opp, så kommer du videre.")
            )
            return HttpResponseRedirect(reverse("account_security"))
        # Set up meanwhile on another device: show it here, too.
        return _show_first(request)

    @staticmethod
    def _hides_a_factor(request: HttpRequest) -> bool:
        """Whether there is one this session never showed: it began before, perhaps in a thief's browser."""
        if second_factor.was_shown(request):
            return False
        return isinstance(request.user, User) and second_factor.has_factor(request.user)


def _show_first(request: HttpRequest) -> HttpResponseBase:
    return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': _back_to(request)})}")


def _back_to(request: HttpRequest) -> str:
    """The page she asked for; a form she sent is not sent again by itself."""
    return request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("account_security")
