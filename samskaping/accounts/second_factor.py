"""Whether this session has shown a second factor, and whether it must.

Every path into the portal ends here: however she signed in, a role that asks for a second factor opens
nothing before the session has shown one.
"""

from datetime import date

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from samskaping.accounts.models import User
from samskaping.accounts.registry import people

# Recovery codes come with one of these, and are none themselves.
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SHOWN = "second_factor"  # in the session: a factor was shown, and which kind


def mark_shown(request: HttpRequest, kind: str) -> None:
    request.session[SHOWN] = kind


def was_shown(request: HttpRequest) -> bool:
    return bool(request.session.get(SHOWN))


def has_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=KINDS).exists())


def due(user: User) -> date | None:
    """From which day she must have one; None when no role of hers asks, or where the demo lets it be."""
    if settings.SECOND_FACTOR == "optional":
        return None
    return people().second_factor_due(user)


def is_missing(request: HttpRequest, user: User) -> bool:
    """Whether she may go no further before she shows or sets up a second factor."""
    if was_shown(request):
        return False
    day = due(user)
    return day is not None and day <= timezone.localdate()


def reminder(request: HttpRequest, user: User) -> date | None:
    """The day it becomes necessary, when it is near and she has none: not on her first days here."""
    if was_shown(request):
        return None
    day = due(user)
    if day is None or (day - timezone.localdate()).days > settings.SECOND_FACTOR_REMIND_DAYS:
        return None
    return None if has_factor(user) else day
