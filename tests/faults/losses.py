"""Redis is lost in every way there is: emptied, killed, full, silent."""

import signal
import time

from tests.faults.place import Place, lacking
from tests.faults.reconcile import effects, reconcile, settle
from tests.faults.visitors import Visitor
from tests.proof.registry import Tally

WAYS = ("flushed", "killed", "full", "silent")
SILENCE = 3.0


def redis_lost(place: Place, *, ways: tuple[str, ...], losses: int, each: int, without: str = "") -> Tally:
    """F7, F8, F9: in the middle of messages. Nobody is killed, so nothing may come twice."""
    tally = Tally()
    worker = place.worker()
    if without != "sweep":
        place.beat()
    hand = place.hand()
    promised: list[str] = []
    started = worker.child.pid
    try:
        for turn in range(losses):
            promised += hand.promise(f"a{turn}-{number}" for number in range(each // 2))
            hand.promise([f"a{turn}"], kind="fault_effect")
            way = ways[turn % len(ways)]
            _lose(place, way)
            promised += hand.promise(f"b{turn}-{number}" for number in range(each - each // 2))
            _back(place, way)
        settle(place, tally)
        reconcile(place, tally, promised, repeats=0)
        effects(place, tally, [f"a{turn}" for turn in range(losses)])
        tally.check(worker.child.poll() is None, "the worker has ended")
        tally.check(worker.child.pid == started, "another worker")
    finally:
        hand.stop()
    if tally.failed:
        tally.failures.append(place.said[-1500:])
    return tally


def _lose(place: Place, way: str) -> None:
    if way == "flushed":
        place.redis.flushall()
    elif way == "killed":
        place.kill_redis()
    elif way == "full":
        place.redis.config_set("maxmemory", 1)
        time.sleep(1)
    else:
        place._redis._child.send_signal(signal.SIGSTOP)


def _back(place: Place, way: str) -> None:
    if way == "killed":
        time.sleep(1)
        place.start_redis()
    elif way == "full":
        time.sleep(1)
        place.redis.config_set("maxmemory", 0)
    elif way == "silent":
        time.sleep(SILENCE)
        place._redis._child.send_signal(signal.SIGCONT)


def redis_away_from_web(place: Place, *, posts: int, without: str = "") -> Tally:
    """F6: nobody at the web notices, and all arrives when Redis is back."""
    tally = Tally()
    web = place.web(**lacking(without))
    hand = place.hand()
    try:
        hand.tell("users", first=0, count=posts)
        hand.stop()
        visitor = Visitor(web.port)
        place.kill_redis()
        for who in range(posts):
            status, _retry = visitor.ask_for_code(who)
            tally.check(status == 302, f"post {who}: {status}")
        for path in ("/", "/logg-inn/", "/logg-inn/kode/", "/healthz", "/readyz"):
            tally.check((status := visitor.look(path)) == 200, f"{path}: {status}")
        place.start_redis()
        place.worker()
        place.beat()
        settle(place, tally)
        keys = [key for (key,) in place.sql("SELECT key FROM core_outbox WHERE state = 'sent'")]
        tally.check(len(keys) == posts, f"{len(keys)} of {posts} codes were sent")
        tally.check(len(place.sink.letters) == posts, f"{len(place.sink.letters)} letters for {posts} posts")
    finally:
        hand.stop()
    return tally
