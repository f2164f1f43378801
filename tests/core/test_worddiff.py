"""The words that came and went."""

import itertools

import pytest

from samskaping.core.worddiff import worddiff


def texts(old: str, new: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in worddiff(old, new)]


def test_one_word_is_another() -> None:
    assert texts("Vi møtes torsdag.", "Vi møtes onsdag.") == [
        ("same", "Vi møtes "),
        ("removed", "torsdag"),
        ("added", "onsdag"),
        ("same", "."),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("", "ny"),
        ("gammel", ""),
        ("a\nb\nc", "c\na\nb"),
        ("Æ ø å\r\nto", "Æ ø å\nto tre"),
        ("ord " * 3000, "andre " * 3000),
    ],
)
def test_pieces_hold_both_texts_whole(old: str, new: str) -> None:
    pieces = worddiff(old, new)
    assert "".join(p.text for p in pieces if p.kind != "added") == old.replace("\r\n", "\n")
    assert "".join(p.text for p in pieces if p.kind != "removed") == new.replace("\r\n", "\n")
    assert all(one.kind != other.kind for one, other in itertools.pairwise(pieces))
