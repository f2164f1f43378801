"""Ways in which a backup goes bad."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from samskaping.backup import archive


def flip_a_byte(path: Path, *, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def change_manifest(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """As somebody would who edits the file: every checksum of the zip fits again."""
    with zipfile.ZipFile(path) as old:
        dump, manifest = old.read(archive.DUMP), json.loads(old.read(archive.MANIFEST))
    change(manifest)
    with zipfile.ZipFile(path, "w") as new:
        new.writestr(archive.DUMP, dump)
        new.writestr(archive.MANIFEST, json.dumps(manifest))
