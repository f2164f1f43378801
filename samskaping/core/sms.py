"""SMS: a port with adapters. Numbers are Norwegian unless they say otherwise (+46 …)."""

import re
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from samskaping.core import post
from samskaping.core.models import Outbox

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class SmsAdapter(Protocol):
    def send(self, row: Outbox, *, number: str, text: str) -> None:
        """Hands the text over. Raises OSError when it was not taken."""


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
    adapter.send(row, number=number, text=text)


class DemoSms:
    """Puts the message in the demo post instead of on somebody's phone."""

    def send(self, row: Outbox, *, number: str, text: str) -> None:
        post.keep_sms(row, number=number, text=text)


class NoSms:
    """No supplier is set up: the message waits, and operators see why."""

    def send(self, row: Outbox, *, number: str, text: str) -> None:
        message = "SMS_ADAPTER is not set up"
        raise OSError(message)
