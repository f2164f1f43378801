"""The real servers, on data of their own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from samskaping.embedded import accounts, engines, paths, postgres, processes
from samskaping.embedded.errors import StartError
from tests.embedded import running

pytestmark = pytest.mark.xdist_group("engines")


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Engines]:
    with engines.start(tmp_path_factory.mktemp("to servere") / "data", fsync=False) as started:
        yield started


def test_the_app_role_uses_and_does_not_make(servers: engines.Engines) -> None:
    for statement in (
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE other",
        "CREATE DATABASE mine",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(servers.database_url, statement)


def test_neither_role_is_superuser_and_the_owner_may_make_test_databases(servers: engines.Engines) -> None:
    roles = (
        "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles "
        "WHERE rolname IN ('portal_app', 'portal_owner') ORDER BY rolname"
    )
    assert ask(servers.database_url, roles) == [
        ("portal_app", False, False, False),
        ("portal_owner", False, True, False),
    ]
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'samskaping'"
    assert ask(servers.database_url, owner) == [("portal_owner",)]


def test_no_superuser_gets_in(servers: engines.Engines) -> None:
    with pytest.raises(psycopg2.OperationalError, match=r"no pg_hba\.conf entry"):
        psycopg2.connect(servers.database_url.replace("portal_app", "portal_engine"))


def test_capitals_of_norwegian_letters_are_known(servers: engines.Engines) -> None:
    """Plain C does not know them, and a search for «åse» would not find «ÅSE»."""
    assert ask(servers.database_url, "SELECT lower('ÆØÅSE'), upper('čáhci'), 'Åse' ILIKE 'åse'") == [
        ("æøåse", "ČÁHCI", True)
    ]


def test_no_network_port_is_open(servers: engines.Engines) -> None:
    assert ask(servers.database_url, "SHOW listen_addresses") == [("",)]
    for process in running.alive(servers.data_dir):
        # PostgreSQL's own workers come and go: one that ended meanwhile listens to nothing.
        with contextlib.suppress(psutil.NoSuchProcess):
            assert [c for c in process.net_connections("inet") if c.status == "LISTEN"] == []


def test_redis_answers_and_forgets_nothing(servers: engines.Engines) -> None:
    client = redis.Redis.from_url(servers.redis_url)
    assert client.ping()
    wanted = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "port": "0"}
    assert {name: client.config_get(name)[name] for name in wanted} == wanted
    assert paths.redis_socket(servers.data_dir).stat().st_mode & 0o777 == 0o700


def test_a_second_start_on_the_same_data_is_refused(servers: engines.Engines) -> None:
    code = (
        "import sys; from pathlib import Path; from samskaping.embedded import engines\n"
        f"engines.start(Path({str(servers.data_dir)!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=paths.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"already run on {servers.data_dir} (process {os.getpid()})" in done.stderr
    assert ask(servers.database_url, "SELECT 1") == [(1,)]


def test_two_checkouts_at_once(servers: engines.Engines, data_dir: Path) -> None:
    with engines.start(data_dir, fsync=False) as other:
        ask(other.database_owner_url, "CREATE TABLE here (id int)")
        assert ask(other.database_url, "SELECT to_regclass('here') IS NOT NULL") == [(True,)]
        assert ask(servers.database_url, "SELECT to_regclass('here') IS NOT NULL") == [(False,)]


def test_stopping_leaves_nothing_running_and_the_data_stays(data_dir: Path) -> None:
    with engines.start(data_dir, fsync=False) as first:
        ask(first.database_owner_url, "CREATE TABLE kept AS SELECT 42 AS answer")
        redis.Redis.from_url(first.redis_url).set("kept", "yes")
    assert running.alive(data_dir) == []
    assert not paths.socket_dir(data_dir).exists()
    with engines.start(data_dir, fsync=False) as second:
        assert ask(second.database_owner_url, "SELECT answer FROM kept") == [(42,)]
        assert redis.Redis.from_url(second.redis_url).get("kept") == b"yes"


def test_power_loss_is_cared_for_unless_told_otherwise(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EMBEDDED_FSYNC", raising=False)
    with engines.start(data_dir, with_redis=False) as careful:
        assert ask(careful.database_url, "SHOW fsync") == [("on",)]
    monkeypatch.setenv("EMBEDDED_FSYNC", "0")
    with engines.start(data_dir, with_redis=False) as careless:
        assert ask(careless.database_url, "SHOW fsync") == [("off",)]


@pytest.mark.fault
@pytest.mark.parametrize(
    "everything", [False, True], ids=["the parent's servers live on", "all killed at once"]
)
def test_after_kill_9_the_next_start_finds_the_data(data_dir: Path, *, everything: bool) -> None:
    abandoned = os.fork()
    if abandoned == 0:  # the parent that will be killed: starts servers and never stops them
        engines.start(data_dir, fsync=True)
        (data_dir / "run" / "up").touch()
        signal.pause()
    while not (data_dir / "run" / "up").exists():
        time.sleep(0.02)
    ask(paths.database_owner_url(data_dir), "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(abandoned, signal.SIGKILL)
    os.waitpid(abandoned, 0)
    old = {process.pid for process in running.alive(data_dir)}
    assert old, "the servers outlive their parent; that is what the next start must deal with"
    if everything:
        running.kill_all(data_dir)
    with engines.start(data_dir) as again:
        assert ask(again.database_owner_url, "SELECT answer FROM kept") == [(42,)]
        assert old.isdisjoint({process.pid for process in running.alive(data_dir)})
    assert running.alive(data_dir) == []


@pytest.mark.fault
def test_a_stale_pid_file_that_names_a_stranger_harms_neither(data_dir: Path) -> None:
    engines.start(data_dir, fsync=False, with_redis=False).stop()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        (data_dir / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n{data_dir / 'postgres'}\n")
        engines.start(data_dir, fsync=False, with_redis=False).stop()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_data_of_another_version_is_not_touched(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "PG_VERSION").write_text("15\n")
    with pytest.raises(StartError, match="is PostgreSQL 15's; the portal runs 18"):
        engines.start(data_dir)
    assert [path.name for path in (data_dir / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_server_that_cannot_start_says_why_and_leaves_nothing_running(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(postgres._SETTINGS, "max_connections", "many")
    with pytest.raises(StartError, match=r'PostgreSQL could not start \(.*"max_connections": "many"'):
        engines.start(data_dir, fsync=False)
    assert running.alive(data_dir) == []


# --- who it runs as ------------------------------------------------------------------------------


def test_root_in_a_checkout_only_root_may_enter(tmp_path: Path, needs_root: None) -> None:
    closed = tmp_path / "bare for root"
    closed.mkdir(mode=0o700)
    reachable = accounts._copy_binaries(postgres.binaries(), closed)
    account = accounts.choose(closed, reachable)
    if not account.prefix:
        pytest.skip("user namespaces are blocked here")
    with engines.start(closed / "data", fsync=False) as servers:
        assert ask(servers.database_url, "SELECT 1") == [(1,)]
        (postmaster, *_) = processes.working_in(closed / "data" / "postgres", "postgres")
        assert postmaster.uids().real == 0, "seen from outside it is root's; inside it is nobody"


def test_root_where_namespaces_are_blocked(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, needs_root: None
) -> None:
    """The service folder; and the data follows when the way of running changes."""
    data_dir.parent.mkdir(mode=0o700)
    _, service = accounts.homes(data_dir)
    monkeypatch.setenv("EMBEDDED_NAMESPACE", "0")
    with engines.start(data_dir, fsync=False) as servers:
        ask(servers.database_owner_url, "CREATE TABLE kept AS SELECT 42 AS answer")
        server = processes.working_in(service, "postgres")[0]
        assert server.username() == "nobody"
        assert not (data_dir / "postgres").exists()
    monkeypatch.delenv("EMBEDDED_NAMESPACE")
    with engines.start(data_dir, fsync=False) as servers:
        assert ask(servers.database_owner_url, "SELECT answer FROM kept") == [(42,)]
    monkeypatch.setenv("EMBEDDED_NAMESPACE", "0")
    with engines.start(data_dir, fsync=False) as servers:
        assert ask(servers.database_owner_url, "SELECT answer FROM kept") == [(42,)]


def test_an_ordinary_user(tmp_path: Path, needs_root: None, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "en vanlig bruker"
    home.mkdir(mode=0o700)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o011)  # a way in to the home, as /home has
    reachable = accounts._copy_binaries(postgres.binaries(), home)
    monkeypatch.setattr(postgres, "binaries", lambda: reachable)
    for path in (home, *home.rglob("*")):
        os.chown(path, 2, 2, follow_symlinks=False)
    assert _as_user(2, lambda: _start_and_ask(home / "data")) == 0
    assert running.alive(home / "data") == []


def _start_and_ask(data: Path) -> None:
    with engines.start(data, fsync=False) as servers:
        assert ask(servers.database_url, "SELECT 1") == [(1,)]
        assert redis.Redis.from_url(servers.redis_url).ping()
        assert processes.working_in(data / "postgres", "postgres")[0].uids().real == os.geteuid()


def _as_user(uid: int, work: Callable[[], None]) -> int:
    """Runs `work` in a forked child as another user, which may not even read the Python it runs on."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            os.chdir("/")
            work()
            code = 0
        except BaseException as error:
            os.write(2, f"{error!r}\n".encode())
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
