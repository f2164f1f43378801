"""Six digits: five looks, ten minutes, one use, one person; and no row that tells them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.utils import timezone

from samskaping.core.errors import TooMany
from samskaping.core.models import OneTimeCode, RateLimit
from samskaping.core.models.one_time_code import CodePurpose
from samskaping.core.services import one_time_code as service
from samskaping.core.services.one_time_code import (
    one_time_code_digits,
    one_time_code_make,
    one_time_code_use,
)

pytestmark = pytest.mark.django_db
SIGN_IN, CONTACT = CodePurpose.SIGN_IN, CodePurpose.CONTACT


def code(subject: str = "accounts.user:1", asked_for: str = "kari@prove.example") -> OneTimeCode:
    return one_time_code_make(SIGN_IN, subject=subject, asked_for=asked_for)


def wrong(right: str) -> str:
    return f"{(int(right) + 1) % 10**6:06d}"


def test_right_digits_work_once() -> None:
    made = code()
    digits = one_time_code_digits(made)
    used = one_time_code_use(made.pk, SIGN_IN, f" {digits[:3]} {digits[3:]} ")
    assert used is not None
    assert used.subject == "accounts.user:1"
    assert one_time_code_use(made.pk, SIGN_IN, digits) is None


def test_five_wrong_and_the_right_one_is_too_late() -> None:
    made = code()
    digits = one_time_code_digits(made)
    assert [one_time_code_use(made.pk, SIGN_IN, wrong(digits)) for _ in range(5)] == [None] * 5
    assert one_time_code_use(made.pk, SIGN_IN, digits) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "\0\0\0\0\0\0", "١٢٣٤٥٦", "1" * 10_000])
def test_odd_digits_are_wrong_digits(typed: str) -> None:
    assert one_time_code_use(code().pk, SIGN_IN, typed) is None


def test_ten_minutes() -> None:
    made = code()
    OneTimeCode.objects.filter(pk=made.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert one_time_code_use(made.pk, SIGN_IN, one_time_code_digits(made)) is None


def test_code_for_one_thing_opens_no_other() -> None:
    made = code()
    assert one_time_code_use(made.pk, CONTACT, one_time_code_digits(made)) is None
    assert one_time_code_use(made.pk, SIGN_IN, one_time_code_digits(made)) is not None


def test_newer_code_replaces_the_older() -> None:
    older, newer = code(), code()
    assert one_time_code_use(older.pk, SIGN_IN, one_time_code_digits(older)) is None
    assert one_time_code_use(newer.pk, SIGN_IN, one_time_code_digits(newer)) is not None


def test_nobodys_code_never_works() -> None:
    """Asked for with an address we do not know: looks the same, opens nothing."""
    made = code(subject="")
    assert one_time_code_use(made.pk, SIGN_IN, one_time_code_digits(made)) is None


def test_three_codes_in_fifteen_minutes_whoever_it_is() -> None:
    for subject in ("accounts.user:1", ""):
        asked_for = f"{subject}@prove.example"
        for _ in range(3):
            code(subject, asked_for)
        with pytest.raises(TooMany) as refused:
            code(subject, asked_for)
        assert 0 < refused.value.seconds <= 15 * 60


def test_rows_hold_no_digits_and_no_address() -> None:
    made = code(asked_for="kanarifugl@prove.example")
    kept = f"{list(OneTimeCode.objects.values())} {list(RateLimit.objects.values())}"
    assert one_time_code_digits(made) not in kept
    assert "kanarifugl" not in kept


def test_same_row_gives_the_same_digits_and_another_key_others(settings: object) -> None:
    made = code()
    digits = one_time_code_digits(made)
    assert one_time_code_digits(OneTimeCode.objects.get(pk=made.pk)) == digits
    settings.SECRET_KEY = "another-key-than-the-one-that-was-there-before"  # type: ignore[attr-defined]
    assert one_time_code_digits(made) != digits


def test_digits_are_spread_evenly() -> None:
    made = {one_time_code_digits(OneTimeCode(purpose=SIGN_IN, subject="x")) for _ in range(3000)}
    assert len(made) > 2950
    assert {digits[0] for digits in made} == set("0123456789")


@pytest.mark.django_db(transaction=True)
def test_ten_thousand_guesses_get_five_looks() -> None:
    """T11. From eight threads at once; counted where the digits are compared."""
    made = code()
    looked: list[str] = []
    lock = threading.Lock()
    real = service.one_time_code_digits

    def counted(row: OneTimeCode) -> str:
        with lock:
            looked.append(str(row.pk))
        return real(row)

    def guess(numbers: range) -> int:
        try:
            return sum(one_time_code_use(made.pk, SIGN_IN, f"{n:06d}") is not None for n in numbers)
        finally:
            connection.close()

    right = int(one_time_code_digits(made))
    first = right + 1 if right + 10_000 < 10**6 else 0
    with patch.object(service, "one_time_code_digits", counted), ThreadPoolExecutor(8) as threads:
        won = sum(threads.map(guess, [range(first + k, first + 10_000, 8) for k in range(8)]))
    assert (won, len(looked)) == (0, 5)
