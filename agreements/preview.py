"""A draft as a PDF, while it is written: not frozen, and said so on each page."""

from django.utils import translation
from django.utils.translation import gettext as _

from agreements.document import content_of
from agreements.freezing import page_of_agreement
from agreements.models import Agreement
from samskaping.core.pdf import typeset


def preview_of(agreement: Agreement) -> bytes:
    """Raises PdfRefused for one that cannot be made, and PressAway when none can."""
    content = content_of(agreement)
    with translation.override(content.language):
        mark = _("Utkast, ikke til signering")
    return typeset(page_of_agreement(agreement, content, mark=mark))
