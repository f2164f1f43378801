"""Which words came and which went between two versions of a text. Shown by components/word_diff.html."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# More words than this in one stretch of changed lines are told as whole lines: comparing is quadratic.
_WORDS_AT_MOST = 2000


class Piece(NamedTuple):
    kind: Literal["same", "added", "removed"]
    text: str


def worddiff(old: str, new: str) -> list[Piece]:
    """The two texts as one: what is the same, what is added, what is removed, in reading order.

    Lines are compared first and words only inside the lines that differ, so that a long text stays quick and
    a moved line is not told as a hundred words.
    """
    return list(_joined(_lines(_plain(old), _plain(new))))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _lines(old: str, new: str) -> Iterator[Piece]:
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i1:i2]))
        else:
            yield from _words("".join(before[i1:i2]), "".join(after[j1:j2]))


def _words(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if not before or not after or len(before) + len(after) > _WORDS_AT_MOST:
        yield Piece("removed", old)
        yield Piece("added", new)
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i1:i2]))
        else:
            yield Piece("removed", "".join(before[i1:i2]))
            yield Piece("added", "".join(after[j1:j2]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Without empty pieces, and neighbours of one kind as one."""
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last is not None and last.kind == piece.kind:
            last = Piece(last.kind, last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
