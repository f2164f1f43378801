"""Notices are made once, wait for their day and hour, and leave once."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from partnerships.models import Absence, Notice, Person
from partnerships.models.notice import NoticeState
from partnerships.services.notice import notices_check, notices_derive, notices_queue
from samskaping.accounts.permissions import Role
from samskaping.core.models import Outbox
from samskaping.core.working_days import OSLO, is_working_day, may_send
from tests.factories.partnerships import PersonFactory, member
from tests.partnerships.conftest import Town
from tests.partnerships.noticing import (
    KIND,
    MONDAY,
    THURSDAY,
    Clock,
    Source,
    at,
    deliver,
    only,
    round_of,
    states,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Any:
    with only(Source) as source:
        source.register()
        yield source


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(at(THURSDAY))
    return clock


def person(town: Town, **fields: Any) -> Person:
    given = {"municipality": town.municipality, "email": "kari@prove.example", "digest": "at_once", **fields}
    return PersonFactory.create(**given)


# --- Made once ------------------------------------------------------------------------------------
def test_made_once_however_often(town: Town, source: Source, clock: Clock) -> None:
    source.tell(person(town), tell_on=THURSDAY)
    for _ in range(3):
        round_of(at(THURSDAY))
    assert states() == ["queued"]
    assert Outbox.objects.count() == 1
    assert deliver() == ["sent"]
    round_of(at(THURSDAY, 10))
    assert (states(), deliver(), len(mail.outbox)) == (["sent"], [], 1)
    assert Notice.objects.get().done_at is not None


def test_not_made_again_on_another_channel(town: Town, source: Source, clock: Clock) -> None:
    kari = person(town, phone="+4790212345")
    source.tell(kari, tell_on=THURSDAY)
    round_of(at(THURSDAY))
    Person.objects.filter(pk=kari.pk).update(channel="sms")
    source.dues[:] = []
    source.tell(Person.objects.get(pk=kari.pk), tell_on=THURSDAY)
    round_of(at(THURSDAY))
    assert Notice.objects.count() == 1


def test_one_source_in_trouble_stops_no_other(town: Town, source: Source, clock: Clock) -> None:
    broken = Source()
    broken.dues = [None]  # type: ignore[list-item]
    with only(Source) as good:
        broken.register("broken")
        good.register()
        good.tell(person(town), tell_on=THURSDAY)
        round_of(at(THURSDAY))
        assert states() == ["queued"]


def test_database_refuses_a_second(town: Town) -> None:
    fields: dict[str, Any] = {
        "municipality": town.municipality,
        "person": person(town),
        "kind": KIND,
        "object_type": "x",
        "object_id": "1",
        "due_on": THURSDAY,
        "tell_on": THURSDAY,
        "channel": "email",
    }
    Notice.objects.create(**fields)
    with pytest.raises(IntegrityError, match="notice_once"), transaction.atomic():
        Notice.objects.create(**fields)


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once(town: Town, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """Side by side, several times over: every notice once, and one promise for each."""
    monkeypatch.setattr("samskaping.core.services.outbox._call", lambda: None)
    for number in range(30):
        source.tell(person(town, email=f"p{number}@prove.example"), tell_on=THURSDAY)
    barrier = threading.Barrier(4)
    trouble: list[Exception] = []

    def beat() -> None:
        try:
            barrier.wait()
            round_of(at(THURSDAY))
            round_of(at(THURSDAY))
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=beat) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []
    round_of(at(THURSDAY))
    assert states() == ["queued"] * 30
    assert Outbox.objects.count() == 30


def to_us() -> list[str]:
    """Without Monday's e-mail to the town's coordinator."""
    return [message.to[0] for message in mail.outbox if message.to[0].startswith(("p-", "p0", "p1", "p2"))]


# --- Its day and hour -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("tell_on", "due_on", "moved"),
    [
        (date(2026, 11, 28), date(2027, 1, 1), date(2026, 11, 30)),  # a Saturday
        (date(2026, 12, 24), date(2027, 1, 1), date(2026, 12, 28)),
        (date(2027, 3, 26), date(2027, 4, 9), date(2027, 3, 30)),  # Easter
        (date(2027, 3, 26), date(2027, 3, 30), date(2027, 3, 24)),  # the day after Easter is too late
        (date(2028, 2, 29), date(2028, 3, 14), date(2028, 2, 29)),
        (date(2028, 5, 17), date(2028, 6, 1), date(2028, 5, 18)),
    ],
)
def test_moved_to_a_working_day(town: Town, source: Source, tell_on: date, due_on: date, moved: date) -> None:
    source.tell(person(town), tell_on=tell_on, due_on=due_on)
    notices_derive(tell_on - timedelta(days=10))
    assert Notice.objects.get().tell_on == moved


def test_seen_before_it_leaves(town: Town, source: Source, clock: Clock) -> None:
    source.tell(person(town), tell_on=THURSDAY + timedelta(days=6))
    round_of(at(THURSDAY))
    assert states() == ["coming"]


@pytest.mark.parametrize("now", [at(THURSDAY, 7, 59), at(THURSDAY, 20), at(date(2026, 11, 28), 12)])
def test_waits_for_the_hour(town: Town, source: Source, clock: Clock, now: datetime) -> None:
    source.tell(person(town), tell_on=THURSDAY)
    round_of(clock.set(now))
    assert states() == ["coming"]


def test_urgent_comes_on_a_sunday_but_not_at_night(town: Town, clock: Clock) -> None:
    sunday = date(2026, 11, 29)
    with only(Source) as source:
        source.register(urgent=True)
        source.tell(person(town, digest="monday"), tell_on=sunday)
        round_of(clock.set(at(sunday, 6, 50)))
        assert states() == ["coming"]
        round_of(clock.set(at(sunday, 7)))
        assert states() == ["queued"]
        clock.set(at(sunday, 22))
        assert deliver() == ["waiting"]
        assert Outbox.objects.get().due_at == at(sunday + timedelta(days=1), 7)
        assert Outbox.objects.get().attempts == 0, "waiting for the morning is no failed try"


def test_promised_in_time_but_delivered_late_waits_for_morning(
    town: Town, source: Source, clock: Clock
) -> None:
    source.tell(person(town), tell_on=THURSDAY)
    round_of(clock.set(at(THURSDAY, 19, 50)))
    clock.set(at(THURSDAY, 20, 1))
    assert deliver() == ["waiting"]
    Outbox.objects.update(due_at=timezone.now() - timedelta(days=400))
    clock.set(at(THURSDAY + timedelta(days=1), 8))
    assert deliver() == ["sent"]


@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2026, 10, 25), date(2028, 2, 29)])
def test_each_once_over_the_odd_days(town: Town, source: Source, clock: Clock, night: date) -> None:
    """Beat every ten minutes for four days around it, asleep for three hours in the middle of a morning."""
    for number in range(-1, 3):
        source.tell(
            person(town, email=f"p{number}@prove.example"),
            tell_on=night + timedelta(days=number),
            due_on=night + timedelta(days=30),
        )
    begins = datetime.combine(night - timedelta(days=1), datetime.min.time(), tzinfo=OSLO).astimezone(UTC)
    for minute in range(0, 5 * 24 * 60, 10):
        now = begins + timedelta(minutes=minute)
        if 7 * 60 + 30 <= minute % (24 * 60) <= 10 * 60 + 30:
            continue
        clock.set(now)
        before = len(to_us())
        notices_queue(now)
        if minute % 60 == 0:
            notices_derive(now.astimezone(OSLO).date())
        deliver()
        if len(to_us()) > before:
            assert may_send(now)
            assert is_working_day(now.astimezone(OSLO).date())
    assert states() == ["sent"] * 4
    assert sorted(to_us()) == sorted(f"p{number}@prove.example" for number in range(-1, 3))


# --- Reasons that go, people who are away ---------------------------------------------------------
def test_reason_gone_is_not_sent(town: Town, source: Source, clock: Clock) -> None:
    kari = person(town)
    source.tell(kari, tell_on=THURSDAY)
    round_of(at(THURSDAY))
    source.gone.add(kari.pk)
    assert deliver() == ["dropped"]
    assert (states(), mail.outbox) == (["dropped"], [])


def test_lists_are_kept_true(town: Town, source: Source, clock: Clock) -> None:
    kari = person(town)
    source.tell(kari, tell_on=THURSDAY + timedelta(days=5))
    round_of(at(THURSDAY))
    assert notices_check() == 0
    source.gone.add(kari.pk)
    assert (notices_check(), states()) == (1, ["dropped"])


def test_who_is_away_is_reminded_when_back(town: Town, source: Source, clock: Clock) -> None:
    membership = member(town.municipality, Role.COORDINATOR)
    assert membership.person is not None
    Person.objects.filter(pk=membership.person.pk).update(digest="at_once")
    absence = Absence.objects.create(
        municipality=town.municipality, membership=membership, away_from=THURSDAY, away_to=MONDAY
    )
    source.tell(Person.objects.get(pk=membership.person.pk), tell_on=THURSDAY)
    round_of(at(THURSDAY))
    round_of(clock.set(at(MONDAY)))
    assert states() == ["coming"]
    back = absence.away_to + timedelta(days=1)
    round_of(clock.set(at(back)))
    assert states() == ["queued"]


# --- Channels -------------------------------------------------------------------------------------
POST = {"street": "Prøveveien 1", "postal_code": "9901", "post_town": "Fjordvik"}


def test_letters_and_calls_are_listed_on_their_day(town: Town, source: Source, clock: Clock) -> None:
    source.tell(person(town, email="", channel="letter", **POST), tell_on=THURSDAY)
    source.tell(person(town, email="", channel="phone", phone="+4755212345"), tell_on=MONDAY)
    round_of(at(THURSDAY, 7))
    assert states() == ["listed", "coming"]
    round_of(at(MONDAY, 7))
    assert states() == ["listed", "listed"]
    assert Outbox.objects.count() == 0


def test_nobody_is_lost_for_want_of_an_address(town: Town, source: Source, clock: Clock) -> None:
    source.tell(person(town, email=""), tell_on=THURSDAY)
    round_of(at(THURSDAY))
    notice = Notice.objects.get()
    assert (notice.state, notice.problem) == (NoticeState.FAILED, "no_address")


def test_channel_is_the_one_she_has_when_it_leaves(
    town: Town, source: Source, clock: Clock, monkeypatch: Any
) -> None:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "partnerships.notice_messages.send_sms", lambda _row, *, number, text: sent.append((number, text))
    )
    kari = person(town, phone="+4790212345")
    source.tell(kari, tell_on=THURSDAY)
    round_of(at(THURSDAY, 6))
    Person.objects.filter(pk=kari.pk).update(channel="sms")
    notices_queue(at(THURSDAY))
    assert deliver() == ["sent"]
    assert sent == [("+4790212345", "Noe å huske. http://localhost:8000/min-side/")]


def test_given_up_is_seen(town: Town, source: Source, clock: Clock) -> None:
    source.tell(person(town), tell_on=THURSDAY)
    round_of(at(THURSDAY))
    Outbox.objects.update(state="dead", problem="SMTPServerDisconnected", finished_at=timezone.now())
    notices_queue(at(THURSDAY))
    notice = Notice.objects.get()
    assert (notice.state, notice.problem) == (NoticeState.FAILED, "SMTPServerDisconnected")
