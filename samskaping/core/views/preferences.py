"""Language, and light or dark: two choices that work without an account and without script."""

from __future__ import annotations

from django.conf import settings
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

# Sent with request and language when a visitor has chosen; accounts keeps it for those signed in.
language_chosen = Signal()

THEME_COOKIE = "utseende"
THEME_COOKIE_AGE = 365 * 24 * 3600
# `auto` follows the device; it is the default and is remembered by deleting the cookie.
THEMES = ("auto", "light", "dark")


def theme_of(request: HttpRequest) -> str:
    """The visitor's theme; a cookie somebody has tampered with counts as no choice."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return theme if theme in THEMES else "auto"


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Django's own view, which checks language and address; only POST, so that a link changes nothing."""
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        language_chosen.send(sender=set_language, request=request, language=language)
    return django_set_language(request)


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        return HttpResponseBadRequest()
    response = HttpResponseRedirect(_safe_next(request))
    if theme == "auto":
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    else:
        response.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=THEME_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return "/"
