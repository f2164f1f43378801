"""Making, sending and checking one-time codes. Every code in the portal goes this way.

The digits are HMAC(key, id, nonce): a retried message carries the same code, and no table, log
or staff page ever holds it. A code answers to one browser session (the id is kept there), dies
after five tries or ten minutes, and a newer code for the same purpose replaces it.
"""

import hashlib
import hmac
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from samskaping.core.models import OneTimeCode
from samskaping.core.models.one_time_code import CodePurpose
from samskaping.core.services.rate_limit import rate_limit_hit

DIGITS = 6
LIFETIME = timedelta(minutes=10)
TRIES = 5
SENDINGS = 3
SENDINGS_WITHIN = timedelta(minutes=15)


@transaction.atomic
def one_time_code_make(purpose: CodePurpose, *, subject: str, asked_for: str) -> OneTimeCode:
    """A fresh code for `subject` (empty when nobody is known by what was typed).

    `asked_for` is what was typed, for counting; only a keyed hash of it is kept.
    Raises TooMany after three codes in fifteen minutes.
    """
    rate_limit_hit(
        f"code:{purpose}",
        asked_for,
        at_most=SENDINGS,
        within=SENDINGS_WITHIN,
        sentence=_("Du har bedt om flere koder på kort tid. Vent litt, og prøv igjen."),
    )
    # Asked for nobody, too: the same statements whoever it is.
    older = OneTimeCode.objects.filter(purpose=purpose, subject=subject, used_at=None)
    older.exclude(subject="").update(tries_left=0)
    return OneTimeCode.objects.create(
        purpose=purpose, subject=subject, expires_at=Now() + LIFETIME, tries_left=TRIES
    )


def one_time_code_digits(code: OneTimeCode) -> str:
    """The six digits, for the message that carries them and for checking."""
    key = salted_hmac("samskaping.one_time_code", "", algorithm="sha256").digest()
    made_of = f"{code.pk}:{code.nonce}:{code.purpose}:{code.subject}".encode()
    number = int.from_bytes(hmac.new(key, made_of, hashlib.sha256).digest()[:8])
    return f"{number % 10**DIGITS:0{DIGITS}d}"


@transaction.atomic
def one_time_code_use(code_id: UUID | str, purpose: CodePurpose, typed: str) -> OneTimeCode | None:
    """The code when the digits are right, and then used up; None otherwise, one try poorer.

    One conditional UPDATE takes the try before the digits are looked at, so ten thousand guesses
    at once get five looks.
    """
    open_code = OneTimeCode.objects.filter(
        pk=code_id, purpose=purpose, used_at=None, expires_at__gt=Now(), tries_left__gt=0
    )
    if not open_code.update(tries_left=F("tries_left") - 1):
        return None
    code = OneTimeCode.objects.select_for_update().get(pk=code_id)
    digits = "".join(char for char in typed if char.isascii() and char.isdigit())
    right = hmac.compare_digest(digits, one_time_code_digits(code))
    if not right or not code.subject or code.used_at is not None:
        return None
    code.used_at = Now()
    code.save(update_fields=["used_at"])
    return code
