"""From a draft to what is signed: the PDF with its control code, and all it was made of.

The same HTML, sheet and pictures are typeset once more when all have signed (`final_of`), with the signature
pages where the marker is. The agreement's own pages are then the same as those people read.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from django.utils import translation
from django.utils.translation import gettext as _

from agreements import chain
from agreements.certificate import is_for_trying
from agreements.control_code import new_control_code, shown
from agreements.document import Content, content_of
from agreements.letters import not_shown
from agreements.models import Agreement, FrozenDocument
from agreements.models.agreement import AgreementKind
from agreements.models.envelope import EnvelopeState
from agreements.pdf_text import pages_of
from agreements.services.envelope import Frozen
from partnerships.selectors.responsibility import maps_of
from partnerships.selectors.responsibility_board import map_snapshot
from partnerships.selectors.words import municipality_name
from samskaping.core.errors import DomainError
from samskaping.core.pdf import Page, current_sheet, page_of, typeset
from samskaping.press.keeper import FOLDER

# Where the signature pages go. People's words are escaped, so it can stand only where the template has it.
MARKER = "<!-- signatures -->"
# The most pages a row can count, and more than anybody signs.
MOST_PAGES = 500


class NotReady(DomainError):
    """Something still stands empty, there is too much of it, or letters in it cannot be shown."""


@dataclass(frozen=True)
class Line:
    """Where somebody signs on paper: the side and the role, and no name, since she may send it on."""

    party: str
    role: str


def freeze(agreement: Agreement) -> Frozen:
    """`agreement` as `selectors.draft.with_content` gives it.

    Raises NotReady while something is empty, PdfRefused for what cannot be typeset, PressAway when nothing
    can.
    """
    content = content_of(agreement)
    if content.gaps:
        names = ", ".join(gap.label for gap in content.gaps[:5])
        raise NotReady(_("Dette er fortsatt tomt i avtalen: %(names)s.") % {"names": names})
    code = new_control_code()
    lines = lines_of(agreement)
    annex = _map(agreement)
    mark = _test_mark(content.language) if is_for_trying() else ""
    page = page_of_agreement(agreement, content, code=code, mark=mark, lines=lines, annex=annex)
    if odd := not_shown(page.html):
        letters = " ".join(odd[:10])
        raise NotReady(
            _("Avtalen har tegn vi ikke kan trykke: %(letters)s. Skriv det på en annen måte.")
            % {"letters": letters}
        )
    pdf = typeset(page)
    pages = pages_of(pdf)
    if pages > MOST_PAGES:
        raise NotReady(_("Avtalen er på over %(most)d sider. Kort den ned.") % {"most": MOST_PAGES})
    return Frozen(
        version=agreement.version,
        control_code=code,
        html=page.html,
        stylesheet=current_sheet(),
        assets=dict(page.images),
        snapshot=_snapshot(content, lines, annex),
        made_with=made_with(),
        pdf=pdf,
        pages=pages,
        template=agreement.template,
    )


def page_of_agreement(
    agreement: Agreement,
    content: Content,
    *,
    mark: str,
    code: str = "",
    lines: tuple[Line, ...] = (),
    annex: Mapping[str, object] | None = None,
) -> Page:
    """The agreement before it is typeset. Without a code it has no place for signatures: a draft."""
    settings = getattr(agreement.municipality, "settings", None)
    logo = settings.logo if settings is not None else None
    with translation.override(content.language):
        sender = municipality_name(agreement.municipality)
    context = {
        "content": content,
        "sender": sender,
        "mark": mark,
        "code": shown(code),
        "lines": lines,
        "map": annex,
    }
    images = {"logo": bytes(logo.content)} if logo is not None else {}
    return page_of("agreement", context, language=content.language, title=content.title, images=images)


def final_of(document: FrozenDocument, signatures: str, *, qr: bytes, for_trying: bool) -> Page:
    """What was frozen, with the signature pages (HTML) where they belong.

    A document frozen before somebody took the real certificate away says TEST all the same.
    """
    html = document.html
    if html.count(MARKER) != 1:
        message = "The frozen document has no place for signatures."
        raise ValueError(message)
    if for_trying:
        html = html.replace('data-mark=""', f'data-mark="{_test_mark(document.language)}"', 1)
    assets = {asset.name: bytes(asset.content) for asset in document.assets.all()}
    return Page(html=html.replace(MARKER, signatures), images={**assets, "qr": qr}, sheet=document.stylesheet)


def lines_of(agreement: Agreement) -> tuple[Line, ...]:
    """Those who are asked, when the list of them is made; else one for each side."""
    envelope = agreement.envelopes.filter(state=EnvelopeState.DRAFT).first()
    if envelope is None:
        return tuple(Line(party.actor.name, "") for party in agreement.parties.all())
    asked = envelope.signatories.filter(copy_only=False).select_related(
        "party__unit", "party__centre", "party__organisation"
    )
    return tuple(Line(each.party.actor.name if each.party else "", each.role) for each in asked)


@cache
def made_with() -> dict[str, str]:
    """By what, so that somebody can make it again in twenty years."""
    fonts = hashlib.sha256()
    for file in sorted((FOLDER / "fonts").glob("*.ttf")):
        fonts.update(file.read_bytes())
    return {"weasyprint": version("weasyprint"), "fonts": fonts.hexdigest()}


def _map(agreement: Agreement) -> dict[str, object] | None:
    """The partnership's own duties, as an annex to the full agreement."""
    if agreement.kind != AgreementKind.COOPERATION or agreement.partnership is None:
        return None
    own = maps_of(agreement.partnership).own
    if own is None:
        return None
    with translation.override(agreement.language):
        found = map_snapshot(own)
    return found if found["groups"] else None


def _snapshot(content: Content, lines: tuple[Line, ...], annex: Mapping[str, object] | None) -> str:
    """All the document was filled with, as canonical JSON."""
    data = {
        **json.loads(content.snapshot),
        "lines": [[line.party, line.role] for line in lines],
        "map": annex,
    }
    return chain.canonical(data).decode()


def _test_mark(language: str) -> str:
    with translation.override(language):
        return _("TEST – ikke til bruk")
