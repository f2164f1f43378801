"""Where a guardian is reached, and what she is asked about."""

from partnerships.models.person import Channel
from partnerships.selectors.channel import gets_sms
from volunteers.models import Guardian
from volunteers.models.assignment import THERE


def code_channel(guardian: Guardian) -> Channel | None:
    """None: she is to be rung."""
    if guardian.email:
        return Channel.EMAIL
    return Channel.SMS if guardian.phone and gets_sms(guardian.phone) else None


def code_address(guardian: Guardian) -> str:
    channel = code_channel(guardian)
    if channel is None:
        return ""
    return guardian.email if channel == Channel.EMAIL else guardian.phone


def tasks_of(guardian: Guardian) -> list[str]:
    """What the young one will take part in."""
    there = guardian.volunteer.assignments.filter(state__in=THERE).select_related("offer")
    return [assignment.offer.title for assignment in there.order_by("offer__title_key")]
