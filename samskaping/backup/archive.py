"""The file: a zip with PostgreSQL's own dump and a manifest that says what is in it."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from samskaping.backup.errors import BackupError

FORMAT = 1
DUMP, MANIFEST = "database.dump", "manifest.json"
_NAME = re.compile(r"samskaping-\d{8}T\d{6}Z\.backup")
_DRAFT = ".samskaping-{pid}.draft"
_CHUNK = 1024 * 1024

Manifest = dict[str, Any]


def name_at(moment: datetime) -> str:
    return f"samskaping-{moment:%Y%m%dT%H%M%SZ}.backup"


class Writer:
    """A backup being written. Made by `drafted`."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file

    def take_dump(self, source: IO[bytes]) -> dict[str, Any]:
        """Copies all of `source`; returns its size and hash."""
        digest, size = hashlib.sha256(), 0
        # Stored as it comes: pg_dump has made it small already.
        with self._file.open(DUMP, "w", force_zip64=True) as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        return {"sha256": digest.hexdigest(), "size": size}

    def take_manifest(self, manifest: Manifest) -> None:
        self._file.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))


@contextmanager
def drafted(target: Path) -> Iterator[Writer]:
    """A file that gets its name when it is whole and on the disk; else nothing is left of it.

    The draft is locked while its writer lives, so that what kill -9 left is known from another's work.
    Raises FileExistsError when the name is taken.
    """
    _sweep(target.parent)
    if target.exists():
        raise FileExistsError(f"{target} exists already.")
    draft = target.parent / _DRAFT.format(pid=os.getpid())
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            with zipfile.ZipFile(file, "w") as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(descriptor)
            draft.rename(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        draft.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    for draft in folder.glob(_DRAFT.format(pid="*")):
        with draft.open("rb") as file:
            try:
                fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            draft.unlink(missing_ok=True)


def forget_old(folder: Path, *, keep: int) -> list[Path]:
    """Removes all but the `keep` newest backups with names of ours. Returns what was removed."""
    ours = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    old = ours[:-keep]
    for path in old:
        path.unlink()
    return old


def read_manifest(path: Path) -> Manifest:
    """What the file says of itself. Raises BackupError when it is no backup that this version can read."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read(MANIFEST))
    except FileNotFoundError:
        raise BackupError(f"{path} does not exist.") from None
    except (OSError, zipfile.BadZipFile, KeyError, ValueError):
        raise BackupError(f"{path} is no backup of the portal, or it is damaged.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BackupError(f"{path} was made by another version of the portal. Restore it with that one.")
    return manifest


@contextmanager
def opened_dump(path: Path) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(path) as archive, archive.open(DUMP) as dump:
        yield dump


def check_dump(path: Path, manifest: Manifest) -> None:
    """Raises BackupError when the dump is not, byte for byte, the one that was written."""
    digest = hashlib.sha256()
    try:
        with opened_dump(path) as dump:
            while chunk := dump.read(_CHUNK):
                digest.update(chunk)
    except (OSError, EOFError, zipfile.BadZipFile, KeyError):
        digest.update(b"unreadable")
    if digest.hexdigest() != manifest["dump"]["sha256"]:
        raise BackupError(f"{path} is damaged: what it holds is not what was written. Use another backup.")


def feed(path: Path, sink: IO[bytes]) -> None:
    """Writes the dump to a program's input; a program that ended early says itself why."""
    try:
        with sink, opened_dump(path) as dump:
            shutil.copyfileobj(dump, sink, _CHUNK)
    except BrokenPipeError:
        pass
