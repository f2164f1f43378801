"""SMS: a port with adapters. Numbers are Norwegian unless they say otherwise (+46 …)."""

import re
from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from samskaping.core import post
from samskaping.core.models import Outbox
from samskaping.core.services.outbox import outbox_add

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class SmsAdapter(Protocol):
    def send(self, row: Outbox, *, number: str, text: str) -> str:
        """Hands the text over, and gives the supplier's own number for it where there is one.

        Raises AddressRefused when nobody is reached there, OSError when it was not taken otherwise.
        """


def normal_number(typed: str) -> str:
    """«902 12 345» → «+4790212345»; empty when it cannot be a number."""
    kept = "".join(char for char in typed if char.isascii() and (char.isdigit() or char == "+"))
    if kept.startswith("00"):
        kept = "+" + kept[2:]
    if len(kept) == 8 and kept[0] in "23456789":
        kept = "+47" + kept
    return kept if _NUMBER.fullmatch(kept) else ""


def shown_number(number: str) -> str:
    """«+4790212345» → «902 12 345»."""
    if number.startswith("+47") and len(number) == 11:
        local = number[3:]
        return f"{local[:3]} {local[3:5]} {local[5:]}"
    return number


def send_sms(row: Outbox, *, number: str, text: str) -> None:
    adapter: SmsAdapter = import_string(settings.SMS_ADAPTER)()
    receipt = adapter.send(row, number=number, text=text)
    if receipt:
        _keep(row, receipt)


def _keep(row: Outbox, receipt: str) -> None:
    with transaction.atomic():
        Outbox.objects.filter(pk=row.pk).update(receipt=receipt)
        if settings.SMS_STATUS_URL:
            ask_later(row, nth=0)


# When the supplier is asked whether it came through, each after the one before. Then it is not known.
ASK_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=2))


def ask_later(row: Outbox, *, nth: int) -> None:
    """Promises the nth question about the message of a row; nothing after the last."""
    if nth < len(ASK_AFTER):
        outbox_add(
            "sms_status",
            f"{row.pk}:{nth}",
            payload={"outbox": row.pk, "nth": nth},
            municipality=row.municipality,
            after=ASK_AFTER[nth],
        )


class DemoSms:
    """Puts the message in the demo post instead of on somebody's phone."""

    def send(self, row: Outbox, *, number: str, text: str) -> str:
        post.keep_sms(row, number=number, text=text)
        return ""


class NoSms:
    """No supplier is set up: the message waits, and operators see why."""

    def send(self, row: Outbox, *, number: str, text: str) -> str:
        message = "SMS_URL is not set"
        raise OSError(message)
