"""Where our sign-in differs from allauth's."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from samskaping.accounts import limits, secret_box
from samskaping.accounts.models import User
from samskaping.accounts.services.session import signed_in_lately
from samskaping.core.errors import TooMany


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-postadressen og passordet passer ikke sammen. Prøv igjen."),
        "incorrect_password": _("Passordet stemmer ikke. Prøv igjen."),
        "too_many_login_attempts": _("Det ble for mange forsøk. Vent et kvarter, eller logg inn med kode."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account out of nothing: people are invited, or give a code they were sent."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Counts the try before looking at the password; raises ValidationError when it is one too many."""
        account = User.objects.clean_email(credentials.get("email")) or ""
        try:
            limits.password_try(request, account)
        except TooMany:
            request.limited = True  # type: ignore[attr-defined]  # the view answers 429
            raise self.validation_error("too_many_login_attempts") from None
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            limits.password_was_right(request, account)
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Ours is in `authenticate`."""

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """allauth looks the address up in a table of its own; ours is on the user."""
        found = self.authenticate(context.request, email=getattr(user, "email", ""), password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in a moment ago has just shown who she is."""
        request = context.request
        if signed_in_lately(request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_login_stages(self) -> list[str]:
        """One gate for every path: password, code, passkey and work account all pass it."""
        return ["samskaping.accounts.stages.SecondFactorStage"]

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """She reads the portal in the language she chose here, on any device."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if language := getattr(user, "language", ""):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                samesite=settings.LANGUAGE_COOKIE_SAMESITE,  # type: ignore[arg-type]
            )
        return response

    def get_client_ip(self, request: HttpRequest) -> str:
        """For allauth's counters, which are off; ours is limits.network_of."""
        return limits.network_of(request)

    def send_notification_mail(
        self, template_prefix: str, user: AbstractBaseUser, *_more: Any, **__: Any
    ) -> None:
        """Ours goes through the outbox (signals.py)."""


class MfaAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Det stemte ikke. Prøv igjen med en ny kode."),
        "cannot_delete_authenticator": _(
            "Du kan ikke fjerne den siste, fordi rollen din krever innlogging i to trinn."
        ),
        "cannot_generate_recovery_codes": _("Reservekoder er for deg som har en app eller en passnøkkel."),
    }

    def encrypt(self, text: str) -> str:
        return secret_box.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secret_box.open_(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who must have one."""
        from samskaping.accounts import second_factor

        user = authenticator.user
        others = Authenticator.objects.filter(user=user).exclude(pk=authenticator.pk)
        if others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
            return True
        return second_factor.due(user) is None

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return str(_("Passnøkkel %(number)s") % {"number": number})

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Our own address, whatever Host the request came with."""
        return {"id": settings.SITE_URL.split("://", 1)[1].rsplit(":", 1)[0], "name": "Samskaping"}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        shown = self._get_user_identifier(user)
        return {**super().get_public_key_credential_user_entity(user), "display_name": shown, "name": shown}

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return getattr(user, "email", "") or getattr(user, "phone", "") or "Samskaping"


def provider_asked_for_factor(request: HttpRequest, user: AbstractBaseUser) -> bool:
    """Whether this sign-in came from a work account whose provider says it asked for a second factor."""
    return any(record.get("second_factor") for record in get_authentication_records(request, user))


def used_factor(request: HttpRequest, user: AbstractBaseUser) -> bool:
    """Whether this sign-in has shown a factor, ours or the provider's."""
    records = get_authentication_records(request, user)
    return any(record.get("method") == "mfa" or record.get("second_factor") for record in records)
