"""The words of a PDF the press made, page by page: to see that two say the same.

Without what stands in the margins: a foot counts pages, and says nothing of what was agreed.
"""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

# Loaded only where a document is frozen or sealed, as pyHanko is.
if TYPE_CHECKING:
    import pikepdf

_BLOCK = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f]*)>")
# The press measures in CSS pixels from the top of the page; the sheet's margins are 22 mm and 24 mm.
_PIXELS = 96 / 25.4
_TOP, _BOTTOM = 21 * _PIXELS, 23 * _PIXELS


def pages_of(pdf: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def same_words(original: bytes, final: bytes) -> bool:
    """Whether the second begins with all the first says, page by page or with other page breaks.

    The press is the same from one day to the next, and then each page is the same to the byte. A newer one
    may break lines elsewhere: then the words are compared.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(original)) as first, pikepdf.open(io.BytesIO(final)) as second:
        count = len(first.pages)
        if count > len(second.pages):
            return False
        pairs = zip(first.pages, list(second.pages)[:count], strict=True)
        if all(_content(one) == _content(other) for one, other in pairs):
            return True
        said = _bare(first.pages)
        return bool(said) and _bare(second.pages).startswith(said)


def words_of(pdf: bytes) -> list[str]:
    """What each page says."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return ["".join(_shown(page)) for page in opened.pages]


def _bare(pages: Any) -> str:
    """Without spaces and hyphens: where a line ends decides about those."""
    return re.sub(r"[\s\u00ad-]+", "", "".join(text for page in pages for text in _shown(page)))


def _content(page: "pikepdf.Page") -> bytes:
    page.contents_coalesce()
    return bytes(page.obj.Contents.read_bytes())


def _shown(page: "pikepdf.Page") -> Iterator[str]:
    import pikepdf

    letters: dict[str, dict[int, str]] = {}
    fonts: Any = page.resources.get("/Font", {})
    height = float(page.mediabox[3]) * 96 / 72
    font: dict[int, str] = {}
    in_margin = False
    for step in pikepdf.parse_content_stream(page, "Tf Tm Tj TJ"):
        operands: Any = step.operands
        name = str(step.operator)
        if name == "Tf":
            key = str(operands[0])
            if key not in letters:
                letters[key] = _letters(fonts[key])
            font = letters[key]
        elif name == "Tm":
            in_margin = not _TOP < float(operands[5]) < height - _BOTTOM
        elif not in_margin:
            parts = operands[0] if name == "TJ" else [operands[0]]
            for part in parts:
                if isinstance(part, pikepdf.String):
                    yield _read(bytes(part), font)


def _read(codes: bytes, letters: dict[int, str]) -> str:
    pairs = (codes[at] << 8 | codes[at + 1] for at in range(0, len(codes) - 1, 2))
    return "".join(letters.get(code, "\ufffd") for code in pairs)


def _letters(font: Any) -> dict[int, str]:
    """Which letter each glyph is, as the font says for those who copy or listen."""
    found: dict[int, str] = {}
    table = font.get("/ToUnicode")
    if table is None:
        return found
    for kind, block in _BLOCK.findall(table.read_bytes()):
        values = [bytes.fromhex(value.decode()) for value in _HEX.findall(block)]
        if kind == b"char":
            for glyph, letter in zip(values[::2], values[1::2], strict=True):
                found[int.from_bytes(glyph)] = letter.decode("utf-16-be", "replace")
        else:
            for low, high, letter in zip(values[::3], values[1::3], values[2::3], strict=True):
                for code in range(int.from_bytes(low), int.from_bytes(high) + 1):
                    step = int.from_bytes(letter) + code - int.from_bytes(low)
                    found[code] = step.to_bytes(len(letter)).decode("utf-16-be", "replace")
    return found
