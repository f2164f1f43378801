"""Redis is only the doorbell: whatever happens to it, nothing is lost and nobody at the web notices."""

import pytest

from tests.faults import losses
from tests.faults.place import Place

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("way", losses.WAYS)
def test_redis_lost(here: Place, way: str) -> None:
    tally = losses.redis_lost(here, ways=(way,), losses=1, each=20)
    assert not tally.failures, "\n".join(tally.failures)


def test_redis_away_from_web(here: Place) -> None:
    tally = losses.redis_away_from_web(here, posts=20)
    assert not tally.failures, "\n".join(tally.failures)
