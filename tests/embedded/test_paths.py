import os
import stat
from pathlib import Path
from urllib.parse import unquote

import dj_database_url
import pytest

from samskaping.embedded import paths, secret, sockets
from samskaping.embedded.errors import StartError


def test_the_data_folder_is_in_the_repository_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATA_DIR", raising=False)
    assert paths.data_dir() == paths.REPOSITORY / "var"
    monkeypatch.setenv("DATA_DIR", "/somewhere/else")
    assert paths.data_dir() == Path("/somewhere/else")


def test_a_relative_data_folder_does_not_follow_the_current_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", "other data")
    monkeypatch.chdir(tmp_path)
    assert paths.data_dir() == paths.REPOSITORY / "other data"


def test_the_addresses_are_read_back_as_they_were_meant() -> None:
    data = Path("/a folder/with æøå")
    read = dj_database_url.parse(paths.database_url(data))
    assert read["HOST"] == str(paths.socket_dir(data))
    assert (read["USER"], read["NAME"]) == ("portal_app", "samskaping")
    assert dj_database_url.parse(paths.database_owner_url(data))["USER"] == "portal_owner"
    assert unquote(paths.redis_url(data)) == f"unix://{paths.socket_dir(data)}/redis.sock"


def test_the_socket_is_short_and_its_own_however_deep_the_data_is() -> None:
    deep = Path("/", *["a long folder name"] * 30)
    assert len(os.fsencode(paths.socket_dir(deep) / ".s.PGSQL.5432")) < 90
    assert paths.socket_dir(deep) != paths.socket_dir(deep / "other")


def test_the_socket_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "sockets"
    folder.mkdir(mode=0o777)
    sockets.prepare(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_someone_elses_socket_folder_is_refused(tmp_path: Path, needs_root: None) -> None:
    folder = tmp_path / "sockets"
    folder.mkdir(mode=0o755)
    os.chown(folder, 12345, 12345)
    with pytest.raises(StartError, match="belongs to someone else"):
        sockets.prepare(folder)
    assert folder.stat().st_uid == 12345


def test_a_link_in_place_of_the_socket_folder_is_refused(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.mkdir(mode=0o755)
    (tmp_path / "sockets").symlink_to(trap)
    with pytest.raises(StartError, match="belongs to someone else"):
        sockets.prepare(tmp_path / "sockets")
    assert stat.S_IMODE(trap.stat().st_mode) == 0o755


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = secret.ensure(tmp_path / "data")
    key = path.read_text()
    assert len(key.strip()) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret.ensure(tmp_path / "data").read_text() == key
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secret_key"]


def test_a_key_in_the_environment_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "x" * 50)
    monkeypatch.delenv("SECRET_KEY_FILE", raising=False)
    secret.put_in_environment(tmp_path)
    assert "SECRET_KEY_FILE" not in os.environ
    assert not (tmp_path / "secret_key").exists()
