"""The days of what repeats: by the wall's calendar, the same clock all year, and in words people use."""

from datetime import UTC, date, time, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from partnerships.recurrence import Every, Repeats, Times, repeats_of

TUESDAY = date(2026, 9, 1)


def times(repeats, first_on=TUESDAY, **more):
    return Times(first_on, time(10), time(12), repeats.rule(first_on), **more)


def test_every_week_from_the_first_day_on():
    days = times(Repeats(Every.WEEK)).days(date(2026, 8, 1), date(2026, 9, 22))
    assert days == [date(2026, 9, 1), date(2026, 9, 8), date(2026, 9, 15), date(2026, 9, 22)]


def test_every_other_week_counts_from_the_first_one_however_long_ago():
    rule = times(Repeats(Every.TWO_WEEKS, (1, 3)))
    days = rule.days(date(2027, 8, 30), date(2027, 9, 12))
    assert len(days) == 2
    assert all((day - timedelta(days=day.weekday()) - date(2026, 8, 31)).days % 14 == 0 for day in days)
    assert [day.weekday() for day in days] == [1, 3]


def test_the_same_weekday_of_each_month():
    assert times(Repeats(Every.MONTH)).days(date(2026, 9, 1), date(2026, 11, 30)) == [
        date(2026, 9, 1), date(2026, 10, 6), date(2026, 11, 3),
    ]  # fmt: skip


def test_a_fifth_one_is_the_last_of_the_month():
    days = times(Repeats(Every.MONTH), date(2026, 9, 29)).days(date(2026, 9, 1), date(2026, 11, 30))
    assert days == [date(2026, 9, 29), date(2026, 10, 27), date(2026, 11, 24)]


def test_the_last_day_is_with():
    rule = times(Repeats(Every.WEEK, until=date(2026, 9, 15)))
    assert rule.days(TUESDAY, date(2026, 12, 31))[-1] == date(2026, 9, 15)


def test_holidays_are_left_out_unless_somebody_wants_them():
    thursdays = Repeats(Every.WEEK)
    may = date(2027, 5, 6)  # Ascension Day; a Thursday
    first, last = date(2027, 4, 29), date(2027, 5, 13)
    assert may not in times(thursdays, first).days(first, last)
    assert may in times(thursdays, first, skips_holidays=False).days(first, last)
    # One single day is meant by whoever named it.
    assert times(Repeats(), date(2027, 5, 17)).days(first, date(2027, 5, 31)) == [date(2027, 5, 17)]


def test_ten_is_ten_on_both_sides_of_summer_time():
    rule = times(Repeats(Every.WEEK), date(2026, 10, 20))
    begins = [rule.moments(day)[0] for day in rule.days(date(2026, 10, 20), date(2026, 10, 27))]
    assert [at.astimezone(UTC).hour for at in begins] == [8, 9]
    assert [at.hour for at in begins] == [10, 10]


def test_what_ends_after_midnight_ends_on_the_next_day():
    starts_at, ends_at = Times(TUESDAY, time(22), time(2)).moments(TUESDAY)
    assert (ends_at - starts_at) == timedelta(hours=4)


@given(
    st.builds(
        Repeats,
        every=st.sampled_from(Every),
        weekdays=st.sets(st.integers(0, 6)).map(lambda days: tuple(sorted(days))),
        until=st.none() | st.dates(date(2026, 9, 1), date(2030, 1, 1)),
    ),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_what_was_chosen_can_be_read_back(repeats, first_on):
    read = repeats_of(repeats.rule(first_on))
    assert read.every == repeats.every
    if repeats.every != Every.ONCE:
        assert read.until == repeats.until
    if repeats.every in (Every.WEEK, Every.TWO_WEEKS):
        assert read.weekdays == (repeats.weekdays or (first_on.weekday(),))
    if repeats.every == Every.MONTH:
        assert read.weekdays == (first_on.weekday(),)
        assert first_on in times(repeats, first_on, skips_holidays=False).days(first_on, first_on) or (
            repeats.until is not None and repeats.until < first_on
        )


@pytest.mark.parametrize(
    ("repeats", "words"),
    [
        (Repeats(), "tirsdag 1. september 2026 kl. 10.00–12.00"),
        (Repeats(Every.WEEK), "hver tirsdag kl. 10.00–12.00"),
        (Repeats(Every.WEEK, (0, 2, 4)), "hver mandag, onsdag og fredag kl. 10.00–12.00"),
        (Repeats(Every.TWO_WEEKS, (1,)), "annenhver tirsdag kl. 10.00–12.00"),
        (Repeats(Every.MONTH), "første tirsdag i måneden kl. 10.00–12.00"),
        (
            Repeats(Every.WEEK, until=date(2026, 12, 15)),
            "hver tirsdag til og med 15.12.2026 kl. 10.00–12.00",
        ),
    ],
)
def test_in_words(repeats, words):
    with translation.override("nb"):
        assert times(repeats).in_words() == words


@pytest.mark.parametrize(
    ("language", "day"), [("nb", "hver tirsdag"), ("nn", "kvar tysdag"), ("en", "every Tuesday")]
)
def test_day_begins_as_the_language_writes_it(language, day):
    with translation.override(language):
        assert times(Repeats(Every.WEEK)).in_words().startswith(day)
