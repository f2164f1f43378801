"""PostgreSQL may go at any moment: what was answered stands, the rest says «try again»."""

import pytest

from tests.faults import databases
from tests.faults.place import Place

pytestmark = pytest.mark.fault


def test_restarted_at_once(here: Place) -> None:
    tally = databases.restarted(here, restarts=2, each=10)
    assert not tally.failures, tally.failures


def test_connections_ended(here: Place) -> None:
    tally = databases.connections_ended(here, ends=5, each=5)
    assert not tally.failures, tally.failures


def test_row_held_by_another(here: Place) -> None:
    tally = databases.row_held_by_another(here, turns=1)
    assert not tally.failures, tally.failures


def test_promised_crosswise(here: Place) -> None:
    tally = databases.promised_crosswise(here, rounds=10, each=300)
    assert not tally.failures, tally.failures
