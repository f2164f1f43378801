"""The web process may be killed, restarted under load, and asked the same thing twice."""

import pytest

from tests.faults import webs
from tests.faults.place import Place

pytestmark = pytest.mark.fault


def test_killed_between_commit_and_ring(here: Place) -> None:
    tally = webs.killed_between_commit_and_ring(here, turns=1)
    assert not tally.failures, tally.failures


def test_pressed_twice(here: Place) -> None:
    tally = webs.pressed_twice(here, rounds=3)
    assert not tally.failures, tally.failures


def test_restarted_under_load(here: Place) -> None:
    tally = webs.restarted_under_load(here, restarts=1, people=4, messages=10)
    assert not tally.failures, tally.failures
