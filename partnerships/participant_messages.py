"""What participants are sent when they ask for it: a code, and the way back to their groups."""

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.messages import send_to, usable_code
from partnerships.models import Participant, Person
from partnerships.models.codesign import ProcessState
from partnerships.refusals import sent_to
from partnerships.seat import seat_proof
from partnerships.selectors.channel import address_of, code_channel
from partnerships.selectors.words import sender_name
from partnerships.services.participant import participant_token
from samskaping.core.models import Outbox
from samskaping.core.services.one_time_code import one_time_code_digits
from samskaping.core.services.outbox import outbox_handler
from samskaping.core.templatetags.letters import without_links

JOINED = ("person__municipality__settings", "person__controller_organisation", "person__controller_centre")


def participant_link(participant: Participant) -> str:
    """The whole address, for a message to her. Made when it leaves; the same at every try."""
    return settings.SITE_URL + reverse("participant_open", args=[participant_token(participant)])


@outbox_handler("participant_code")
def send_participant_code(row: Outbox) -> bool:
    participant = _there().filter(pk=row.payload["participant"]).first()
    code = usable_code(row)
    # Made for another address than the one there is now: whoever asked for it must not get in by the new one.
    if participant is None or code is None or code.subject != seat_proof(participant):
        return False
    digits = one_time_code_digits(code)
    with translation.override(participant.person.language):
        sms = _("%(code)s er koden din til Samskaping. Den gjelder i ti minutter.") % {"code": digits}
    _send(row, participant.person, template="participant_code", context={"code": digits}, sms=sms)
    return True


@outbox_handler("participant_links")
def send_participant_links(row: Outbox) -> bool:
    """Every group of one person, in one message; nobody who takes part in none hears anything."""
    hers = _there().filter(person=row.payload["person"]).exclude(process__state=ProcessState.ENDED)
    participants = list(hers.order_by("process__title_key", "pk"))
    if not participants:
        return False
    person = participants[0].person
    groups = [
        {"title": without_links(participant.process.title), "link": participant_link(participant)}
        for participant in participants
    ]
    with translation.override(person.language):
        each = " ".join(f"{group['title']}: {group['link']}" for group in groups)
        sms = _("Her er veien tilbake til gruppa di. %(groups)s") % {"groups": each}
    context: dict[str, object] = {"groups": groups, "name": person.name}
    _send(row, person, template="participant_links", context=context, sms=sms)
    return True


def _there() -> QuerySet[Participant]:
    rows = Participant.objects.filter(left_at=None, person__erased_at=None)
    return rows.select_related("process", *JOINED)


def _send(row: Outbox, person: Person, *, template: str, context: dict[str, object], sms: str) -> None:
    channel = code_channel(person)
    send_to(
        row,
        channel=channel or person.channel,
        to=address_of(person, channel) if channel else "",
        language=person.language,
        template=template,
        context=context,
        sms=sms,
        sender_name=sender_name(person),
    )


def _asked(row: Outbox) -> QuerySet[Person]:
    return Person.objects.filter(takes_part=row.payload["participant"])


def register() -> None:
    sent_to("participant_code", _asked)
    sent_to("participant_links", lambda row: Person.objects.filter(pk=row.payload["person"]))
