"""HTML to a tagged, archivable PDF, with everything loaded beforehand."""

import io
import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from samskaping.press.fetcher import AssetFetcher
from samskaping.press.refused import Refused

# Loads what WeasyPrint and Pillow load late, and each document would else load for itself: each font's
# tables, tags, the colour profile, the archive's metadata, the reader of pictures, what an attachment may be.
FIRST = (
    '<html lang="nb"><head><title>Prøve</title></head><body class="agreement" data-title="Prøve"'
    ' data-page="Side" data-of="av" data-mark="A" data-code="A"><img src="app:pixel" alt="Prøve">'
    '<h1>Prøve</h1><h2>Prøve</h2><p class="small">Æ <b>Ø</b> <em>Å</em> č <a href="https://prove.example/">a</a></p>'
    "<ul><li>a</li></ul><table><caption>a</caption><tr><th>a</th><td>1</td></tr></table>"
    '<p class="new-page" id="end">a</p></body>'
)
PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)


class Typesetter:
    """WeasyPrint, the sheet and the fonts, loaded and used."""

    def __init__(self, sheet: Path) -> None:
        self._fonts = FontConfiguration()
        self._text = sheet.read_text()
        self._sheet = self._read(self._text)
        inside = weasyprint.Attachment(file_obj=io.BytesIO(b"%PDF-1.7"), name="a.pdf", relationship="Source")
        self._make(FIRST, {"pixel": PIXEL}, [inside], self._sheet)

    def typeset(self, head: bytes, html: bytes, *contents: bytes) -> bytes:
        """`head` names the contents: own sheet, pictures, attachments. Raises Refused(fetched)."""
        names: dict[str, Any] = json.loads(head)
        rest = iter(contents)
        own = next(rest).decode() if names["sheet"] else self._text
        # What was sent to be signed is typeset as it was that day; mostly that is the sheet we have.
        sheet = self._sheet if own == self._text else self._read(own)
        pictures = {name: next(rest) for name in names["pictures"]}
        attachments = [
            weasyprint.Attachment(
                file_obj=io.BytesIO(next(rest)),
                name=each["name"],
                description=each["description"],
                relationship=each["relationship"],
            )
            for each in names["attachments"]
        ]
        try:
            return self._make(html.decode(), pictures, attachments, sheet)
        except FatalURLFetchingError:
            raise Refused("fetched") from None

    def _read(self, text: str) -> weasyprint.CSS:
        return weasyprint.CSS(string=text, url_fetcher=AssetFetcher({}), font_config=self._fonts)

    def _make(
        self,
        html: str,
        pictures: Mapping[str, bytes],
        attachments: Sequence[weasyprint.Attachment],
        sheet: weasyprint.CSS,
    ) -> bytes:
        document = weasyprint.HTML(string=html, base_url="app:", url_fetcher=AssetFetcher(pictures))
        made = document.write_pdf(
            stylesheets=[sheet],
            font_config=self._fonts,
            pdf_variant="pdf/a-3a",
            attachments=list(attachments) or None,
        )
        return bytes(made)
