"""Exactly as many as allowed, also at the same moment, and with Redis away."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from samskaping.core.errors import TooMany
from samskaping.core.models import RateLimit
from samskaping.core.services.rate_limit import rate_limit_hit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def passes(what: str = "try", who: str = "kari", *, at_most: int = 3) -> bool:
    try:
        rate_limit_hit(what, who, at_most=at_most, within=HOUR)
    except TooMany:
        return False
    return True


def test_so_many_and_no_more() -> None:
    assert [passes() for _ in range(5)] == [True, True, True, False, False]


def test_everybody_and_everything_counts_alone() -> None:
    for _ in range(4):
        passes()
    assert passes(who="ola")
    assert passes(what="another")


def test_begins_anew_when_the_time_is_over() -> None:
    for _ in range(4):
        passes()
    RateLimit.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert [passes() for _ in range(4)] == [True, True, True, False]


def test_says_how_long() -> None:
    for _ in range(3):
        passes()
    with pytest.raises(TooMany) as refused:
        rate_limit_hit("try", "kari", at_most=3, within=HOUR)
    assert 3590 <= refused.value.seconds <= 3600


def test_row_does_not_tell_whom_it_counts(settings: object) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"  # type: ignore[attr-defined]
    passes(who="kanarifugl@prove.example")
    assert "kanarifugl" not in str(list(RateLimit.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_a_thousand_at_once_and_exactly_so_many_pass() -> None:
    def some(_thread: int) -> int:
        try:
            return sum(passes(at_most=37) for _ in range(125))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(some, range(8))) == 37
