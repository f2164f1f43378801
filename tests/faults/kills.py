"""Somebody is killed: the worker, one of its children, the beat, web; at random, or at the worst moment."""

import random
import threading
import time

from tests.faults.place import Place, Program
from tests.faults.reconcile import reconcile, settle
from tests.proof.registry import Tally

VICTIMS = ("worker", "child", "beat")


def killed_at_random(
    place: Place, *, victims: tuple[str, ...], kills: int, each: int, seed: int = 1
) -> Tally:
    """F1, F2, F18: `each` messages, a kill -9 in the middle of them or at any moment, and again."""
    tally = Tally()
    chance = random.Random(seed)  # noqa: S311 - the same moments at every run
    worker, beat = place.worker(), place.beat()
    hand = place.hand()
    promised: list[str] = []
    try:
        for turn in range(kills):
            reached = threading.Event()
            wanted = len(place.sink.letters) + chance.randint(1, each)
            place.sink.on_letter = lambda wanted=wanted, reached=reached: (
                reached.set() if len(place.sink.letters) >= wanted else None
            )
            promised += hand.promise(f"{seed}-{turn}-{number}" for number in range(each))
            if chance.random() < 0.7:
                reached.wait(10)
            else:
                time.sleep(chance.uniform(0, 3))
            _kill(place, chance, chance.choice(victims), worker, beat)
        place.sink.on_letter = None
        settle(place, tally)
        reconcile(place, tally, promised)
    finally:
        hand.stop()
    if tally.failed:
        tally.failures.append(f"seed {seed}; {place.said[-1500:]}")
    return tally


def _kill(place: Place, chance: random.Random, victim: str, worker: Program, beat: Program) -> None:
    if victim == "beat":
        beat.kill()
        beat.start()
        place.blows.append(time.monotonic())
        return
    children = worker.children
    if victim == "child" and children:
        chance.choice(children).kill()
        place.blows.append(time.monotonic())
        return
    worker.kill()
    place.blows.append(time.monotonic())
    worker.start()


def killed_by_the_mail_server(place: Place, moment: str, *, turns: int, confess: bool = True) -> Tally:
    """F3 and F4: exactly after the server's yes and before the commit, or exactly before the message.

    Without `confess` the reconciler is not told that anybody was killed.
    """
    tally = Tally()
    place.worker()
    place.beat()
    hand = place.hand()
    promised: list[str] = []
    try:
        for turn in range(turns):
            before = len(place.sink.struck)
            place.sink.strike = moment
            promised += hand.promise(f"{moment}-{turn}-{number}" for number in range(3))
            settle(place, tally)
            tally.check(len(place.sink.struck) == before + 1, f"turn {turn}: nobody was struck")
        came_again = len(place.sink.letters) - len(promised)
        # After the yes the mail has left and nobody knows: once more, and that is all. Before it, never.
        expected = turns if moment == "after_yes" else 0
        tally.check(came_again == expected, f"{came_again} came again, where {expected} must")
        if not confess:
            place.sink.struck.clear()
        reconcile(place, tally, promised, repeats=expected)
    finally:
        hand.stop()
    return tally
