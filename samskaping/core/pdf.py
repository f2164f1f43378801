"""Documents on paper: a template in `templates/pdf/` becomes a tagged PDF/A-3a with our three fonts.

Django renders the HTML here; the press (samskaping/press) typesets it in a process of its own, which fetches
nothing and has limits on time and memory.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from samskaping.core.errors import DomainError
from samskaping.press.keeper import FOLDER, Enclosed, press

_NAME = re.compile(r"[a-z0-9-]{1,40}")
_MAX_HTML = 5_000_000


class Relationship(StrEnum):
    """What an attachment is to the document, in the archive standard's words."""

    SOURCE = "Source"
    DATA = "Data"
    ALTERNATIVE = "Alternative"
    SUPPLEMENT = "Supplement"
    UNSPECIFIED = "Unspecified"


@dataclass(frozen=True)
class Attachment:
    """A file inside the document. Its kind follows from its name: «avtale.pdf», «hendelser.xml»."""

    name: str
    content: bytes
    relationship: Relationship = Relationship.UNSPECIFIED
    description: str = ""


class PdfRefused(DomainError):
    """The document cannot be made, and trying again will not help.

    `code`: fetched (it asked for something that did not come along), too_slow, too_large, broken, died.
    """

    def __init__(self, code: str) -> None:
        super().__init__(_("Vi klarte ikke å lage dokumentet. Det kan være for stort."))
        self.code = code


@dataclass(frozen=True)
class Page:
    """A document before it is typeset: all the press needs, so that it can be kept and typeset again."""

    html: str
    images: Mapping[str, bytes]
    sheet: str = ""


def render(
    template: str,
    context: Mapping[str, object],
    *,
    language: str,
    title: str,
    images: Mapping[str, bytes] | None = None,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """The PDF of `pdf/<template>.html`. base.html there tells how to write one.

    `images` are PNG or JPEG by short names; the template shows them as `app:<name>`. Raises PdfRefused for a
    document that cannot be made, and PressAway when no document can.
    """
    page = page_of(template, context, language=language, title=title, images=images)
    return typeset(page, attachments=attachments)


def page_of(
    template: str,
    context: Mapping[str, object],
    *,
    language: str,
    title: str,
    images: Mapping[str, bytes] | None = None,
) -> Page:
    """The HTML of `pdf/<template>.html` and what it shows. Raises PdfRefused for one that is too large."""
    pictures = dict(images or {})
    if odd := [name for name in pictures if not _NAME.fullmatch(name)]:
        message = f"A picture's name is small letters, figures and dashes, not {odd[0]!r}."
        raise ValueError(message)
    with translation.override(language):
        html = render_to_string(
            f"pdf/{template}.html",
            {**context, "title": title, "language": language, "images": tuple(pictures)},
        )
    if len(html) > _MAX_HTML:
        raise PdfRefused("too_large")
    return Page(html=html, images=pictures)


def typeset(page: Page, *, attachments: Sequence[Attachment] = ()) -> bytes:
    """Raises PdfRefused and PressAway."""
    enclosed = [
        Enclosed(each.name, each.content, each.relationship.value, each.description) for each in attachments
    ]
    code, pdf = press.typeset(page.html, page.images, enclosed, sheet=page.sheet)
    if code != "ok":
        raise PdfRefused(code)
    return pdf


def current_sheet() -> str:
    """The stylesheet of documents as it is now, to be kept with what is frozen."""
    return (FOLDER / "document.css").read_text()
