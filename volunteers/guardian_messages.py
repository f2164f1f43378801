"""What a guardian is sent: that somebody asks, and a code. Neither says who the young one is."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.messages import send_to, usable_code
from partnerships.selectors.words import sender_name
from samskaping.core.models import Outbox
from samskaping.core.services.one_time_code import one_time_code_digits
from samskaping.core.services.outbox import outbox_handler
from samskaping.core.templatetags.letters import without_links
from volunteers.models import Guardian
from volunteers.selectors.guardian import code_address, code_channel
from volunteers.services.guardian import READ_WITH, guardian_code_is_for, guardian_token


@outbox_handler("guardian_ask")
def send_guardian_ask(row: Outbox) -> bool:
    """Not when she has answered, or is nobody's guardian any more."""
    guardian = _find(row)
    if guardian is None or guardian.consented_at is not None or guardian.asked_at is None:
        return False
    link = settings.SITE_URL + reverse("guardian_open", args=[guardian_token(guardian)])
    with translation.override(guardian.volunteer.person.language):
        who = without_links(sender_name(guardian.volunteer.person))
        line = _("%(who)s spør om en du er foresatt for, kan være frivillig.") % {"who": who}
        sms = _("%(line)s Svar her: %(link)s") % {"line": line, "link": link}
    _send(row, guardian, template="guardian_ask", context={"line": line, "link": link}, sms=sms)
    return True


@outbox_handler("guardian_code")
def send_guardian_code(row: Outbox) -> bool:
    guardian, code = _find(row), usable_code(row)
    if guardian is None or code is None or not guardian_code_is_for(code, guardian):
        return False
    digits = one_time_code_digits(code)
    with translation.override(guardian.volunteer.person.language):
        sms = _("%(code)s er koden din til Samskaping. Den gjelder i ti minutter.") % {"code": digits}
    _send(row, guardian, template="guardian_code", context={"code": digits}, sms=sms)
    return True


def _find(row: Outbox) -> Guardian | None:
    found: Guardian | None = (
        Guardian.objects.select_related(*READ_WITH)
        .filter(pk=row.payload["guardian"], volunteer__person__erased_at=None)
        .first()
    )
    return found


def _send(row: Outbox, guardian: Guardian, *, template: str, context: dict[str, object], sms: str) -> None:
    person = guardian.volunteer.person
    send_to(
        row,
        channel=code_channel(guardian) or "",
        to=code_address(guardian),
        language=person.language,
        template=template,
        context=context,
        sms=sms,
        sender_name=sender_name(person),
    )
