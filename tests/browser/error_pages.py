"""The error pages a visitor seldom meets, made here and shown as if the portal had sent them."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from samskaping.core.views import errors

PAGES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/feil/400/": errors.bad_request,
    "/feil/403/": errors.forbidden,
    "/feil/403-csrf/": errors.csrf_failure,
    "/feil/404/": errors.not_found,
    "/feil/500/": errors.server_error,
    "/feil/503/": errors.unavailable,
}


def rendered() -> dict[str, str]:
    found = {}
    for path, view in PAGES.items():
        request = RequestFactory().get(path)
        request.user = AnonymousUser()
        found[path] = view(request).content.decode()
    return found
