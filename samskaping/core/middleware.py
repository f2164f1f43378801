"""What happens around every request."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import empty

from samskaping.core.logs import request_id

logger = logging.getLogger("samskaping.request")

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_QUIET = frozenset({"healthz", "readyz"})


class RequestLog:
    """Gives the request an id and writes one line about it: method, route, status, time."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        # A proxy's id is kept so that one search finds both logs; anything odd is replaced.
        current = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(current)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = current
            self._write(request, response, started)
            return response
        finally:
            request_id.reset(token)

    def _write(self, request: HttpRequest, response: HttpResponseBase, started: float) -> None:
        match = request.resolver_match
        # The route, never the path: a path may hold a person's link.
        route = match.route if match else "-"
        # Health checks and static files (which have no route) say nothing when all is well.
        if (match is None or match.url_name in _QUIET) and response.status_code < 400:
            return
        user = getattr(request, "user", None)
        fields = {
            "method": request.method if request.method in _METHODS else "?",
            "route": "/" + route if route != "-" else route,
            "status": response.status_code,
            "ms": round((time.perf_counter() - started) * 1000, 1),
            "user": user.pk if user is not None and _loaded(user) else None,
        }
        level = logging.ERROR if response.status_code >= 500 else logging.INFO
        shown = f"{fields['method']} {fields['route']} {fields['status']} {fields['ms']} ms"
        logger.log(level, "request", extra={**fields, "shown": shown})


@receiver(got_request_exception)
def log_exception(sender: object, **_kwargs: object) -> None:
    logger.error("request failed", exc_info=True)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})


def _loaded(user: object) -> bool:
    """Whether the view already asked who is signed in: asking for a log line would cost a query."""
    return user is not None and vars(user).get("_wrapped", empty) is not empty


class SecurityHeaders:
    """The headers Django has no setting for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
