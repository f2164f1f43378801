"""Jobs that are poison, too new, rung twice or late, and workers whose clocks are wrong."""

import pytest

from tests.faults import jobs
from tests.faults.place import Place

pytestmark = pytest.mark.fault


def test_poison_among_good(here: Place) -> None:
    tally = jobs.poison_among_good(here, good=100)
    assert not tally.failures, tally.failures


def test_from_a_newer_portal(here: Place) -> None:
    tally = jobs.from_a_newer_portal(here)
    assert not tally.failures, tally.failures


def test_two_beats(here: Place) -> None:
    tally = jobs.two_beats(here, messages=20)
    assert not tally.failures, tally.failures


def test_two_clocks_remind(here: Place) -> None:
    tally = jobs.two_clocks_remind(here, people=10)
    assert not tally.failures, tally.failures


def test_beat_slept(here: Place) -> None:
    tally = jobs.beat_slept(here, messages=10)
    assert not tally.failures, tally.failures


@pytest.mark.parametrize("clock", jobs.CLOCKS)
def test_worker_with_a_wrong_clock(here: Place, clock: int) -> None:
    tally = jobs.worker_with_a_wrong_clock(here, clock, messages=5)
    assert not tally.failures, tally.failures
