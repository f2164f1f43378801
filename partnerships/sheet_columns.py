"""What the columns of somebody's spreadsheet mean: shared by all that is taken in from one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.spreadsheet import Cell, Sheet, text_of
from samskaping.core.sms import normal_number
from samskaping.core.text import sort_key

# How far down the headings may stand: over them is often a title and a date.
_HEADINGS_WITHIN = 10
# How much of a cell is repeated beside what is wrong with it.
SHOWN = 40
# What is said of a cell that is not text.
ODD = {
    "formula": gettext_lazy("Cellen er en formel. Kopier den, og lim den inn igjen som verdi."),
    "date": gettext_lazy("Regnearket har gjort cellen om til en dato. Gjør den om til tekst."),
    "error": gettext_lazy("Cellen viser en feil i regnearket."),
}


def plain(text: str) -> str:
    """«E-post (felles)» and «epost» are the same."""
    return sort_key(re.sub(r"\(.*?\)", "", text)).replace(" ", "")


def spelled(words: Mapping[Any, str]) -> dict[str, Any]:
    """Each of the spellings, several in a string, to what it means."""
    return {plain(spelling): key for key, spellings in words.items() for spelling in spellings.split()}


class Headings:
    """How columns are called in the spreadsheets that are about: field → spellings."""

    def __init__(self, spellings: Mapping[str, str]) -> None:
        self._field_of = spelled(spellings)

    def guess(self, headings: Sequence[str]) -> dict[str, str]:
        """Column → field, for those that are recognised; the first of two that mean the same."""
        found: dict[str, str] = {}
        for column, heading in enumerate(headings):
            field = self._field_of.get(plain(heading))
            if field and field not in found.values():
                found[str(column)] = field
        return found

    def at(self, rows: Iterable[tuple[int, list[Cell]]]) -> int | None:
        """Which of the first rows is the headings: where most are recognised. None for a sheet without."""
        first = [
            self.guess([text_of(cell) for cell in row]) for _number, row in list(rows)[:_HEADINGS_WITHIN]
        ]
        best = max(range(len(first)), key=lambda index: len(first[index]))
        return best if first[best] else None

    def guessed(self, sheet: Sheet) -> dict[str, str]:
        at = self.at(sheet.rows)
        return {} if at is None else self.guess([text_of(cell) for cell in sheet.rows[at][1]])

    def data_rows(self, sheet: Sheet) -> list[tuple[int, list[Cell]]]:
        at = self.at(sheet.rows)
        return sheet.rows if at is None else sheet.rows[at + 1 :]

    def columns_in(self, sheet: Sheet) -> "list[Column]":
        at = self.at(sheet.rows)
        headings = [] if at is None else [text_of(cell) for cell in sheet.rows[at][1]]
        below = [cells for _number, cells in self.data_rows(sheet)]
        width = max([len(headings), *(len(cells) for cells in below)])
        found = []
        for index in range(width):
            here = (text_of(cells[index]) for cells in below if index < len(cells))
            example = next((text for text in here if text), "")
            heading = headings[index] if index < len(headings) else ""
            if heading or example:
                letter = chr(ord("A") + index) if index < 26 else f"A{chr(ord('A') + index - 26)}"
                found.append(Column(index, heading or _("Kolonne %(letter)s") % {"letter": letter}, example))
        return found


@dataclass(frozen=True)
class Column:
    """One of the spreadsheet's, with its heading (or letter) and what stands first in it."""

    index: int
    heading: str
    example: str


def phone(text: str) -> str:
    """Raises ValidationError, as the others here."""
    number = normal_number(text) if text else ""
    if text and not number:
        raise ValidationError(_("Skriv åtte sifre, eller begynn med + og landskoden."))
    return number


def postal_code(text: str) -> str:
    """«150» is what a spreadsheet makes of «0150»."""
    if not text:
        return ""
    if re.fullmatch(r"[0-9]{3,4}", text) is None:
        raise ValidationError(_("Et postnummer har fire sifre."))
    return text.zfill(4)


def known_word(text: str, known: Mapping[str, Any], choices: Iterable[Any] = ()) -> Any:
    """By its label, or another word for it."""
    found = known.get(plain(text))
    if found is not None:
        return found
    told = ", ".join(str(choice) for choice in choices)
    if told:
        raise ValidationError(_("Vi kjenner ikke dette. Velg mellom: %(choices)s.") % {"choices": told})
    raise ValidationError(_("Vi kjenner ikke dette."))


def known_words(text: str, known: Mapping[str, Any], choices: Iterable[Any] = ()) -> list[str]:
    """Several of them, with commas or semicolons between; each once."""
    labels = list(choices)
    parts = [part for part in re.split(r"[,;/|]", text) if part.strip()]
    return list(dict.fromkeys(str(known_word(part, known, labels)) for part in parts))
