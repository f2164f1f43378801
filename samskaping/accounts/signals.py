"""What follows from signing in and from changing a factor: the session's marks, the trace, the notice."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from samskaping.accounts import second_factor
from samskaping.accounts.adapter import used_factor
from samskaping.accounts.models import SignIn, User
from samskaping.accounts.services.notice import security_notice
from samskaping.accounts.services.session import session_begin
from samskaping.core.services.audit import audit_record
from samskaping.core.views.preferences import language_chosen

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@receiver(user_logged_in)
def on_signed_in(request: HttpRequest, user: User, **_more: Any) -> None:
    session_begin(request, user)
    request.session.pop(second_factor.SHOWN, None)
    if used_factor(request, user):
        second_factor.mark_shown(request, "sign_in")
    audit_record("signed_in", user, by=user, data={"second_factor": second_factor.was_shown(request)})


@receiver(user_logged_out)
def on_signed_out(request: HttpRequest, user: User | None, **_more: Any) -> None:
    if user is not None:
        SignIn.objects.filter(session_key=request.session.session_key).delete()


@receiver(authenticator_used)
def on_factor_shown(request: HttpRequest, user: User, **_more: Any) -> None:
    """While signed in: the session counts from now on. On the way in, `on_signed_in` reads it."""
    if request.user.is_authenticated:
        second_factor.mark_shown(request, "shown")


@receiver(authenticator_added)
def on_factor_added(request: HttpRequest, authenticator: Authenticator, **_more: Any) -> None:
    """Setting it up has shown it."""
    if authenticator.type in FACTORS:
        second_factor.mark_shown(request, "added")


@receiver(authenticator_removed)
def on_factor_removed(request: HttpRequest, user: User, **_more: Any) -> None:
    if not second_factor.has_factor(user):
        request.session.pop(second_factor.SHOWN, None)


@receiver(authenticator_reset)
def on_recovery_codes_made(user: User, authenticator: Authenticator, **_more: Any) -> None:
    _trace("recovery_codes_made", user, authenticator)


# allauth's own signals come after the commit; the trace belongs into the same transaction as the change.
@receiver(post_save, sender=Authenticator)
def on_authenticator_saved(instance: Authenticator, created: bool, **_more: Any) -> None:
    if created and instance.type in FACTORS:
        _trace("factor_added", instance.user, instance)


@receiver(post_delete, sender=Authenticator)
def on_authenticator_deleted(instance: Authenticator, origin: Any, **_more: Any) -> None:
    # Not when the user herself goes, and her factors with her.
    if instance.type in FACTORS and not isinstance(origin, User):
        _trace("factor_removed", instance.user, instance)


@receiver(authentication_failed)
def on_factor_failed(user: User, authenticator: Authenticator, **_more: Any) -> None:
    audit_record("factor_failed", user, by=None, data={"type": authenticator.type})


@receiver(language_chosen)
def on_language_chosen(request: HttpRequest, language: str, **_more: Any) -> None:
    """Chosen while signed in: it is hers on every device."""
    if isinstance(request.user, User) and request.user.language != language:
        request.user.language = language
        request.user.save(update_fields=["language"])


def _trace(verb: str, user: User, authenticator: Authenticator) -> None:
    event = audit_record(verb, user, by=user, data={"type": authenticator.type})
    security_notice(user=user, what=verb, event=event)
