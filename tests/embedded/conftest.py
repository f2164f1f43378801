import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from samskaping.embedded import accounts, paths, sockets
from tests.embedded import running


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A folder as people have them: spaces and Norwegian letters in its name, not there yet."""
    folder = tmp_path / "mine prosjekter på disk" / "data"
    yield folder
    _clear(folder)


@pytest.fixture(scope="module")
def kept_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One DATA_DIR for a module's tests, which start the portal on it again and again."""
    folder = tmp_path_factory.mktemp("en mappe") / "data"
    yield folder
    _clear(folder)


@pytest.fixture
def tmpfs(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Mounts a disk of a chosen size, or a read-only one."""
    mounted = []

    def mount(options: str) -> Path:
        folder = tmp_path / "disk"
        folder.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False
        )
        if done.returncode != 0:
            pytest.skip("mounting a disk takes root's full rights")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def needs_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("takes root to become someone else")


def _clear(folder: Path) -> None:
    running.kill_all(folder)
    sockets.remove(paths.socket_dir(folder))
    shutil.rmtree(accounts.homes(folder)[1].parent, ignore_errors=True)
