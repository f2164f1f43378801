"""Which tests stay together on one worker.

Not xdist's `loadgroup`: its marks are without effect in pytest 9.2 with xdist 3.8 (it changes an
attribute of the node that pytest no longer reads).
"""

from typing import Any

from xdist.scheduler import LoadScopeScheduling

# Suites that share one running portal over all their files.
WHOLE_FOLDERS = ("tests/browser/", "tests/faults/")
# A walk through the portal is one test that takes minutes: last in the line, one worker would do it alone.
WALKS = "_browser.py"


class BySuite(LoadScopeScheduling):
    """A file at a time, so that what it makes for all its tests is made once; the longest first."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return next((folder for folder in WHOLE_FOLDERS if file.startswith(folder)), file)

    def _assign_work_unit(self, node: Any) -> None:
        for scope in [scope for scope in self.workqueue if scope.endswith(WALKS)]:
            self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)
