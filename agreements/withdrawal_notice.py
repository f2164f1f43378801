"""That a signed agreement is withdrawn: a sealed document of its own, which names the original's hash."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from agreements.certificate import is_for_trying
from agreements.models import Seal
from agreements.seal import Sealed, seal_pdf
from agreements.signature_page import moment_in_words
from partnerships.selectors.words import municipality_name
from samskaping.core.pdf import Attachment, Relationship, render


def withdrawal_notice(seal: Seal, *, because: str, at: datetime) -> Sealed:
    """In the agreement's language, with the agreement inside. The bytes and their hash go into `Withdrawal`.

    Raises PdfRefused, PressAway, NoCertificate and NotSealed.
    """
    document = seal.envelope.document
    with translation.override(document.language):
        context = {
            "document": document,
            "seal": seal,
            "because": because.strip(),
            "at": moment_in_words(at),
            "sender": municipality_name(seal.municipality),
            "mark": _("TEST – ikke til bruk") if is_for_trying() else "",
            "url": settings.SITE_URL + reverse("check_code", args=[document.shown_code]),
        }
        title = _("Avtalen er trukket tilbake")
        about = _("Avtalen som er trukket tilbake")
        reason = _("Avtalen er trukket tilbake")
    original = Attachment("avtale.pdf", bytes(seal.file.content), Relationship.SOURCE, about)
    pdf = render(
        "agreement_withdrawal", context, language=document.language, title=title, attachments=[original]
    )
    return seal_pdf(pdf, reason=reason)
