"""Which tests stay together on one worker.

Not xdist's `loadgroup`: its marks are without effect in pytest 9.2 with xdist 3.8 (it changes an
attribute of the node that pytest no longer reads).
"""

from xdist.scheduler import LoadScopeScheduling

# Suites that share one running portal over all their files.
WHOLE_FOLDERS = ("tests/browser/", "tests/faults/")


class BySuite(LoadScopeScheduling):
    """A file at a time, so that what it makes for all its tests is made once; the longest first."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return next((folder for folder in WHOLE_FOLDERS if file.startswith(folder)), file)
