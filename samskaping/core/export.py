"""Lists as files other programs open: a spreadsheet, or lines with semicolons between.

A cell that begins as a formula would be run by whoever opens it, so it is made plain text: in a CSV with a
mark in front, in a workbook by saying that it is text.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"

Cell = str | int | date | None

# What spreadsheets take for a formula, also behind a line break or a tab.
_RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_WIDEST = 60


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """With a byte order mark and semicolons, as a Norwegian Excel opens it."""
    made = io.StringIO(newline="")
    lines = csv.writer(made, delimiter=";", lineterminator="\r\n")
    lines.writerow([_plain(label) for label in columns])
    for row in rows:
        lines.writerow([_plain(cell) for cell in row])
    return b"\xef\xbb\xbf" + made.getvalue().encode()


def as_xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet; the headings stay in sight."""
    book = openpyxl.Workbook(write_only=True)
    # No name of a sheet may hold these, or be longer.
    sheet = book.create_sheet("".join(char for char in title if char not in "[]:*?/\\")[:31] or "Ark")
    sheet.freeze_panes = "A2"
    all_rows = [list(row) for row in rows]
    for number, label in enumerate(columns):
        longest = max([len(label), *(len(str(row[number] or "")) for row in all_rows)])
        letter = get_column_letter(number + 1)
        sheet.column_dimensions[letter].width = min(longest, _WIDEST) + 2
    sheet.append([_cell(sheet, label, bold=True) for label in columns])
    for row in all_rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    text = _seen(str(cell))
    return f"'{text}" if isinstance(cell, str) and text.lstrip(" ").startswith(_RUN) else text


def _cell(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    text: Any = _seen(value) if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, value=text)
    if isinstance(text, str):
        # «=1+1» is what somebody called it, not a sum.
        cell.data_type = "s"
    if isinstance(value, date):
        cell.number_format = "dd.mm.yyyy"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _seen(text: str) -> str:
    """Without what no such file can hold."""
    return "".join(char for char in text if char >= " " or char in "\t\n\r")
