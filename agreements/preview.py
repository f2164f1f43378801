"""A draft as a PDF, while it is written: not frozen, and said so on each page."""

from django.utils import translation
from django.utils.translation import gettext as _

from agreements.document import content_of
from agreements.models import Agreement
from partnerships.selectors.words import municipality_name
from samskaping.core import pdf


def preview_of(agreement: Agreement) -> bytes:
    """Raises PdfRefused for one that cannot be made, and PressAway when none can."""
    content = content_of(agreement)
    with translation.override(content.language):
        context = {
            "content": content,
            "mark": _("Utkast, ikke til signering"),
            "sender": municipality_name(agreement.municipality),
        }
        return pdf.render("agreement", context, language=content.language, title=content.title)
