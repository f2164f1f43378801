"""Sign-ins: noted when they begin, touched while they last, ended by whoever they belong to."""

import time

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest

from samskaping.accounts.devices import device_label
from samskaping.accounts.models import SignIn, User
from samskaping.accounts.registry import people
from samskaping.core.services.audit import audit_record

SINCE, SEEN, IDLE = ("since", "seen", "idle")  # in the session, in seconds
LATELY = 10 * 60


def signed_in_lately(request: HttpRequest) -> bool:
    since: float = request.session.get(SINCE, 0)
    return time.time() - since < LATELY


def session_begin(request: HttpRequest, user: User) -> None:
    """Marks a session that has just been given to `user`."""
    request.session[SINCE] = request.session[SEEN] = time.time()
    request.session[IDLE] = _idle_seconds(user)
    if request.session.session_key is None:
        request.session.create()
    SignIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={"user": user, "device": device_label(request.META.get("HTTP_USER_AGENT", ""))},
    )


def session_touch(request: HttpRequest, user: User) -> None:
    """She is still here. Her roles may have changed since last, and with them how long she may be away."""
    request.session[SEEN] = time.time()
    request.session[IDLE] = _idle_seconds(user)
    SignIn.objects.filter(session_key=request.session.session_key).update(seen_at=Now())


def session_keep(request: HttpRequest, user: User) -> None:
    """After a new password: this session goes on under a new key, every other is over."""
    before = request.session.session_key
    update_session_auth_hash(request, user)
    SignIn.objects.filter(session_key=before).update(session_key=request.session.session_key)


def session_rekey(request: HttpRequest) -> None:
    """This session goes on under a new key. Whoever is signed in finds it, and can end it, as before."""
    before = request.session.session_key
    request.session.cycle_key()
    if before:
        SignIn.objects.filter(session_key=before).update(session_key=request.session.session_key)


@transaction.atomic
def session_end(*, sign_in: SignIn, by: User | None) -> None:
    """Ends one session at once, wherever it is."""
    _end([sign_in], by=by)


@transaction.atomic
def sessions_end(*, user: User, by: User | None, but: str | None = None) -> int:
    """Ends every session of `user`, but the one with the key `but`. Returns how many were ended.

    Called when the password, or a role, is no longer what it was when they began.
    """
    found = list(SignIn.objects.filter(user=user).exclude(session_key=but or ""))
    _end(found, by=by)
    return len(found)


def _end(sign_ins: list[SignIn], *, by: User | None) -> None:
    if not sign_ins:
        return
    Session.objects.filter(session_key__in=[s.session_key for s in sign_ins]).delete()
    SignIn.objects.filter(pk__in=[s.pk for s in sign_ins]).delete()
    audit_record("sessions_ended", sign_ins[0].user, by=by, data={"count": len(sign_ins)})


def _idle_seconds(user: User) -> float:
    limit = settings.SESSION_IDLE_WITH_ROLE if people().has_role(user) else settings.SESSION_IDLE_WITHOUT_ROLE
    return limit.total_seconds()
