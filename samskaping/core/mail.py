"""E-mail: one message, to one person, the same bytes' identity at every retry.

Only outbox handlers call this. The address comes from the row of the person or user, looked up
at sending time; subjects hold nothing personal.
"""

from email.headerregistry import Address
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from samskaping.core.models import Outbox


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

    Raises smtplib or OS errors when the server does not take it; the outbox then tries again.
    """
    with translation.override(language):
        shown = {**context, "site_url": settings.SITE_URL, "language": language}
        subject, _break, text = render_to_string(f"email/{template}.txt", shown).lstrip().partition("\n")
        html = render_to_string(f"email/{template}.html", {**shown, "subject": subject.strip()})
    message = EmailMultiAlternatives(
        subject=subject.strip(),
        body=text.strip() + "\n",
        from_email=_sender(sender_name),
        to=[to],
        headers={
            "Message-ID": f"<{row.message_id}@{settings.MAIL_DOMAIN}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": language,
        },
    )
    message.attach_alternative(html, "text/html")
    message.send()


def _sender(name: str) -> str:
    """The portal's own address always; the municipality only as the name before it, on one line."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in name).split())[:80]
    return formataddr((plain or "Samskaping", Address(addr_spec=settings.DEFAULT_FROM_EMAIL).addr_spec))
