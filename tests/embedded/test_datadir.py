"""A folder that cannot hold the data gives one sentence and is left as it was."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from samskaping.embedded import datadir, engines, paths
from samskaping.embedded.errors import StartError

pytestmark = pytest.mark.fault


def test_a_file_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    with pytest.raises(StartError, match="is not a folder"):
        datadir.prepare(tmp_path / "data")
    with pytest.raises(StartError, match="is not a folder"):
        datadir.prepare(tmp_path / "data" / "under")
    assert (tmp_path / "data").read_text() == "mine"


def test_a_link_that_points_nowhere(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(tmp_path / "gone")
    with pytest.raises(StartError, match="is not a folder"):
        datadir.prepare(tmp_path / "data")


def test_a_read_only_disk(tmpfs: Callable[..., Path]) -> None:
    disk = tmpfs("ro,size=400m")
    with pytest.raises(StartError, match="cannot be written"):
        datadir.prepare(disk / "data")


def test_a_folder_of_someone_else(tmp_path: Path, needs_root: None) -> None:
    """In a process of another user, since root may write everywhere."""
    tmp_path.chmod(0o755)
    code = (
        f"import sys, os; sys.path.insert(0, {str(paths.REPOSITORY)!r}); from pathlib import Path; "
        "from samskaping.embedded import datadir; os.setuid(12345); "
        f"datadir.prepare(Path({str(tmp_path / 'data')!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "cannot be written" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_nearly_full_disk_is_seen_before_anything_is_made(tmpfs: Callable[..., Path]) -> None:
    disk = tmpfs("size=20m")
    with pytest.raises(StartError, match="nearly full: 20 MB free, 300 MB needed"):
        engines.start(disk / "data")
    assert list(disk.iterdir()) == []


def test_a_disk_that_fills_while_the_database_is_made(
    tmpfs: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmpfs("size=20m")
    monkeypatch.setattr(datadir, "FIRST_START", 0)
    with pytest.raises(StartError, match="is full"):
        engines.start(disk / "data", fsync=False)
    left = {path.name for path in (disk / "data").iterdir()}
    assert left == {"run", "log"}, "no half database, not even a draft"


def test_a_lock_is_seen_by_others_and_ends_with_its_process(tmp_path: Path) -> None:
    datadir.prepare(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(paths.REPOSITORY)!r}); from pathlib import Path; "
        "from samskaping.embedded import datadir\n"
        f"with datadir.locked(Path({str(tmp_path)!r}), 'up', ''): print('taken', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == b"taken\n"
        assert datadir.held_by(tmp_path, "up") == other.pid
        with (
            pytest.raises(StartError, match=f"process {other.pid}"),
            datadir.locked(tmp_path, "up", "process {pid}"),
        ):
            pass
        other.kill()
    assert datadir.held_by(tmp_path, "up") is None
    with datadir.locked(tmp_path, "up", ""):
        pass
