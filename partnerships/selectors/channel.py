"""How somebody is reached: as she wishes where that works, else by the next that does."""

from django.db.models import Model

from partnerships.models import Person
from partnerships.models.person import Channel
from samskaping.core.link_token import proof_of
from samskaping.core.services.audit import object_name

# Quickest first, and what costs somebody's time last.
ORDER = (Channel.EMAIL, Channel.SMS, Channel.LETTER, Channel.PHONE)


def channel_for(person: Person) -> Channel | None:
    """None when nothing reaches her: staff must find an address."""
    wanted = Channel(person.channel)
    return next((channel for channel in (wanted, *ORDER) if reaches(person, channel)), None)


def code_channel(person: Person) -> Channel | None:
    """Where a code can be sent: what she wants to be reached on if codes go there, else what there is."""
    codes = (Channel.EMAIL, Channel.SMS)
    wanted = [Channel(person.channel)] if person.channel in codes else []
    return next((channel for channel in (*wanted, *codes) if reaches(person, channel)), None)


def address_of(person: Person, channel: str) -> str:
    return person.email if channel == Channel.EMAIL else person.phone


def address_proof(salt: str, row: Model, person: Person, *, nonce: str = "") -> str:
    """What a code to her proves of the row, until her address is another. Empty where no code reaches her."""
    channel = code_channel(person)
    return proof_of(salt, object_name(row), f"{nonce}:{address_of(person, channel)}") if channel else ""


def masked_address(address: str) -> str:
    """Enough for the right person to know it, too little for the wrong one to learn it."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}" if at else f"•• •• {address[-4:-2]} {address[-2:]}"


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


def gets_sms_unasked(number: str) -> bool:
    """Norwegian mobiles alone: anybody can write any number on an open page, and abroad it costs most."""
    return number.startswith("+47") and gets_sms(number)
