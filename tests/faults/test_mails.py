"""Mail servers are away, busy, slow and rude: everything arrives, once."""

import pytest

from tests.faults import mails
from tests.faults.place import Place

pytestmark = pytest.mark.fault


def test_down_then_up(here: Place) -> None:
    tally = mails.down_then_up(here, messages=20)
    assert not tally.failures, tally.failures


def test_in_order(here: Place) -> None:
    tally = mails.in_order(here, messages=30)
    assert not tally.failures, tally.failures


@pytest.mark.parametrize("mode", mails.PASSING)
def test_passing_trouble(here: Place, mode: str) -> None:
    tally = mails.passing_trouble(here, mode, messages=3)
    assert not tally.failures, tally.failures


def test_took_it_and_hung_up(here: Place) -> None:
    tally = mails.took_it_and_hung_up(here)
    assert not tally.failures, tally.failures


def test_refused_for_good(here: Place) -> None:
    tally = mails.refused_for_good(here, messages=5)
    assert not tally.failures, tally.failures
