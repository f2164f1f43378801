"""Norwegian order, in Python and in the database alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samskaping.core.text import sort_key
from tests.factories.core import MunicipalityFactory

IN_ORDER = [
    "Aurskog-Høland",
    "Bodø",
    "Čáhcesuolu",
    "Evje",
    "Leka",
    "Lødingen",
    "Øksnes",
    "Østre Toten",
    "Ål",
    "Åsnes",
]


def test_norwegian_order() -> None:
    assert sorted(set(IN_ORDER), key=sort_key) == IN_ORDER


@pytest.mark.parametrize(
    ("one", "other"),
    [("ÅS", "ås"), ("Vågå", "Va\u030aga\u030a"), ("Nore og Uvdal", "nore  og uvdal"), ("Äe", "æe")],
)  # fmt: skip
def test_same_place(one: str, other: str) -> None:
    assert sort_key(one) == sort_key(other)


@pytest.mark.parametrize(
    ("first", "second"), [("z", "æ"), ("æ", "ø"), ("ø", "å"), ("aa", "b"), ("Sel", "Selbu")]
)
def test_comes_before(first: str, second: str) -> None:
    assert sort_key(first) < sort_key(second)


@given(st.text(max_size=40))
def test_any_text_gets_a_key_once_and_for_all(text: str) -> None:
    key = sort_key(text)
    assert key == key.strip()
    assert sort_key(text.swapcase()) == sort_key(text.swapcase().lower()) or not text.isascii()


@pytest.mark.django_db
def test_database_sorts_as_python_does() -> None:
    from samskaping.core.models import Municipality

    for position, name in enumerate(reversed(IN_ORDER)):
        MunicipalityFactory.create(number=f"{9000 + position}", name=name)
    assert [m.name for m in Municipality.objects.all()] == IN_ORDER
