"""The web process is killed at the worst moment, restarted under load, or asked the same thing twice."""

import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psutil

from tests.faults.place import Place, wait_for
from tests.faults.reconcile import reconcile, settle
from tests.faults.visitors import CUT, Visitor, crowd
from tests.proof.registry import Tally

INVITE = "/folk/roller/inviter/?rolle=observer"


def killed_between_commit_and_ring(place: Place, *, turns: int) -> Tally:
    """F5: the visitor gets no answer, but what was committed is kept."""
    tally = Tally()
    die = place.data / "die at ring"
    web = place.web()
    place.beat()
    place.worker()
    hand = place.hand()
    try:
        hand.tell("users", first=0, count=turns)
        visitor = Visitor(web.port)
        for who in range(turns):
            die.touch()
            status, _retry = visitor.ask_for_code(who)
            tally.check(status == CUT, f"turn {who}: answered {status}, so nobody died")
            settle(place, tally)
        sent = place.sql("SELECT count(*) FROM core_outbox WHERE state = 'sent'")[0][0]
        tally.check(sent == turns, f"{sent} of {turns} codes were sent")
        tally.check(len(place.sink.letters) == turns, f"{len(place.sink.letters)} letters for {turns}")
    finally:
        hand.stop()
    return tally


def restarted_under_load(place: Place, *, restarts: int, people: int, messages: int) -> Tally:
    """F20: a new web takes over the socket, the old one finishes; workers are asked to stop and started."""
    tally = Tally()
    known = 400 * restarts
    web, worker = place.web(), place.worker()
    place.beat()
    hand = place.hand()
    promised: list[str] = []
    master = web.child.pid
    try:
        hand.tell("users", first=0, count=known)
        with crowd(web.port, people=people, known=known, pause=0.05) as seen:
            for turn in range(restarts):
                promised += hand.promise(f"roll{turn}-{number}" for number in range(messages))
                master = _take_over(master)
                worker.terminate()
                worker.start()
        odd = {status: count for status, count in seen.answers.items() if status != 302}
        tally.tried += sum(seen.answers.values())
        tally.check(not odd, f"failed requests: {odd}")
        settle(place, tally)
        place.sink.letters = [letter for letter in place.sink.letters if not letter.to.startswith("kjent")]
        reconcile(place, tally, promised, repeats=0)
    finally:
        hand.stop()
        os.kill(master, signal.SIGTERM)
    return tally


def pressed_twice(place: Place, *, rounds: int) -> Tally:
    """F25: the same invitation by both web processes at once. One person, one invitation, one letter."""
    tally = Tally()
    web = place.web()
    place.worker()
    hand = place.hand()
    try:
        cookie = "=".join(hand.tell("coordinator"))
        visitors = [Visitor(web.port, cookie, INVITE) for _ in range(2)]
        invited = [f"ny{turn}@prove.example" for turn in range(rounds)]
        for email in invited:
            fields = {"name": "Ny Prøve", "email": email, "language": "nb"}
            with ThreadPoolExecutor(2) as pool:
                answers = sorted(pool.map(lambda who, sent=fields: who.send(INVITE, sent), visitors))
            tally.check(answers[0] != CUT and answers[-1] < 500 and 302 in answers, f"{email}: {answers}")
        settle(place, tally)
        found = Counter(
            email
            for (email,) in place.sql(
                "SELECT p.email FROM partnerships_invitation i "
                "JOIN partnerships_person p ON p.id = i.person_id"
            )
        )
        came = Counter(letter.to for letter in place.sink.letters)
        for email in invited:
            tally.check(found[email] == 1, f"{email}: {found[email]} invitations")
            tally.check(came[email] == 1, f"{email}: {came[email]} letters")
    finally:
        hand.stop()
    return tally


def _take_over(master: int) -> int:
    """As docs/production.md says: USR2 starts another on the same socket, TERM lets the old one finish."""
    before = {child.pid for child in psutil.Process(master).children()}
    os.kill(master, signal.SIGUSR2)

    def follower() -> int:
        for child in psutil.Process(master).children():
            with suppress(psutil.NoSuchProcess):
                if child.pid not in before and child.children():
                    return child.pid
        return 0

    new: int = wait_for(follower, 30)
    time.sleep(0.5)  # its workers are forked; they take connections as soon as they live
    os.kill(master, signal.SIGTERM)
    wait_for(lambda: not _runs(master), 15)
    return new


def _runs(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
