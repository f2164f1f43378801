"""How the problem has been understood: each version, with the words that came and went."""

from dataclasses import dataclass
from datetime import datetime

from partnerships.models import CodesignProcess, ProblemVersion
from samskaping.core.worddiff import Piece, worddiff

# A group that has changed its words so often has no use for the oldest.
VERSIONS_SHOWN = 30


@dataclass(frozen=True)
class VersionRow:
    number: int
    at: datetime
    because: str
    pieces: list[Piece]


def versions_of(process: CodesignProcess) -> list[VersionRow]:
    """Newest first, each beside the one before it. One query."""
    found = list(ProblemVersion.objects.filter(process=process).order_by("-number")[: VERSIONS_SHOWN + 1])
    texts = [version.text for version in found]
    rows = [
        VersionRow(version.number, version.at, version.because, _pieces(old, version.text))
        for version, old in zip(found, [*texts[1:], ""], strict=False)
    ]
    return rows[:VERSIONS_SHOWN]


def _pieces(old: str, new: str) -> list[Piece]:
    """The first version is not all news: there was nothing before it."""
    return worddiff(old or new, new)
