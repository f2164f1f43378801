"""The demo post: what would have been sent, as rows, shown at /dev/post/.

Used where the demo runs, never where people work: settings choose it, no code path falls back to it.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from samskaping.core.models import DemoPost, Outbox
from samskaping.core.models.demo_post import PostChannel

KEEP_AT_MOST = 500


class ByHand(NamedTuple):
    """What no server sends: a letter to post or a person to ring."""

    channel: str
    to: str
    about: str


_by_hand: list[Callable[[], Iterable[ByHand]]] = []


def by_hand_from(provider: Callable[[], Iterable[ByHand]]) -> None:
    """Apps tell what waits for somebody's hands, from `AppConfig.ready()`."""
    _by_hand.append(provider)


def by_hand() -> list[ByHand]:
    return [each for provider in _by_hand for each in provider()]


class DemoPostBackend(BaseEmailBackend):
    """A mail server that only remembers."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            made = message.message()  # refuses line breaks in headers, as sending would
            for recipient in message.recipients():
                _keep(
                    PostChannel.EMAIL, recipient, str(message.body), made["Message-ID"], str(message.subject)
                )
        return len(email_messages)


def keep_sms(row: Outbox, *, number: str, text: str) -> None:
    _keep(PostChannel.SMS, number, text, str(row.message_id))


def items(limit: int = 100) -> list[DemoPost]:
    """The newest first."""
    return list(DemoPost.objects.all()[:limit])


def _keep(channel: PostChannel, recipient: str, text: str, message_id: str, subject: str = "") -> None:
    kept = DemoPost.objects.create(
        channel=channel, recipient=recipient, text=text, message_id=message_id, subject=subject[:200]
    )
    DemoPost.objects.filter(pk__lte=kept.pk - KEEP_AT_MOST).delete()
