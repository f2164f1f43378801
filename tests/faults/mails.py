"""The mail server is down, busy, says no, says nothing, or hangs up."""

from tests.faults.place import Place, wait_for
from tests.faults.reconcile import reconcile, settle
from tests.proof.registry import Tally

PASSING = ("busy", "later", "hang", "cut")
CHILDREN = 2


def down_then_up(place: Place, *, messages: int) -> Tally:
    """F14: everything is delivered, no more at once than there are hands, the longest overdue first."""
    tally = Tally()
    place.sink.stop()
    place.worker()
    place.beat()
    hand = place.hand()
    try:
        promised = hand.promise(f"down-{number}" for number in range(messages))
        wait_for(lambda: not place.sql("SELECT 1 FROM core_outbox WHERE attempts = 0"), 60 + messages / 20)
        tally.check(not place.sink.letters, "a server that is down took something")
        place.sink.start()
        settle(place, tally)
        reconcile(place, tally, promised, repeats=0)
        tally.check(place.sink.most_at_once <= CHILDREN, f"{place.sink.most_at_once} connections at once")
    finally:
        hand.stop()
    return tally


def in_order(place: Place, *, messages: int) -> Tally:
    """F14: who was promised first is served first, as far as two hands keep an order."""
    tally = Tally()
    hand = place.hand()
    try:
        promised = hand.promise(f"order-{number}" for number in range(messages))
        place.redis.flushall()
        # Due in another order than promised.
        place.sql(
            "UPDATE core_outbox SET due_at = now() - interval '1 hour' + (id * 7919 % 1000) * interval '1 s'"
        )
        due = [key for (key,) in place.sql("SELECT key FROM core_outbox ORDER BY due_at, id")]
        hand.tell("sweep")
        place.worker()
        settle(place, tally)
        came = {letter.to.removesuffix("@prove.example"): n for n, letter in enumerate(place.sink.letters)}
        for turn, key in enumerate(due):
            tally.check(
                abs(came.get(key, -99) - turn) <= 2 * CHILDREN, f"{key} came as {came.get(key)}, not {turn}"
            )
        reconcile(place, tally, promised, repeats=0)
    finally:
        hand.stop()
    return tally


def passing_trouble(place: Place, mode: str, *, messages: int) -> Tally:
    """F15: tried again until it goes, and each comes once."""
    tally = Tally()
    place.sink.mode = mode
    place.worker()
    place.beat()
    hand = place.hand()
    try:
        promised = hand.promise(f"{mode}-{number}" for number in range(messages))
        wait_for(lambda: place.sql("SELECT 1 FROM core_outbox WHERE problem <> ''"), place.within)
        tally.check(not place.sink.letters, f"a server in mode {mode} took something")
        place.sink.mode = "yes"
        settle(place, tally)
        reconcile(place, tally, promised, repeats=0)
    finally:
        hand.stop()
    return tally


def took_it_and_hung_up(place: Place) -> Tally:
    """F15: the server took the message and its yes was lost. Nobody can know; the same Message-ID says so."""
    tally = Tally()
    place.sink.mode = "took"
    place.worker()
    place.beat()
    hand = place.hand()
    try:
        promised = hand.promise(["took-1"])
        wait_for(lambda: place.sink.letters, place.within)
        place.sink.mode = "yes"
        place.blows.append(place.sink.letters[0].at)
        settle(place, tally)
        reconcile(place, tally, promised, repeats=len(place.sink.letters) - 1)
        tally.check(len({letter.message_id for letter in place.sink.letters}) == 1, "two Message-IDs")
    finally:
        hand.stop()
    return tally


def refused_for_good(place: Place, *, messages: int) -> Tally:
    """F15: nobody is there. Given up at once, with the reason, and not asked again."""
    tally = Tally()
    place.sink.mode = "never"
    place.worker()
    place.beat()
    hand = place.hand()
    try:
        promised = hand.promise(f"never-{number}" for number in range(messages))
        settle(place, tally)
        rows = place.sql("SELECT key, state, problem, attempts FROM core_outbox")
        for key, state, problem, attempts in rows:
            found = (state, problem, attempts)
            tally.check(found == ("dead", "email_refused", 1), f"{key}: {found}")
        tally.check(len(rows) == len(promised), f"{len(rows)} rows for {len(promised)}")
    finally:
        hand.stop()
    return tally
