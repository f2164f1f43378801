"""Steps that several sign-in tests take."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from django.utils import timezone

from samskaping.accounts import registry
from samskaping.accounts.models import User
from samskaping.core.models import OneTimeCode, Outbox
from samskaping.core.services.one_time_code import one_time_code_digits
from samskaping.core.services.outbox import outbox_deliver_row
from tests.factories.accounts import PASSWORD


def sign_in(client: Client, login: str | None, password: str = PASSWORD, **more: str):
    assert login
    return client.post("/logg-inn/", {"login": login, "password": password, **more})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def newest_code() -> OneTimeCode:
    return OneTimeCode.objects.latest("created_at")


def digits() -> str:
    return one_time_code_digits(newest_code())


def wrong_digits() -> str:
    return f"{(int(digits()) + 1) % 10**6:06d}"


def ask_code(client: Client, who: str | None, **more: str):
    assert who
    return client.post("/logg-inn/kode/", {"who": who, **more})


def write_code(client: Client, code: str):
    return client.post("/logg-inn/kode/skriv/", {"code": code})


def deliver_all() -> list[str]:
    """Sends what the outbox promised; the states the rows ended in."""
    return [str(outbox_deliver_row(row.pk)) for row in Outbox.objects.filter(state="waiting").order_by("pk")]


def give_app(user: User) -> str:
    """Sets up an authenticator app, and recovery codes as allauth does. Returns the app's secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return str(secret)


def app_code(secret: str, *, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def recovery_code(user: User) -> str:
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return str(kept.wrap().get_unused_codes()[0])


class Roles(registry.People):
    """Everybody has a role that asks for a second factor as of today, and works in prove.example."""

    def second_factor_due(self, user: User):
        return timezone.localdate()

    def has_role(self, user: User) -> bool:
        return True

    def may_use_work_account(self, user: User, domain: str) -> bool:
        return domain == "prove.example"
