"""Finds a Python new enough, starting from one that may be too old: plain syntax only in this file."""

import os
import shutil
import subprocess
import sys

MINIMUM = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def require(folder, arguments):  # type: ignore[no-untyped-def]
    """Returns when this Python will do; else starts over in a newer one, or ends with one sentence."""
    if sys.version_info >= MINIMUM:
        return
    for name in NEWER:
        program = shutil.which(name)
        # Asked, not believed: version managers leave names on PATH that only print an error.
        if program and subprocess.call([program, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execv(program, [program, folder] + list(arguments))  # noqa: RUF005, S606 - old syntax on purpose
    sys.exit(
        "Samskaping needs Python %d.%d or newer, and this one is %d.%d. "  # noqa: UP031
        "Install a newer one, then type: make PYTHON=python3.12 run" % (MINIMUM + sys.version_info[:2])
    )
