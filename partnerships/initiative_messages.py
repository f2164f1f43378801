"""What the giver of an idea is sent: who answers and by when; and the answer."""

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from partnerships.messages import send_to
from partnerships.models import Initiative
from partnerships.models.initiative import InitiativeState
from partnerships.public import contact_point
from partnerships.selectors.initiative import message_channel
from partnerships.selectors.words import municipality_name
from partnerships.services.initiative import initiative_token
from samskaping.core.models import Outbox
from samskaping.core.services.outbox import outbox_handler
from samskaping.core.templatetags.letters import without_links


def initiative_link(initiative: Initiative) -> str:
    return settings.SITE_URL + reverse("idea_thanks", args=[initiative_token(initiative)])


def received_words(initiative: Initiative) -> tuple[str, tuple[str, ...]]:
    """In the language that is active: a person, and a day."""
    who = without_links(contact_point(initiative.municipality).name)
    day = formats.date_format(initiative.reply_by, "l j. F")
    if message_channel(initiative) is None and not initiative.phone:
        line = _("%(who)s ser på den innen %(day)s. Ta vare på adressen til denne siden, her kommer svaret.")
        return _("Takk for ideen"), (line % {"who": who, "day": day},)
    return _("Takk for ideen"), (_("%(who)s svarer deg innen %(day)s.") % {"who": who, "day": day},)


@outbox_handler("initiative_received")
def send_initiative_received(row: Outbox) -> bool:
    """Not when the answer came first."""
    initiative = _find(row)
    if initiative is None or initiative.state != InitiativeState.NEW:
        return False
    with translation.override(initiative.language):
        title, lines = received_words(initiative)
        _send(row, initiative, title, lines, sms=" ".join((*lines, initiative_link(initiative))))
    return True


@outbox_handler("initiative_answer")
def send_initiative_answer(row: Outbox) -> bool:
    initiative = _find(row)
    if initiative is None or initiative.state == InitiativeState.NEW:
        return False
    with translation.override(initiative.language):
        lines = tuple(line for line in initiative.answer.splitlines() if line.strip())
        who = without_links(municipality_name(initiative.municipality))
        sms = _("Svar på ideen din fra %(who)s: %(answer)s") % {"who": who, "answer": " ".join(lines)}
        _send(row, initiative, _("Svar på ideen din"), lines, sms=sms)
    return True


def _find(row: Outbox) -> Initiative | None:
    rows = Initiative.objects.select_related("municipality__settings")
    found: Initiative | None = rows.filter(pk=row.payload["initiative"]).first()
    # Forgotten meanwhile: there is nobody to tell.
    return found if found is not None and message_channel(found) is not None else None


def _send(row: Outbox, initiative: Initiative, title: str, lines: tuple[str, ...], *, sms: str) -> None:
    channel = message_channel(initiative)
    context: dict[str, object] = {
        "letter_title": title,
        "lines": lines,
        "name": initiative.name,
        "link": initiative_link(initiative),
        "link_text": _("Se ideen og svaret"),
    }
    send_to(
        row,
        channel=channel or "",
        to=initiative.email or initiative.phone,
        language=initiative.language,
        template="initiative",
        context=context,
        sms=sms,
        sender_name=municipality_name(initiative.municipality),
    )
