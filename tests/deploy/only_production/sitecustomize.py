"""Makes Python forget every package the production image does not have.

Python imports `sitecustomize` by itself at start. The names come from the test, which compares what
is installed here with requirements/production.txt.
"""

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

ABSENT = frozenset(os.environ.get("ONLY_PRODUCTION_ABSENT", "").split(",")) - {""}


class Absent(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in ABSENT:
            message = f"No module named {fullname!r} (the production image does not have it)"
            raise ModuleNotFoundError(message, name=fullname)
        return None


sys.meta_path.insert(0, Absent())
