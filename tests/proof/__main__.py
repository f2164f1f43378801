"""python -m tests.proof [names] [--small] [--table]"""

import argparse
import sys

from tests.proof import reports
from tests.proof.registry import proofs


def main(arguments: list[str]) -> int:
    known = proofs()
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description="Tries the promises.")
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"of {', '.join(known)}; all when none is given"
    )
    parser.add_argument("--small", action="store_true", help="seconds instead of minutes; writes no report")
    parser.add_argument("--table", action="store_true", help="only make docs/proofs.md out of the reports")
    given = parser.parse_args(arguments)
    unknown = set(given.names) - set(known)
    if unknown:
        parser.error(f"no proof is called {', '.join(sorted(unknown))}")
    failed = 0
    if not given.table:
        for name in given.names or known:
            found = reports.measure(known[name], small=given.small)
            failed += found["failed"]
            sys.stdout.write(
                f"{name}: {found['tried']:,} tried, {found['failed']} failed, {found['seconds']} s\n"
            )
            sys.stdout.writelines(f"  {line}\n" for line in found["failures"])
            sys.stdout.flush()
            if not given.small:
                reports.write(found)
    if not given.small:
        reports.TABLE.write_text(reports.table(known), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
