"""How somebody is reached: as she wishes where that works, else by the next that does."""

from partnerships.models import Person
from partnerships.models.person import Channel

# Quickest first, and what costs somebody's time last.
ORDER = (Channel.EMAIL, Channel.SMS, Channel.LETTER, Channel.PHONE)


def channel_for(person: Person) -> Channel | None:
    """None when nothing reaches her: staff must find an address."""
    wanted = Channel(person.channel)
    return next((channel for channel in (wanted, *ORDER) if reaches(person, channel)), None)


def reaches(person: Person, channel: Channel) -> bool:
    """Whether there is an address for it that has not failed for good."""
    if channel == Channel.EMAIL:
        return bool(person.email) and person.email_failed_at is None
    if channel == Channel.LETTER:
        return bool(person.street and person.postal_code and person.post_town)
    if not person.phone or person.phone_failed_at is not None:
        return False
    return channel == Channel.PHONE or gets_sms(person.phone)


def gets_sms(number: str) -> bool:
    """Norwegian mobile numbers begin with 4 or 9; of other countries' we cannot tell, and try."""
    return not number.startswith("+47") or number[3:4] in ("4", "9")
