"""The folder for Unix sockets: ours alone, since whoever can enter it can be any database role."""

import os
import shutil
import stat
from pathlib import Path

from samskaping.embedded.errors import StartError


def prepare(folder: Path, owner: int | None = None) -> None:
    """Makes `folder` 0700 for `owner` (us when None). Raises StartError when it is someone else's.

    /tmp is open to all, so the folder may be a trap laid by another user: it is looked at without
    following links, and nothing is changed in a folder that is not ours.
    """
    accepted = {os.geteuid(), *([owner] if owner is not None else [])}
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in accepted:
            sentence = f"{folder} belongs to someone else. Remove it, or set another DATA_DIR."
            raise StartError(sentence) from None
        folder.chmod(0o700)
    except OSError as error:
        raise StartError(f"{folder} cannot be made ({(error.strerror or str(error)).lower()}).") from None
    os.chown(folder, owner if owner is not None else os.geteuid(), -1)


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
