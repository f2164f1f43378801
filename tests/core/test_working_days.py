"""When the portal may disturb somebody: working days, and hours on the clock in Oslo."""

from datetime import UTC, date, datetime, timedelta

import pytest

from samskaping.core.working_days import (
    OSLO,
    is_working_day,
    may_send,
    may_send_digest,
    next_sending_time,
    next_week_begins,
    next_working_day,
    week_begins,
    working_day_before,
)

CLOSED = {
    "a Saturday": date(2026, 11, 21),
    "a Sunday": date(2026, 11, 22),
    "New Year's Day": date(2027, 1, 1),
    "Maundy Thursday": date(2027, 3, 25),
    "Good Friday": date(2027, 3, 26),
    "Easter Monday": date(2027, 3, 29),
    "1 May": date(2028, 5, 1),
    "17 May": date(2028, 5, 17),
    "Ascension": date(2026, 5, 14),
    "Whit Monday": date(2026, 5, 25),
    "Christmas Eve": date(2026, 12, 24),
    "Christmas Day": date(2026, 12, 25),
    "New Year's Eve": date(2026, 12, 31),
}


@pytest.mark.parametrize("name", CLOSED)
def test_no_reminders_on(name: str) -> None:
    assert not is_working_day(CLOSED[name])


@pytest.mark.parametrize(
    "day", [date(2026, 11, 23), date(2027, 3, 24), date(2028, 2, 29), date(2026, 12, 23), date(2026, 6, 24)]
)
def test_ordinary_days(day: date) -> None:
    assert is_working_day(day)
    assert next_working_day(day) == day


def test_over_easter() -> None:
    assert next_working_day(date(2027, 3, 25)) == date(2027, 3, 30)
    assert working_day_before(date(2027, 3, 30)) == date(2027, 3, 24)
    assert week_begins(date(2027, 3, 31)) == date(2027, 3, 30)
    assert next_week_begins(date(2027, 3, 29)) == date(2027, 3, 30)
    assert next_week_begins(date(2027, 3, 30)) == date(2027, 4, 5)


def oslo(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=OSLO)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("now", "waits", "digest", "urgent"),
    [
        (oslo(2026, 11, 23, 6, 59), False, False, False),
        (oslo(2026, 11, 23, 7, 30), False, True, True),
        (oslo(2026, 11, 23, 8, 0), True, True, True),
        (oslo(2026, 11, 23, 19, 59), True, True, True),
        (oslo(2026, 11, 23, 20, 0), False, False, True),
        (oslo(2026, 11, 23, 22, 0), False, False, False),
        (oslo(2026, 11, 22, 12, 0), False, False, True),
        (oslo(2028, 5, 17, 12, 0), False, False, True),
    ],
)
def test_hours(now: datetime, waits: bool, digest: bool, urgent: bool) -> None:
    assert (may_send(now), may_send_digest(now), may_send(now, urgent=True)) == (waits, digest, urgent)
    assert may_send(now.astimezone(UTC)) is waits, "the clock in Oslo, whatever the server's"


def test_next_time() -> None:
    assert next_sending_time(oslo(2026, 11, 20, 21, 0)) == oslo(2026, 11, 23, 8, 0)
    assert next_sending_time(oslo(2026, 11, 20, 5, 0)) == oslo(2026, 11, 20, 8, 0)
    assert next_sending_time(oslo(2026, 11, 20, 23, 0), urgent=True) == oslo(2026, 11, 21, 7, 0)
    assert next_sending_time(oslo(2026, 11, 23, 9, 0)) == oslo(2026, 11, 23, 9, 0)


@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2026, 10, 25)])
def test_nights_of_summer_time(night: date) -> None:
    """Every minute of the night leads to one and the same morning, and an allowed minute stays."""
    begins = datetime.combine(night - timedelta(days=1), datetime.min.time(), tzinfo=OSLO).astimezone(UTC)
    for minute in range(0, 3 * 24 * 60, 10):
        now = begins + timedelta(minutes=minute)
        then = next_sending_time(now)
        assert then >= now
        assert may_send(then)
        assert is_working_day(then.astimezone(OSLO).date())
