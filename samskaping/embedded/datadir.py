"""Is DATA_DIR a place we can keep data? Answers before anything is written, so nothing is left half made."""

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from samskaping.embedded.errors import StartError

MEGABYTE = 1024 * 1024
# A new database takes 40 MB, its write-ahead log up to 256 MB more.
FIRST_START = 300 * MEGABYTE
LATER_START = 50 * MEGABYTE


def prepare(data: Path) -> None:
    """Makes DATA_DIR if need be. Raises StartError with one sentence when it cannot hold the data."""
    existing = next(folder for folder in (data, *data.parents) if os.path.lexists(folder))
    try:
        if not existing.is_dir():
            raise StartError(f"{existing} is not a folder. Set DATA_DIR to a folder.")
        begun = (data / "postgres").exists() or (data / "redis").exists()
        needed = LATER_START if begun else FIRST_START
        free = shutil.disk_usage(existing).free
        if free < needed:
            raise StartError(
                f"The disk with {data} is nearly full: {free // MEGABYTE} MB free, "
                f"{needed // MEGABYTE} MB needed. Make room, or set DATA_DIR to a folder on another disk."
            )
        with tempfile.TemporaryFile(dir=existing):
            pass
        for folder in (data, data / "run", data / "log"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(explain(data, error)) from None


def explain(data: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full(data)
    return (
        f"The data folder {data} cannot be written ({(error.strerror or str(error)).lower()}). "
        "Set DATA_DIR to a folder you may write in."
    )


def is_full(data: Path) -> bool:
    return shutil.disk_usage(data).free < 10 * MEGABYTE


def full(data: Path) -> str:
    return f"The disk with {data} is full. Make room, or set DATA_DIR to a folder on another disk."


def held_by(data: Path, name: str) -> int | None:
    """The process that holds the lock `name` on this DATA_DIR, or None. Makes nothing."""
    path = data / "run" / f"{name}.lock"
    try:
        with path.open("r+") as file:
            return None if _take(file.fileno()) else _holder(path)
    except OSError:
        return None


@contextmanager
def locked(data: Path, name: str, taken: str) -> Iterator[None]:
    """Holds the lock `name` on this DATA_DIR. Raises StartError with `taken` when a living process has it.

    A POSIX record lock: it ends with the process, kill -9 included, and forked children, which
    may outlive us, do not inherit it as they would inherit flock's.
    """
    path = data / "run" / f"{name}.lock"
    with path.open("a+") as file:
        if not _take(file.fileno()):
            raise StartError(taken.format(pid=_holder(path), folder=data))
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _take(descriptor: int) -> bool:
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN):
            return False
        raise
    return True


def _holder(path: Path) -> int:
    try:
        return int(path.read_text().strip())
    except ValueError:
        return 0
