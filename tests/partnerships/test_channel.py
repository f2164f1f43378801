"""How somebody is reached: as she wishes where that works, else by the next that does."""

from typing import Any

import pytest
from django.utils import timezone

from partnerships.models import Person
from partnerships.models.person import Channel
from partnerships.selectors.channel import channel_for

EMAIL = {"email": "kari@prove.example"}
MOBILE = {"phone": "+4790212345"}
LANDLINE = {"phone": "+4755212345"}
POST = {"street": "Prøveveien 1", "postal_code": "9901", "post_town": "Fjordvik"}
NO_EMAIL = {"email_failed_at": timezone.now()}
NO_PHONE = {"phone_failed_at": timezone.now()}


@pytest.mark.parametrize(
    ("wanted", "fields", "reached"),
    [
        ("email", EMAIL | MOBILE | POST, "email"),
        ("sms", EMAIL | MOBILE | POST, "sms"),
        ("letter", EMAIL | MOBILE | POST, "letter"),
        ("phone", EMAIL | LANDLINE, "phone"),
        ("email", EMAIL | NO_EMAIL | MOBILE, "sms"),
        ("sms", EMAIL | MOBILE | NO_PHONE, "email"),
        ("sms", LANDLINE | POST, "letter"),
        ("sms", LANDLINE, "phone"),
        ("sms", {"phone": "+46701234567"}, "sms"),
        ("email", EMAIL | NO_EMAIL | POST | MOBILE | NO_PHONE, "letter"),
        ("letter", {"street": "Prøveveien 1"} | LANDLINE, "phone"),
        ("email", EMAIL | NO_EMAIL, None),
        ("email", MOBILE | NO_PHONE, None),
        ("letter", {}, None),
    ],
)
def test_channel(wanted: str, fields: dict[str, Any], reached: str | None) -> None:
    assert channel_for(Person(channel=wanted, **fields)) == (Channel(reached) if reached else None)
