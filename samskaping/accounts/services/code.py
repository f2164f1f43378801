"""One-time codes for signing in and for a new password: asked for, sent, taken.

Whoever asks gets the same answer and costs the same queries, known here or not. The address never
comes from the request: the worker reads it from the user's row, and drops a code that is nobody's.
"""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from samskaping.accounts.models import User
from samskaping.accounts.registry import Address, people
from samskaping.core.mail import send_mail
from samskaping.core.models import OneTimeCode, Outbox
from samskaping.core.models.one_time_code import CodePurpose
from samskaping.core.services.audit import audit_record, object_name
from samskaping.core.services.one_time_code import (
    one_time_code_digits,
    one_time_code_make,
    one_time_code_use,
)
from samskaping.core.services.outbox import Undeliverable, outbox_add, outbox_handler
from samskaping.core.sms import normal_number, send_sms

KIND = "accounts.code"
TEMPLATES = {CodePurpose.SIGN_IN: "sign_in_code", CodePurpose.PASSWORD: "password_code"}


def is_address(typed: str) -> bool:
    return "@" in typed


def same_however_typed(typed: str) -> str:
    """The one form of an address or a number; empty when it is neither."""
    return User.objects.clean_email(typed) or "" if is_address(typed) else normal_number(typed)


@transaction.atomic
def code_ask(*, purpose: CodePurpose, typed: str) -> OneTimeCode:
    """A code for whoever signs in with this address or number, sent if there is exactly one; also to somebody
    we know who has no account, whose first code makes it.

    Raises TooMany after three codes in a quarter of an hour.
    """
    asked_for = same_however_typed(typed)
    field = "email" if is_address(typed) else "phone"
    found = list(User.objects.filter(is_active=True, **{field: asked_for})[:2]) if asked_for else []
    # Asked whoever it is, so that it costs the same.
    newcomer = people().newcomer(field, asked_for)
    # Two may share a telephone; a code would not tell which of them it is.
    subject = object_name(found[0]) if len(found) == 1 else ""
    if not found and purpose == CodePurpose.SIGN_IN:
        subject = newcomer
    code = one_time_code_make(purpose, subject=subject, asked_for=asked_for)
    outbox_add(KIND, str(code.pk), payload={"code": str(code.pk), "by": field})
    return code


def code_use(*, code_id: str, purpose: CodePurpose, typed: str) -> User | None:
    """Whose code it is, when it is right; it is then used up. None otherwise, one try poorer."""
    code = one_time_code_use(code_id, purpose, typed)
    if code is None:
        return None
    user = _user_of(code) or people().newcomer_enter(code.subject)
    if user is not None:
        audit_record("code_used", user, by=None, data={"purpose": purpose.value})
        people().entered(user)
    return user


def _user_of(code: OneTimeCode) -> User | None:
    label, _colon, number = code.subject.partition(":")
    if label != User._meta.label_lower:
        return None
    return User.objects.filter(pk=int(number), is_active=True).first()


def _address_of(code: OneTimeCode) -> Address | None:
    """Where it goes: as it stands now on the row of whoever it is for."""
    user = _user_of(code)
    if user is None:
        return people().newcomer_address(code.subject)
    return Address(user.email or "", user.phone, user.language)


@outbox_handler(KIND)
def _send(row: Outbox) -> bool:
    code = OneTimeCode.objects.filter(pk=row.payload["code"], used_at=None, tries_left__gt=0).first()
    address = _address_of(code) if code is not None else None
    if code is None or address is None:
        return False
    digits = one_time_code_digits(code)
    language = address.language or settings.LANGUAGE_CODE
    if row.payload["by"] == "email":
        if not address.email:
            raise Undeliverable("no_address")
        template = TEMPLATES[CodePurpose(code.purpose)]
        send_mail(row, to=address.email, template=template, context={"code": digits}, language=language)
        return True
    if not address.phone:
        raise Undeliverable("no_address")
    with translation.override(language):
        text = _("%(code)s er koden din til Samskaping. Den virker i ti minutter. Ikke gi den til noen.") % {
            "code": digits
        }
    send_sms(row, number=address.phone, text=text)
    return True
