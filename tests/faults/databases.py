"""PostgreSQL restarts without a farewell, ends a connection, or lets somebody wait."""

import random
import time
from contextlib import closing
from functools import partial

import psycopg2

from samskaping.embedded import paths
from tests.faults.place import Hand, HandFailed, Place, lacking, wait_for
from tests.faults.reconcile import reconcile, settle
from tests.faults.visitors import CUT, Crowd, crowd
from tests.proof.registry import Tally

PEOPLE = 4
# Nobody is killed here, and recording what was sent may take as long as a database takes to come back.
LONG_LEASE = {"FAULT_QUICK": "20"}


def restarted(place: Place, *, restarts: int, each: int) -> Tally:
    """F10: under messages and requests."""
    tally = Tally()
    known = 200 * restarts
    worker, web = place.worker(**LONG_LEASE), place.web()
    place.beat()
    hand = place.hand()
    promised: list[str] = []
    try:
        hand.tell("users", first=0, count=known)
        with crowd(web.port, people=PEOPLE, known=known, pause=0.05) as seen:
            for turn in range(restarts):
                promised += _promise(hand, [f"p{turn}-{number}" for number in range(each)])
                place.restart_postgres_at_once()
                promised += _promise(hand, [f"q{turn}-{number}" for number in range(each)])
                time.sleep(1)
        settle(place, tally)
        _answers(tally, seen)
        _nothing_half_written(place, tally, seen)
        # What was promised is there; what was not answered may be there or not, and if it is, it is sent.
        rows = {key for (key,) in place.sql("SELECT key FROM core_outbox WHERE kind = 'fault_mail'")}
        tally.check(set(promised) <= rows, f"gone: {sorted(set(promised) - rows)[:5]}")
        _only_mail(place)
        reconcile(place, tally, rows, repeats=0)
        tally.check(worker.child.poll() is None, "the worker has ended")
    finally:
        hand.stop()
    if tally.failed:
        tally.failures.append(place.said[-1500:])
    return tally


def connections_ended(place: Place, *, ends: int, each: int) -> Tally:
    """F11: whoever had it says «try again» or tries again; nobody else notices."""
    tally = Tally()
    chance = random.Random(11)  # noqa: S311
    known = 100 * ends
    worker, web = place.worker(**LONG_LEASE), place.web()
    place.beat()
    hand = place.hand()
    promised: list[str] = []
    try:
        hand.tell("users", first=0, count=known)
        with crowd(web.port, people=PEOPLE, known=known, pause=0.02) as seen:
            for turn in range(ends):
                promised += _promise(hand, [f"p{turn}-{number}" for number in range(each)])
                time.sleep(chance.uniform(0.05, 0.4))
                place.sql(
                    "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE pid <> "
                    "pg_backend_pid() AND usename = current_user ORDER BY random() LIMIT 1) one",
                    role=paths.APP,
                )
        settle(place, tally)
        _answers(tally, seen)
        _nothing_half_written(place, tally, seen)
        rows = {key for (key,) in place.sql("SELECT key FROM core_outbox WHERE kind = 'fault_mail'")}
        tally.check(set(promised) <= rows, f"gone: {sorted(set(promised) - rows)[:5]}")
        _only_mail(place)
        reconcile(place, tally, rows, repeats=0)
        tally.check(worker.child.poll() is None, "the worker has ended")
    finally:
        hand.stop()
    if tally.failed:
        tally.failures.append(place.said[-1500:])
    return tally


def row_held_by_another(place: Place, *, turns: int, without: str = "") -> Tally:
    """F12: the mail has left, and the row that should say so is locked for longer than anybody waits."""
    tally = Tally()
    place.worker(**(lacking(without) or LONG_LEASE))
    place.beat()
    hand = place.hand()
    promised: list[str] = []
    try:
        for turn in range(turns):
            place.sink.pause = 0.6  # the worker hangs up after two seconds
            promised += hand.promise([f"held-{turn}"])
            wait_for(lambda: place.sql("SELECT 1 FROM core_outbox WHERE state = 'leased'"), 20)
            with closing(psycopg2.connect(paths.database_owner_url(place.data))) as blocker:
                with blocker.cursor() as cursor:
                    cursor.execute("SELECT 1 FROM core_outbox WHERE state = 'leased' FOR UPDATE")
                    tally.check(cursor.rowcount == 1, f"turn {turn}: sent before it could be held")
                wait_for(partial(_came, place, turn + 1), 20)
                time.sleep(2.5)  # lock_timeout is 2 s
            place.sink.pause = 0.0
            settle(place, tally)
        reconcile(place, tally, promised, repeats=0)
    finally:
        hand.stop()
    return tally


def promised_crosswise(place: Place, *, rounds: int, each: int) -> Tally:
    """F12: two rounds of the clock promise the same to many, in opposite orders, at once."""
    tally = Tally()
    hands = [place.hand(), place.hand()]
    try:
        municipality = hands[0].tell("municipality")
        for turn in range(rounds):
            keys = [f"x{turn}-{number:04}" for number in range(each)]
            for hand, order in zip(hands, (keys, keys[::-1]), strict=True):
                hand.ask("promise_many", kind="fault_mail", keys=order, municipality=municipality)
            made = []
            for hand in hands:
                try:
                    made.append(hand.answer())
                except HandFailed as error:
                    tally.check(False, f"round {turn}: {error}")
            tally.check(sum(made) == each, f"round {turn}: {made} new of {each}")
    finally:
        for hand in hands:
            hand.stop()
    return tally


def _came(place: Place, letters: int) -> bool:
    return len(place.sink.letters) >= letters


def _promise(hand: Hand, keys: list[str]) -> list[str]:
    """Those we were told are promised; when the database went meanwhile, none we can be sure of."""
    try:
        made: list[str] = hand.promise(keys)
    except HandFailed:
        return []
    return made


def _answers(tally: Tally, seen: Crowd) -> None:
    odd = {status: count for status, count in seen.answers.items() if status not in (302, 503)}
    tally.check(not odd, f"answers that were neither «done» nor «try again»: {odd}")
    tally.check(seen.answers[302] > 0, "nobody got through")
    tally.check(not seen.without_retry_after, f"{seen.without_retry_after} × 503 without Retry-After")


def _nothing_half_written(place: Place, tally: Tally, seen: Crowd) -> None:
    alone = place.sql(
        "SELECT count(*) FROM core_onetimecode c FULL JOIN (SELECT key FROM core_outbox "
        "WHERE kind = 'accounts.code') o ON o.key = c.id::text WHERE o.key IS NULL OR c.id IS NULL"
    )[0][0]
    tally.check(alone == 0, f"{alone} codes without a promise, or promises without a code")
    codes = place.sql("SELECT count(*) FROM core_onetimecode")[0][0]
    unsure = seen.answers[503] + seen.answers[CUT]
    done = seen.answers[302]
    tally.check(done <= codes <= done + unsure, f"{codes} codes for {done} answers and {unsure} unsure ones")


def _only_mail(place: Place) -> None:
    """The visitors' codes are counted by rows; what is compared letter by letter is the test kind."""
    place.sink.letters = [letter for letter in place.sink.letters if not letter.to.startswith("kjent")]
