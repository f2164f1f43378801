"""Jobs that are poison, come from a newer portal, are rung twice, late, or by a clock that is wrong."""

import shelve
import time
from collections import Counter
from datetime import datetime, timedelta
from datetime import time as clock_time

from samskaping.core.working_days import OSLO, is_working_day
from tests.faults.place import Place, lacking, wait_for
from tests.faults.reconcile import effects, reconcile, settle
from tests.proof.registry import Tally

POISON = {
    "fault_raises": "ZeroDivisionError",
    "fault_loops": "SoftTimeLimitExceeded",
    "fault_deaf": "worker_lost",
    "fault_memory": "worker_lost",
}
CLOCKS = (3 * 3600, -3 * 3600)


def poison_among_good(place: Place, *, good: int) -> Tally:
    """F23: given up after ten tries, each with its reason; the good ones do not wait for that."""
    tally = Tally()
    place.worker()
    place.beat()
    hand = place.hand()
    try:
        for kind in POISON:
            hand.promise([kind], kind=kind)
        promised = hand.promise(f"good-{number}" for number in range(good))
        wait_for(lambda: len(place.sink.letters) >= good, place.within)
        # As if nine tries were over: waiting for them takes minutes and shows no more.
        wait_for(lambda: not place.sql("SELECT 1 FROM core_outbox WHERE attempts = 0"), place.within)
        place.sql("UPDATE core_outbox SET attempts = 9 WHERE kind LIKE 'fault_%' AND kind <> 'fault_mail'")
        place.sql("UPDATE core_outbox SET losses = 9 WHERE kind IN ('fault_deaf', 'fault_memory')")
        wait_for(
            lambda: not place.sql("SELECT 1 FROM core_outbox WHERE state IN ('waiting', 'leased')"),
            place.within * 3,
        )
        for kind, problem in POISON.items():
            found = place.sql("SELECT state, problem FROM core_outbox WHERE kind = %s", kind)
            tally.check(found == [("dead", problem)], f"{kind}: {found}")
        reconcile(place, tally, promised, repeats=0)
    finally:
        hand.stop()
    return tally


def from_a_newer_portal(place: Place) -> Tally:
    """F22: stays, says why, and is sent as soon as somebody knows how."""
    tally = Tally()
    place.worker()
    place.beat()
    hand = place.hand()
    try:
        promised = hand.promise(["known"])
        place.sql(
            "INSERT INTO core_outbox (kind, key, payload, payload_version, state, attempts, problem, "
            "receipt, delivery, message_id) VALUES ('fault_mail', 'newer', '{}', 2, 'waiting', 0, '', "
            "'', '', gen_random_uuid())"
        )
        row = "SELECT state, problem FROM core_outbox WHERE key = 'newer'"
        wait_for(lambda: place.sql(row) == [("waiting", "unknown_version")], place.within)
        wait_for(lambda: place.sink.letters, place.within)
        tally.check([letter.to for letter in place.sink.letters] == ["known@prove.example"], "it was sent")
        place.sql("UPDATE core_outbox SET payload_version = 1 WHERE key = 'newer'")
        settle(place, tally)
        reconcile(place, tally, [*promised, "newer"], repeats=0)
    finally:
        hand.stop()
    return tally


def two_beats(place: Place, *, messages: int, pause: float = 0.5, without: str = "") -> Tally:
    """F18: everything is rung twice, also while it is being sent, and done once."""
    tally = Tally()
    place.sink.pause = pause  # long enough for rings to come while a letter is being handed over
    place.beat("beat-one")
    place.beat("beat-two")
    hand = place.hand()
    try:
        promised = hand.promise(f"two-{number}" for number in range(messages))
        done = hand.promise((f"effect-{number}" for number in range(messages)), kind="fault_effect")
        place.redis.flushall()  # so that only the beats ring
        place.worker(**lacking(without))
        place.worker(**lacking(without))
        settle(place, tally)
        reconcile(place, tally, promised, repeats=0)
        effects(place, tally, done)
    finally:
        hand.stop()
    return tally


def two_clocks_remind(place: Place, *, people: int) -> Tally:
    """F18: two beats and two workers ask, every second, who is to be reminded. Each is, once."""
    tally = Tally()
    office_hours = {"FAULT_CLOCK": str(until_thursday())}
    hand = place.hand(**office_hours)
    try:
        addresses = hand.tell("reminded", count=people)
        place.beat("beat-one", **office_hours)
        place.beat("beat-two", **office_hours)
        place.worker(**office_hours)
        place.worker(**office_hours)
        wait_for(lambda: _notices(place) == {"sent": people}, place.within + people / 20)
        time.sleep(3)  # more rounds, in which nothing happens
        settle(place, tally)
        came = Counter(letter.to for letter in place.sink.letters)
        for address in addresses:
            tally.check(came[address] == 1, f"{address} was reminded {came[address]} times")
        tally.check(set(came) <= set(addresses), "somebody else was")
        tally.check(_notices(place) == {"sent": people}, f"{_notices(place)} for {people} people")
    finally:
        hand.stop()
    return tally


def _notices(place: Place) -> dict[str, int]:
    return dict(place.sql("SELECT state, count(*) FROM partnerships_notice GROUP BY state"))


def until_thursday() -> float:
    """Seconds to a Thursday in office hours: nobody is reminded at night, on a Sunday or a holiday."""
    now = datetime.now(OSLO)
    day = now.date() + timedelta(days=1)
    while day.weekday() != 3 or not is_working_day(day):
        day += timedelta(days=1)
    return (datetime.combine(day, clock_time(10), tzinfo=OSLO) - now).total_seconds()


def beat_slept(place: Place, *, messages: int) -> Tally:
    """F18: for three hours nobody swept. One round makes up for all that were missed."""
    tally = Tally()
    beat = place.beat()
    schedule = place.data / "run" / "beat-schedule"
    wait_for(lambda: list(schedule.parent.glob("beat-schedule*")), 30)
    hand = place.hand()
    try:
        beat.terminate()
        with shelve.open(str(schedule)) as kept:  # noqa: S301 - written by the beat we started
            for entry in kept["entries"].values():
                entry.last_run_at -= timedelta(hours=3)
        promised = hand.promise(f"slept-{number}" for number in range(messages))
        place.redis.flushall()
        beat.start()
        place.worker()
        settle(place, tally)
        reconcile(place, tally, promised, repeats=0)
    finally:
        hand.stop()
    return tally


def worker_with_a_wrong_clock(place: Place, clock: int, *, messages: int, without: str = "") -> Tally:
    """F19: hours ahead or behind. Somebody else's lease holds, and runs out, by the database's clock."""
    tally = Tally()
    place.worker(FAULT_CLOCK=str(clock), **lacking(without))
    place.beat()
    hand = place.hand()
    try:
        promised = hand.promise(["first"])
        wait_for(lambda: place.sink.letters, 30)
        seconds = hand.tell("promise_held", key="held")
        taken = time.monotonic()
        promised += ["held", *hand.promise(f"clock-{number}" for number in range(messages))]
        settle(place, tally)
        reconcile(place, tally, promised, repeats=0)
        came = [letter.at - taken for letter in place.sink.letters if letter.to.startswith("held")]
        tally.check(
            min(came, default=0.0) >= seconds - 1, f"taken from its holder after {came} s, not {seconds}"
        )
    finally:
        hand.stop()
    return tally
