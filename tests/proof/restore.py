"""The drill: everything is lost, and comes back."""

import time

from tests.backup import spoil
from tests.backup.place import Place, filled
from tests.proof.registry import Tally, proof

WITHIN = 600.0


@proof(
    "restore_drill",
    "10,000 persons and 2,000 files backed up, everything dropped, restored and compared by table, in less "
    "than ten minutes; and ten damaged backups refused with nothing changed",
)
def restore_drill(small: bool) -> Tally:
    tally = Tally()
    people, files, size = (100, 10, 32_000) if small else (10_000, 2_000, 100_000)
    with filled(people=people, files=files, size=size) as place:
        before = place.content()
        begun = time.monotonic()
        kept = place.backup()
        place.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        done = place.manage("restore", str(kept))
        tally.slowest = time.monotonic() - begun
        tally.check(done.returncode == 0, f"restore ended with {done.returncode}: {done.stderr[-300:]}")
        tally.check(tally.slowest < WITHIN, f"backup and restore took {tally.slowest:.0f} s")
        after = dict.fromkeys(place.content())
        for table in before:
            tally.check(table in after, f"{table[0]} is not what it was")
        tally.check("A sign-in was tried, and works." in done.stdout, "no sign-in was tried")
        for turn in range(2 if small else 10):
            _damaged(place, turn, tally)
    return tally


def _damaged(place: Place, turn: int, tally: Tally) -> None:
    """One byte, each time another."""
    kept = place.backup()
    spoil.flip_a_byte(kept, at=kept.stat().st_size * (turn + 1) // 12)
    before = place.query("SELECT count(*), max(id) FROM core_auditevent")
    done = place.manage("restore", "--replace", "--yes", str(kept))
    tally.check(
        done.returncode == 1 and place.query("SELECT count(*), max(id) FROM core_auditevent") == before,
        f"byte {turn + 1} of 12 flipped: {done.stderr[-200:]}",
    )
    kept.unlink()
