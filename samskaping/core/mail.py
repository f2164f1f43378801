"""E-mail: one message, to one person, the same bytes' identity at every retry.

Only outbox handlers call this. The address comes from the row of the person or user, looked up
at sending time; subjects hold nothing personal. The pair of templates extends email/base.txt and
email/base.html, which say how.
"""

import re
import smtplib
from email.headerregistry import Address
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from samskaping.core.mail_line import line
from samskaping.core.models import Outbox
from samskaping.core.services.outbox import AddressRefused
from samskaping.core.templatetags.letters import without_links

_BLANK_LINES = re.compile(r"(?:[ \t]*\n){3,}")
# The server's own finer code (RFC 3463): 5.1 and 5.2 are the address and the mailbox, 5.4 the way there. The
# rest is about us, the message or the server (5.7.1 «relaying denied»), and says nothing of the person.
_FINER = re.compile(rb"\b5\.([0-9]{1,3})\.([0-9]{1,3})\b")
_ABOUT_THE_ADDRESS = (b"1", b"2", b"4")
_ABOUT_OUR_ADDRESS = ((b"1", b"7"), (b"1", b"8"))


def send_mail(
    row: Outbox,
    *,
    to: str,
    template: str,
    context: dict[str, object],
    language: str,
    sender_name: str = "",
) -> None:
    """Renders `email/<template>.txt` (first line is the subject) and `.html`, and hands them to the server.

    `sender_name` is who asks (the municipality, a centre, an organisation), as the reader knows them.
    Raises AddressRefused when the server says for good that nobody is there, and smtplib or OS errors when
    it does not take it otherwise; the outbox then tries again.
    """
    sender = _one_line(sender_name) or "Samskaping"
    with translation.override(language):
        shown = {**context, "site_url": settings.SITE_URL, "language": language, "sender": sender}
        subject, _break, text = render_to_string(f"email/{template}.txt", shown).lstrip().partition("\n")
        html = render_to_string(f"email/{template}.html", {**shown, "subject": subject.strip()})
    message = EmailMultiAlternatives(
        subject=subject.strip(),
        body=_BLANK_LINES.sub("\n\n", text).strip() + "\n",
        from_email=formataddr((sender, Address(addr_spec=settings.DEFAULT_FROM_EMAIL).addr_spec)),
        to=[to],
        headers={
            "Message-ID": f"<{row.message_id}@{settings.MAIL_DOMAIN}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": language,
        },
    )
    message.attach_alternative(html, "text/html")
    try:
        line.send(message)
    except smtplib.SMTPRecipientsRefused as error:
        if any(_is_final(*answer) for answer in error.recipients.values()):
            raise AddressRefused("email") from None
        raise
    except smtplib.SMTPDataError as error:
        if _is_final(error.smtp_code, error.smtp_error):
            raise AddressRefused("email") from None
        raise


def _is_final(code: int, answer: bytes | str) -> bool:
    """Whether the server's no is for good, and about the one we write to."""
    if not 550 <= code <= 559:
        return False
    finer = _FINER.search(answer if isinstance(answer, bytes) else answer.encode())
    if finer is None:
        return True
    return finer[1] in _ABOUT_THE_ADDRESS and finer.groups() not in _ABOUT_OUR_ADDRESS


def _one_line(name: str) -> str:
    """A name fit to stand in a header and to be read at a glance."""
    return without_links(name)[:80]
