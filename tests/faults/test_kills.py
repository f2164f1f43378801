"""A worker, one of its children or the beat is killed at any moment: nothing is lost, nothing sent twice."""

import pytest

from tests.faults import kills
from tests.faults.place import Place

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("victim", kills.VICTIMS)
def test_killed_at_random(here: Place, victim: str) -> None:
    tally = kills.killed_at_random(here, victims=(victim,), kills=2, each=10)
    assert not tally.failures, tally.failures


@pytest.mark.parametrize("moment", ["after_yes", "before_data"])
def test_killed_at_the_worst_moment(here: Place, moment: str) -> None:
    tally = kills.killed_by_the_mail_server(here, moment, turns=1)
    assert not tally.failures, tally.failures
