"""The chain of an envelope: what was done to it is named by the first link that does not hold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements import chain
from agreements.control_code import LENGTH, new_control_code, read, shown

BEGAN = datetime(2026, 11, 22, 8, 0, 0, 123456, tzinfo=UTC)
ENVELOPE = 7


def made(count: int = 6) -> list[chain.Link]:
    links: list[chain.Link] = []
    for seq in range(1, count + 1):
        before = links[-1].hash if links else chain.GENESIS
        fields: dict[str, Any] = {
            "seq": seq, "kind": "opened", "at": BEGAN + timedelta(minutes=seq), "actor": f"signatory:{seq}",
            "payload": {"pages": seq, "what": "æøå 🌊"}, "prev_hash": before,
        }  # fmt: skip
        links.append(chain.Link(**fields, hash=chain.link_hash(envelope=ENVELOPE, **fields)))
    return links


def broken(links: list[chain.Link], **named: str) -> int | None:
    return chain.broken_at(links, envelope=ENVELOPE, **named)


def test_a_chain_nobody_touched_holds():
    links = made()
    assert broken(links) is None
    assert broken(links, head=links[-1].hash) is None
    assert broken([]) is None


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("kind", "signed"),
        ("at", BEGAN),
        ("actor", "user:1"),
        ("payload", {"pages": 99}),
        ("prev_hash", "f" * 64),
        ("hash", "f" * 64),
        ("seq", 40),
    ],
)
@pytest.mark.parametrize("number", [1, 3, 6])
def test_each_changed_field_of_each_link_is_found_where_it_is(field, other, number):
    links = made()
    links[number - 1] = replace(links[number - 1], **{field: other})
    assert broken(links) == number


def test_one_that_writes_its_own_hash_anew_is_found_at_the_next():
    links = made()
    third = replace(links[2], payload={"pages": 99})
    right = chain.link_hash(
        envelope=ENVELOPE, seq=3, kind=third.kind, at=third.at, actor=third.actor, payload=third.payload,
        prev_hash=third.prev_hash,
    )  # fmt: skip
    links[2] = replace(third, hash=right)
    assert broken(links) == 4


@pytest.mark.parametrize("number", [1, 2, 5])
def test_one_taken_out_or_moved_is_found(number):
    links = made()
    assert broken(links[: number - 1] + links[number:]) == number
    links[number - 1], links[number] = links[number], links[number - 1]
    assert broken(links) == number


def test_what_is_cut_off_the_end_is_found_by_the_head_alone():
    links = made()
    assert broken(links[:-1]) is None
    assert broken(links[:-1], head=links[-1].hash) == 6


def test_a_chain_does_not_hold_for_another_envelope():
    assert chain.broken_at(made(), envelope=ENVELOPE + 1) == 1


def test_a_commitment_can_be_shown_and_tells_nothing_without_its_salt():
    salt = chain.new_salt()
    assert chain.commitment(salt, "kari@prove.example") == chain.commitment(salt, "kari@prove.example")
    assert chain.commitment(salt, "kari@prove.example") != chain.commitment(
        chain.new_salt(), "kari@prove.example"
    )


def test_json_is_written_one_way_and_refuses_what_has_two():
    assert chain.canonical({"b": 1, "a": ["å", None, True]}) == '{"a":["å",null,true],"b":1}'.encode()
    with pytest.raises(TypeError):
        chain.canonical({"a": 0.1})


# Three numbers are drawn and the leaves made of them: to draw each leaf takes longer than to try them.
@settings(deadline=None)
@given(count=st.integers(1, 40), beginning=st.integers(0, 2**64), place=st.integers(0, 39))
def test_a_root_changes_with_each_leaf_and_with_their_order(count, beginning, place):
    leaves = [chain.digest(str(beginning + number).encode()) for number in range(count)]
    root = chain.merkle_root(leaves)
    at = place % count
    assert chain.merkle_root([*leaves[:at], chain.digest(b"other"), *leaves[at + 1 :]]) != root
    assert chain.merkle_root([*leaves, leaves[0]]) != root
    if len(leaves) > 1:
        assert chain.merkle_root(leaves[1:] + leaves[:1]) != root


def test_a_code_is_read_however_it_is_typed():
    code = new_control_code()
    assert len(code) == LENGTH
    assert read(shown(code)) == read(f"  {shown(code).lower().replace('-', ' ')} ") == read(code) == code
    assert read(code.replace("0", "O").replace("1", "l")) == code
    for odd in ("", "x", code[:-1], code + "A", "U" * LENGTH, "é" * LENGTH, "1" * 10_000):
        assert read(odd) == ""
