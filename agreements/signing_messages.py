"""What whoever signs is sent when she asks for it: a code. The rest are notices (signing_due.py)."""

from django.utils import translation
from django.utils.translation import gettext as _

from agreements.services.signatory import signing_code_bounced, signing_proof
from partnerships.messages import send_to, usable_code
from partnerships.models import Person
from partnerships.refusals import sent_to
from partnerships.selectors.channel import address_of, code_channel
from partnerships.selectors.words import sender_name
from samskaping.core.models import Outbox
from samskaping.core.services.one_time_code import one_time_code_digits
from samskaping.core.services.outbox import on_address_refused, outbox_handler


@outbox_handler("signing_code")
def send_signing_code(row: Outbox) -> bool:
    person = (
        Person.objects.filter(pk=row.payload["person"], erased_at=None)
        .select_related("municipality__settings", "controller_organisation", "controller_centre")
        .first()
    )
    code = usable_code(row)
    # Made for another address than the one there is now: whoever asked for it must not get in by the new one.
    if person is None or code is None or code.subject != signing_proof(person):
        return False
    digits = one_time_code_digits(code)
    with translation.override(person.language):
        sms = _("%(code)s er koden din til å signere i Samskaping. Den gjelder i ti minutter.") % {
            "code": digits
        }
    channel = code_channel(person)
    send_to(
        row,
        channel=channel or person.channel,
        to=address_of(person, channel) if channel else "",
        language=person.language,
        template="signing_code",
        context={"code": digits},
        sms=sms,
        sender_name=sender_name(person),
    )
    return True


@on_address_refused
def code_refused(row: Outbox, _what: str) -> None:
    if row.kind == "signing_code":
        for person in Person.objects.filter(pk=row.payload["person"]):
            signing_code_bounced(person=person)


def register() -> None:
    sent_to("signing_code", lambda row: Person.objects.filter(pk=row.payload["person"]))
