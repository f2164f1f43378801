"""Finding users, sign-ins and factors for those they belong to."""

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from samskaping.accounts.models import SignIn, User


def user_with_code(user_id: int) -> User | None:
    """The active user whose address was proven with a code."""
    return User.objects.filter(pk=user_id, is_active=True).first()


def open_sign_ins(user: User) -> QuerySet[SignIn]:
    """Where she is signed in now; what ran out is left to the nightly clearing."""
    live = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return SignIn.objects.filter(Exists(live), user=user)


def factors(user: User) -> list[Authenticator]:
    """The app first, then passkeys in the order they were added, recovery codes last."""
    order = {Authenticator.Type.TOTP: 0, Authenticator.Type.WEBAUTHN: 1, Authenticator.Type.RECOVERY_CODES: 2}
    found = Authenticator.objects.filter(user=user).order_by("created_at", "pk")
    return sorted(found, key=lambda a: order[Authenticator.Type(a.type)])


def user_with_email(email: str) -> User | None:
    return User.objects.filter(email=email, is_active=True).first()
