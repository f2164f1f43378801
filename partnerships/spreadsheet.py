"""Reading a spreadsheet somebody sent: as text, cell by cell, and never more of it than we said.

What a file is, its content says. Nothing in it is run or looked up: a formula is a formula, not its answer.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict

import openpyxl
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from samskaping.core.services.stored_file import FileRefused

MAX_FILE = 5_000_000
MAX_ROWS = 1_000
MAX_COLUMNS = 40
# What a workbook says it unfolds to is read before any of it is unfolded; a real one of a thousand rows is
# far below.
MAX_UNPACKED = 20_000_000
MAX_PARTS = 500
# One more than any of our fields takes: enough to tell that a text is too long.
MAX_TEXT = 1_001
_PIECE = 65_536

UNKNOWN = _("Vi kjenner ikke igjen filen. Bruk et regneark som er lagret som .xlsx eller .csv.")
TOO_LARGE = _("Filen er for stor. Den kan være på høyst 5 MB. Behold bare arket med lista, og prøv igjen.")
TOO_MANY = _("Arket har flere enn %(most)s rader. Del det i flere filer, og ta dem inn hver for seg.")
LOCKED = _("Dette er et eldre eller låst Excel-ark. Lagre det som .xlsx uten passord, og prøv igjen.")
EMPTY = _("Regnearket er tomt. Se etter at lista står på det første arket.")
HIDDEN = _("Alle arkene i filen er skjult. Vis arket med lista, lagre, og prøv igjen.")


class Odd(TypedDict):
    """A cell that is not text: a formula, a date or an error, and what stands there."""

    odd: str
    text: str


Cell = str | Odd


@dataclass
class Sheet:
    """The rows that have something in them, with the numbers they have in the spreadsheet."""

    rows: list[tuple[int, list[Cell]]]
    # Which of several sheets this is; empty for a text file.
    name: str = ""
    # What whoever sent it should know: "hidden", "others", "merged".
    notes: list[str] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def read_sheet(content: bytes, *, most: int = MAX_ROWS) -> Sheet:
    """At most so many rows under the headings. Raises FileRefused, in words that say what would do."""
    if len(content) > MAX_FILE:
        raise FileRefused(TOO_LARGE)
    if content.startswith(b"PK\x03\x04"):
        sheet = _workbook(content, most)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(LOCKED)
    else:
        sheet = Sheet(_kept(_lines(_decoded(content)), most))
    if not sheet.rows:
        raise FileRefused(EMPTY)
    return sheet


def text_of(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell["text"]


def _kept(rows: Iterable[list[Cell]], most: int) -> list[tuple[int, list[Cell]]]:
    """Raises FileRefused at the first row too many, without reading on."""
    kept: list[tuple[int, list[Cell]]] = []
    for number, row in enumerate(rows, 1):
        while row and not row[-1]:
            row.pop()
        if not row:
            continue
        if len(kept) > most:  # and one for the headings
            raise FileRefused(TOO_MANY % {"most": number_format(most, force_grouping=True)})
        kept.append((number, row))
    return kept


def _text(value: str) -> str:
    """On one line, without what cannot be seen."""
    seen = "".join(char for char in value if char.isprintable() or char.isspace())
    return " ".join(seen.split())[:MAX_TEXT]


# --- .csv --------------------------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    """Raises FileRefused for what is no text: a program is not a list of clubs, whatever it is called."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if re.search(r"[\x00-\x08\x0e-\x1f]", text) is None:
            return text
    raise FileRefused(UNKNOWN)


def _lines(text: str) -> Iterator[list[Cell]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";\t,", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            yield [_text(cell) for cell in row[:MAX_COLUMNS]]
    except csv.Error:
        raise FileRefused(UNKNOWN) from None


# --- .xlsx -------------------------------------------------------------------------------------------


def _workbook(content: bytes, most: int) -> Sheet:
    try:
        merged = _look_through(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        with closing(book):
            return _first_visible(book, most, merged=merged)
    except FileRefused:
        raise
    except Exception as error:
        # Every broken workbook is broken in its own way, in any of the libraries under openpyxl.
        raise FileRefused(UNKNOWN) from error


def _look_through(content: bytes) -> bool:
    """Whether cells are merged. Raises FileRefused for a bomb, by what it says of itself.

    `zipfile` unfolds no more than what is said, so one that lies breaks instead.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise FileRefused(TOO_LARGE)
        if any(_holds(packed, part, b"<!DOCTYPE") for part in parts):
            # No spreadsheet has one; what it is for is to unfold into more than it says.
            raise FileRefused(UNKNOWN)
        sheets = [part for part in parts if part.filename.startswith("xl/worksheets/sheet")]
        return any(_holds(packed, part, b"<mergeCell ") for part in sheets)


def _holds(packed: zipfile.ZipFile, part: zipfile.ZipInfo, words: bytes) -> bool:
    with packed.open(part) as source:
        last = b""
        while piece := source.read(_PIECE):
            if words in last + piece:
                return True
            last = piece[-len(words) :]
    return False


def _first_visible(book: Any, most: int, *, merged: bool) -> Sheet:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise FileRefused(HIDDEN)
    sheet = visible[0]
    # How large the sheet says it is, is not how large it is.
    sheet.reset_dimensions()
    rows = ([_cell(cell) for cell in row] for row in sheet.iter_rows(max_col=MAX_COLUMNS))
    notes = {
        "hidden": len(visible) < len(book.worksheets),
        "others": len(visible) > 1,
        "merged": merged,
    }
    return Sheet(
        _kept(rows, most), name=str(sheet.title), notes=[note for note, is_so in notes.items() if is_so]
    )


def _cell(cell: Any) -> Cell:
    """As it reads in the sheet. Text that begins with = + - or @ is text: only a formula is a formula."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e"):
        return Odd(odd="formula" if cell.data_type == "f" else "error", text=_text(str(value)))
    if isinstance(value, datetime | date):
        return Odd(odd="date", text=f"{value:%d.%m.%Y}")
    if isinstance(value, time | timedelta):
        return Odd(odd="date", text=str(value))
    if isinstance(value, float):
        # A number of nine digits is written as one, whatever the sheet keeps it as.
        return str(int(value)) if value.is_integer() else _text(str(value).replace(".", ","))
    return _text(str(value))
