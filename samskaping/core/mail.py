"""E-mail: one message, to one person, the same bytes' identity at every retry.

Only outbox handlers call this. The address comes from the row of the person or user, looked up
at sending time; subjects hold nothing personal. The pair of templates extends email/base.txt and
email/base.html, which say how.
"""

import re
from email.headerregistry import Address
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from samskaping.core.models import Outbox
from samskaping.core.templatetags.letters import without_links

_BLANK_LINES = re.compile(r"(?:[ \t]*\n){3,}")


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
    Raises smtplib or OS errors when the server does not take it; the outbox then tries again.
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
    message.send()


def _one_line(name: str) -> str:
    """A name fit to stand in a header and to be read at a glance."""
    return without_links(name)[:80]
