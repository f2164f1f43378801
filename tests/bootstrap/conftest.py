import os
import shutil
from pathlib import Path

import pytest

from samskaping.bootstrap.console import Console
from samskaping.embedded import paths


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path / "setup.log", steps=1)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH: only what a test puts there exists on this machine."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What set-up needs of the repository, in a folder with a space in its name."""
    folder = tmp_path / "en fersk klone"
    for name in ("samskaping/bootstrap", "samskaping/embedded", "requirements"):
        shutil.copytree(
            paths.REPOSITORY / name,
            folder / name,
            ignore=shutil.ignore_patterns("__pycache__"),
            symlinks=True,
        )
    for name in ("Makefile", "package.json", "package-lock.json", ".npmrc", "samskaping/__init__.py"):
        shutil.copy(paths.REPOSITORY / name, folder / name)
    return folder


@pytest.fixture
def clean_environment() -> dict[str, str]:
    dropped = ("DATABASE_", "REDIS_URL", "DJANGO_", "DATA_DIR", "SECRET_KEY", "PIP_", "MAKE", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)}


def write_program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
