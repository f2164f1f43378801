"""What was promised, what the database says and what arrived: nothing lost, nothing twice without need."""

import time
from collections import Counter, defaultdict
from collections.abc import Collection

from tests.faults.place import Place
from tests.faults.sink import Letter
from tests.proof.registry import Tally

# Between the mail server's yes and the commit lie milliseconds; a machine at its limit may make it this.
WINDOW = 6.0


def settle(place: Place, tally: Tally) -> None:
    """Waits until nothing is open any more, and counts whether that came in time."""
    begun = max([*place.blows, *place.sink.struck], default=time.monotonic())
    end = time.monotonic() + place.within * 1.5
    while left := _open(place):
        if time.monotonic() > end:
            break
        time.sleep(0.1)
    took = time.monotonic() - begun
    tally.slowest = max(tally.slowest, took)
    tally.check(not left and took <= place.within, f"settled after {took:.0f} s, {left} left")


def reconcile(
    place: Place,
    tally: Tally,
    promised: Collection[str],
    *,
    repeats: int | None = None,
    kind: str = "fault_mail",
) -> None:
    """One check per promise. `repeats` is how many may have come twice: by default, one per blow."""
    rows = defaultdict(list)
    for key, state, message_id in place.sql(
        "SELECT key, state, message_id::text FROM core_outbox WHERE kind = %s", kind
    ):
        rows[key].append((state, message_id))
    letters = defaultdict(list)
    for letter in list(place.sink.letters):
        letters[letter.to.removesuffix("@prove.example")].append(letter)
    for key in promised:
        tally.check(*_one(key, rows[key], letters[key]))
    strangers = (set(rows) | set(letters)) - set(promised)
    tally.check(not strangers, f"nobody promised {sorted(strangers)[:5]}")
    moments = sorted([*place.blows, *place.sink.struck])
    twice = [found for found in letters.values() if len(found) > 1]
    allowed = len(moments) * 2 if repeats is None else repeats  # two children may have been sending
    extra = sum(len(found) - 1 for found in twice)
    tally.check(extra <= allowed, f"{extra} came again, where at most {allowed} may")
    for found in twice:
        is_explained, said = _explained(found, moments)
        tally.check(is_explained, f"{said}: {_history(place, found[0])}" if said else "")


def _one(key: str, rows: list[tuple[str, str]], letters: list[Letter]) -> tuple[bool, str]:
    if len(rows) != 1:
        return False, f"{key}: {len(rows)} rows"
    state, message_id = rows[0]
    if state != "sent":
        return False, f"{key}: {state}"
    if not letters:
        return False, f"{key}: lost"
    if {letter.message_id.partition("@")[0] for letter in letters} != {message_id}:
        return False, f"{key}: came under another Message-ID"
    return True, ""


def _explained(letters: list[Letter], moments: list[float]) -> tuple[bool, str]:
    """Each time but the last, somebody was struck down soon after the mail server's yes."""
    for letter in letters[:-1]:
        if not any(-0.5 <= moment - letter.at <= WINDOW for moment in moments):
            return False, f"{letter.to} came {len(letters)} times, and nobody was killed after the first"
    return True, ""


def _history(place: Place, letter: Letter) -> list[tuple[object, ...]]:
    """What the row itself says of why it was sent again."""
    asked = "SELECT attempts, losses, problem FROM core_outbox WHERE message_id::text = %s"
    return place.sql(asked, letter.message_id.partition("@")[0])


def effects(place: Place, tally: Tally, promised: Collection[str]) -> None:
    """What is no mail and was not interrupted happens exactly once."""
    done = Counter(key for (key,) in place.sql("SELECT key FROM fault_effect"))
    for key in promised:
        tally.check(done[key] == 1, f"{key}: {done[key]} effects")


def _open(place: Place) -> int:
    found: int = place.sql("SELECT count(*) FROM core_outbox WHERE state IN ('waiting', 'leased')")[0][0]
    return found
