"""Timestamps that come later: for what was sealed while the service was away, and for each day's anchor."""

import logging

from django.conf import settings
from django.db import transaction

from agreements import chain
from agreements.models import Anchor, Envelope, Seal, Timestamp
from agreements.models.signature import SignEventKind
from agreements.services.sign_event import sign_event_add
from agreements.timestamp import Token, token_over

logger = logging.getLogger(__name__)

# A round is short; the next goes on.
AT_ONCE = 50


def timestamps_fetch() -> int:
    """How many came. When the service does not answer, the next round asks again."""
    if not settings.TIMESTAMP_URL:
        return 0
    count = 0
    try:
        for seal in Seal.objects.filter(timestamped_inside=False, timestamp=None).order_by("pk")[:AT_ONCE]:
            count += _of_seal(seal, token_over(seal.sha256))
        for anchor in Anchor.objects.filter(timestamp=None).order_by("day")[:AT_ONCE]:
            count += _of_anchor(anchor, token_over(anchor.root))
    except OSError as error:
        logger.warning("no timestamp", extra={"problem": type(error).__name__})
    return count


@transaction.atomic
def _of_seal(seal: Seal, token: Token) -> bool:
    envelope = Envelope.objects.locked(seal.envelope_id)
    if Timestamp.objects.filter(seal=seal).exists():
        return False
    Timestamp.objects.create(seal=seal, token=token.content, authority=token.authority, at=token.at)
    payload = {"token": chain.digest(token.content), "at": chain.moment(token.at)}
    sign_event_add(envelope, SignEventKind.TIMESTAMPED, payload=payload)
    return True


def _of_anchor(anchor: Anchor, token: Token) -> bool:
    """Of two clocks the first one's is kept."""
    row = Timestamp(anchor=anchor, token=token.content, authority=token.authority, at=token.at)
    Timestamp.objects.bulk_create([row], ignore_conflicts=True)
    return True
