"""Letters that documents cannot show: our three fonts have the latin ones, and no machine's fonts are used.

What is signed must show what was written, and an empty box in its place does not.
"""

import html
import re
import unicodedata
from functools import cache

from samskaping.press.keeper import FOLDER

_TAG = re.compile(r"<[^>]*>")
# Nothing is drawn for them, and they only join letters or let a line end.
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


def not_shown(page: str) -> list[str]:
    """Each letter of a page (HTML) that no font of ours has, once; one nobody sees by its number."""
    text = unicodedata.normalize("NFC", html.unescape(_TAG.sub(" ", page)))
    odd = {letter for letter in text if not letter.isspace()} - _UNSEEN - _letters()
    return [letter if letter.isprintable() else f"U+{ord(letter):04X}" for letter in sorted(odd)]


@cache
def _letters() -> frozenset[str]:
    from fontTools.ttLib import TTFont

    with TTFont(FOLDER / "fonts" / "Inter-Regular.ttf") as font:
        return frozenset(map(chr, font.getBestCmap()))
