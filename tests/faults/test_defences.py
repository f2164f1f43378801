"""The scenarios can fail: with one defence taken away, in a process of the test's own, they do."""

from collections.abc import Iterator

import pytest

from tests.faults import databases, jobs, kills, losses
from tests.faults.place import Place

pytestmark = pytest.mark.fault


@pytest.fixture
def hurried(here: Place) -> Iterator[Place]:
    """What never settles need not be waited for."""
    usual, here.within = here.within, 4.0
    yield here
    here.within = usual


def test_without_lease_letters_come_twice(here: Place) -> None:
    # Fewer letters than hands, and each takes longer than it is from ring to ring: the second ring for one
    # finds a free hand while the first is at it.
    assert jobs.two_beats(here, messages=3, pause=1.3, without="lease").failures


def test_on_a_clock_of_its_own_a_worker_takes_what_another_holds(here: Place) -> None:
    tally = jobs.worker_with_a_wrong_clock(here, 3 * 3600, messages=5, without="database_clock")
    assert any("taken from its holder" in failure for failure in tally.failures)


def test_without_the_unique_constraint_promises_stand_twice(here: Place) -> None:
    here.sql("ALTER TABLE core_outbox DROP CONSTRAINT outbox_promised_once")
    try:
        assert databases.promised_crosswise(here, rounds=2, each=20).failures
    finally:
        here.sql("TRUNCATE core_outbox CASCADE")
        here.sql("ALTER TABLE core_outbox ADD CONSTRAINT outbox_promised_once UNIQUE (kind, key)")


def test_without_robust_ringing_redis_reaches_the_visitor(here: Place) -> None:
    tally = losses.redis_away_from_web(here, posts=3, without="robust")
    assert any(failure.startswith("post 0") for failure in tally.failures)


def test_without_the_sweep_letters_are_lost(hurried: Place) -> None:
    hurried.sink.pause = 0.3  # so that some still stand in Redis when it forgets them
    assert losses.redis_lost(hurried, ways=("flushed",), losses=1, each=20, without="sweep").failures


def test_without_trying_again_to_record_letters_come_twice(here: Place) -> None:
    tally = databases.row_held_by_another(here, turns=1, without="record")
    assert any("came again" in failure for failure in tally.failures)


def test_a_kill_nobody_made_explains_nothing(here: Place) -> None:
    """A letter that came again is only excused by somebody struck down right after the first."""
    tally = kills.killed_by_the_mail_server(here, "after_yes", turns=1, confess=False)
    assert any("nobody was killed" in failure for failure in tally.failures)
