"""The voluntary register's categories (ICNPO as it is used in Norway): 14 main groups, 32 under them.

The words are data in three languages, because they come from a classification and not from the portal.
"""

import csv
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

_FILE = Path(__file__).parent / "data" / "icnpo.csv"


@cache
def _rows() -> dict[str, dict[str, str]]:
    with _FILE.open(encoding="utf-8", newline="") as source:
        return {row["code"]: row for row in csv.DictReader(source)}


def normal_code(given: str) -> str:
    """«1 100» and «1100» are the same; a code nobody knows is none."""
    code = "".join(given.split())
    return code if code in _rows() else ""


def main_group(code: str) -> str:
    """«1100» → «1», «10100» → «10»; a main group is its own."""
    return code[:-3] if len(code) > 3 else code


def category_name(code: str) -> str:
    """In the language that is active; empty for no category."""
    row = _rows().get(code)
    return row[_language()] if row else ""


def main_groups() -> list[tuple[str, str]]:
    return [(code, category_name(code)) for code in _rows() if len(code) < 3]


def grouped_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """For a list to choose from: each main group with those under it."""
    return [
        (
            name,
            [(sub, category_name(sub)) for sub in _rows() if len(sub) > 3 and main_group(sub) == code],
        )
        for code, name in main_groups()
    ]


def _language() -> str:
    language = (get_language() or "nb")[:2]
    return language if language in ("nb", "nn", "en") else "nb"
