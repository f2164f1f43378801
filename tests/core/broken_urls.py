"""The portal with views that go wrong beside its own; for @pytest.mark.urls."""

import psycopg2
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from samskaping.accounts.models import User
from samskaping.urls import handler400, handler403, handler404, handler500
from samskaping.urls import urlpatterns as portal

__all__ = ["handler400", "handler403", "handler404", "handler500"]

# Stands in for whatever personal a message may hold.
CANARY = "kanarifugl@prove.example"


def fails(request: HttpRequest, **_kwargs: str) -> HttpResponse:
    raise ValueError(f"cannot read {CANARY}")


def taken(request: HttpRequest) -> HttpResponse:
    """The database names the value in its message: Key (email)=(…) already exists."""
    User.objects.create_user(CANARY)
    User.objects.create_user(CANARY)
    return HttpResponse()


def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError(f"connection to server failed for {CANARY}")


def cut_off(request: HttpRequest) -> HttpResponse:
    """What psycopg2 says when the server goes in the middle of an answer."""
    raise DatabaseError(CANARY) from psycopg2.DatabaseError(CANARY)


def refused(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied(CANARY)


def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(CANARY)


urlpatterns = [
    path("feiler/", fails),
    path("feiler/<str:secret>/", fails),
    path("opptatt/", taken),
    path("borte/", away),
    path("avbrutt/", cut_off),
    path("nektet/", refused),
    path("mistenkelig/", suspicious),
    *portal,
]
