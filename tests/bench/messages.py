"""Notices and letters on servers of their own, with production's waits; the mail server says yes at once."""

from collections.abc import Iterator

from tests.bench.portal import Measured
from tests.bench.results import Result
from tests.bench.rows import row
from tests.faults.jobs import until_thursday
from tests.faults.place import Place, place, wait_for

NOTICES = 10_000
# Of the letters: the first ones also wait for the worker to start, and the rate must not hang on the last.
FROM, TO = 200, 4_200


@row
def messages(_portal: Measured) -> Iterator[Result]:
    with place(quick=False) as here:
        office_hours = {"FAULT_CLOCK": str(until_thursday())}
        hand = here.hand(**office_hours)
        try:
            hand.tell("many_to_remind", count=NOTICES)
            derive, queue = hand.tell("derive"), hand.tell("queue")
        finally:
            hand.stop()
        ready = here.sql("SELECT count(*) FROM core_outbox WHERE state = 'waiting'")[0][0]
        yield Result(
            "10,000 notices derived and queued", derive + queue, "s", target=30,
            detail=f"derived {derive:.1f} s, queued {queue:.1f} s", errors=abs(NOTICES - ready),
        )  # fmt: skip
        yield _letters(here, office_hours)


def _letters(here: Place, office_hours: dict[str, str]) -> Result:
    """By one worker with its two children, to a mail server that shares the two cores with them."""
    here.worker(**office_hours)
    wait_for(lambda: len(here.sink.letters) > TO, 300, every=0.2)
    between = here.sink.letters[TO].at - here.sink.letters[FROM].at
    rate = (TO - FROM) / between
    return Result("a letter, of 4,000 on their way", 1000 / rate, "ms", target=10, detail=f"{rate:.0f}/s")
