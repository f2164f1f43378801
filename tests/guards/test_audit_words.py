"""Every verb of the trace has words for those who read it, and no words are left over."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from samskaping.core.audit_words import audit_says, audit_words, verbs_with_words

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("samskaping", "partnerships", "volunteers", "agreements")
RECORDERS = frozenset({"audit_record", "audit_opened"})
# Where a verb is made or handed on, and what it can be. A line that is no longer needed fails.
COMPUTED = {
    "partnerships/services/actor.py": {"unit_added", "volunteercentre_added", "organisation_added"},
    "partnerships/services/actor_edit.py": {
        f"{kind}_{done}"
        for kind in ("unit", "volunteercentre", "organisation")
        for done in ("added", "changed", "ended", "resumed")
    },
    "partnerships/services/first_minutes.py": {"first_steps_put_away", "first_steps_taken_out"},
    "partnerships/services/handover.py": {"duty_leaving", "duty_staying"},
    "partnerships/services/party.py": {"party_accepted", "party_declined"},
    "partnerships/services/phase.py": {
        "phase_moved",
        "partnership_paused",
        "partnership_resumed",
        "partnership_ended",
        "partnership_reopened",
    },
    "partnerships/services/process.py": {
        "process_ended",
        "process_reopened",
        "process_published",
        "process_hidden",
    },
    "partnerships/services/strategy.py": {
        "strategy_confirmed",
        "strategy_change_wished",
        "strategy_dropped",
        "strategy_ended",
    },
    "samskaping/accounts/signals.py": {"factor_added", "factor_removed", "recovery_codes_made"},
    "samskaping/core/services/audit.py": set(),  # audit_opened hands on what it was given
}


def recorded(source: str) -> Iterator[str | None]:
    """The verb of each call; None where it is no plain string."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RECORDERS:
            verb = node.args[0] if node.args else None
            plain = isinstance(verb, ast.Constant) and isinstance(verb.value, str)
            yield verb.value if plain else None  # type: ignore[union-attr]


def everywhere() -> dict[str, set[str | None]]:
    found = {}
    for folder in SOURCES:
        for path in (ROOT / folder).rglob("*.py"):
            verbs = set(recorded(path.read_text()))
            if verbs:
                found[path.relative_to(ROOT).as_posix()] = verbs
    return found


def test_every_verb_has_words_and_no_words_are_stale() -> None:
    found = everywhere()
    assert {path for path, verbs in found.items() if None in verbs} == set(COMPUTED)
    named = {verb for verbs in found.values() for verb in verbs if verb is not None}
    assert named.union(*COMPUTED.values()) == verbs_with_words()


@pytest.mark.parametrize("verb", sorted(verbs_with_words()))
def test_words_take_what_they_are_given(verb: str) -> None:
    said = str(audit_words(verb)) % {"who": "Kari", "role": "ansatt"}
    assert "%" not in said
    assert not said.endswith(".")


def test_a_call_is_seen_and_a_verb_is_named_once() -> None:
    source = 'audit_record("a", x, by=y)\naudit_opened("b", x, by=y)\naudit_record(f"{k}_c", by=y)'
    assert list(recorded(source)) == ["a", "b", None]
    with pytest.raises(ValueError, match="already"):
        audit_says("signed_in", audit_words("signed_in"))
