"""What documents are typeset with: three fonts, a sheet, and a font list that holds nothing else.

    build/pdf/fonts/Inter-*.ttf   regular, bold and italic, each one plain file with all our latin letters
    build/pdf/fonts.conf          makes those three the only fonts there are, whatever the machine has
    build/pdf/document.css        the sheets of samskaping/press with the design system's values written in

`samskaping/assets.py` calls this at set-up; neither imports Django.
"""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont


class Cut(NamedTuple):
    """One of the three: its file, what it is called inside, and what Fontsource calls its kind."""

    file: str
    name: str
    weight: int
    source: str


CUTS = (
    Cut("Inter-Regular.ttf", "Regular", 400, "normal"),
    Cut("Inter-Bold.ttf", "Bold", 650, "normal"),
    Cut("Inter-Italic.ttf", "Italic", 400, "italic"),
)
# In this order: a letter that stands in two is the first one's.
LETTERS = ("latin", "latin-ext", "vietnamese")
SOURCES = tuple(f"inter-{letters}-wght-{kind}.woff2" for kind in ("normal", "italic") for letters in LETTERS)
FEATURES = ["kern", "mark", "ccmp", "locl", "tnum"]
# `cwd`: the folder may lie anywhere (a checkout, an image), and the press starts in it.
FONT_LIST = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir prefix="cwd">fonts</dir></fontconfig>
"""
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")


def made(sources: dict[str, Path], code_points: list[int]) -> dict[str, bytes]:
    """Each file under build/pdf/ by its name. Raises KeyError for a variable the theme does not have."""
    files = {
        f"fonts/{cut.file}": _plain_font(
            [sources[f"inter-{letters}-wght-{cut.source}.woff2"] for letters in LETTERS],
            cut,
            code_points,
        )
        for cut in CUTS
    }
    sheets = (sources[name].read_text() for name in ("document", "handouts", "agreement"))
    sheet = written_out("\n".join(sheets), sources["theme"].read_text())
    return {**files, "fonts.conf": FONT_LIST.encode(), "document.css": sheet.encode()}


def written_out(sheet: str, theme: str) -> str:
    """The sheet with the theme's light values in place of variables: its 190 kB are parsed once, here."""

    def value(name: str) -> str:
        found = re.search(rf"{re.escape(name)}\s*:\s*([^;}}]+)", theme)  # light comes first in the file
        if found is None:
            raise KeyError(name)
        return _VARIABLE.sub(lambda inner: value(inner[1]), found[1].strip())

    return _VARIABLE.sub(lambda variable: value(variable[1]), sheet)


def _plain_font(sources: list[Path], cut: Cut, code_points: list[int]) -> bytes:
    """One static TrueType file out of Fontsource's: latin, its extension, and what Vietnamese has beside."""
    from fontTools.merge import Merger

    with tempfile.TemporaryDirectory() as folder:
        parts, missing = [], set(code_points)
        for source in sources:
            part = Path(folder) / f"{source.stem}.ttf"
            still = _still(source, cut.weight, sorted(missing))
            missing -= set(still.getBestCmap())
            still.save(part)
            parts.append(str(part))
        font = Merger().merge(parts)
    _name(font, cut)
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def _still(source: Path, weight: int, code_points: list[int]) -> TTFont:
    """The letters we use, at one weight, without the tables that would still let it vary."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(Options(layout_features=FEATURES, hinting=False, notdef_outline=True))
    subsetter.populate(unicodes=code_points)
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"wght": weight}, inplace=True)
    font.flavor = None
    for table in ("STAT", "avar", "HVAR", "MVAR"):
        if table in font:
            del font[table]
    return font


def _name(font: Any, cut: Cut) -> None:
    """Names and flags by which fontconfig tells the three apart."""
    names = {1: "Inter", 2: cut.name, 4: f"Inter {cut.name}", 6: f"Inter-{cut.name}"}
    font["name"].names = []
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    bold, italic = cut.name == "Bold", cut.name == "Italic"
    font["OS/2"].usWeightClass = 700 if bold else 400
    font["OS/2"].fsSelection = (0x20 if bold else 0) | (0x01 if italic else 0) or 0x40
    font["head"].macStyle = (0x01 if bold else 0) | (0x02 if italic else 0)
    font["head"].created = font["head"].modified = 0
