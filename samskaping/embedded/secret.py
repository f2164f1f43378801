"""The key the portal signs with, made once and kept beside the data. Standard library only."""

import os
import secrets
from pathlib import Path


def ensure(data: Path) -> Path:
    """The file that holds the key. Made whole or not at all, and by one process only."""
    path = data / "secret_key"
    if path.exists():
        return path
    data.mkdir(parents=True, exist_ok=True)
    draft = data / f".secret_key.{os.getpid()}"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # unlike a rename it never replaces a key that came first
        except FileExistsError:
            return path
    finally:
        draft.unlink(missing_ok=True)
    return path


def read(data: Path) -> str:
    """The key, or a passing one before the first start: then there is nothing signed that it must fit."""
    try:
        return (data / "secret_key").read_text(encoding="utf-8").strip()
    except OSError:
        return secrets.token_urlsafe(50)


def put_in_environment(data: Path) -> None:
    """Points SECRET_KEY_FILE at the key, unless the environment already has one."""
    if not (os.environ.get("SECRET_KEY", "").strip() or os.environ.get("SECRET_KEY_FILE", "").strip()):
        os.environ["SECRET_KEY_FILE"] = str(ensure(data))
