"""`manage.py up` as a person meets it: starts, stops, refuses, and cleans up after a crash.

The tests share a DATA_DIR, so that only the first of them makes a database.
"""

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest

from samskaping.embedded import paths, processes
from tests.embedded.running import Portal, alive, free_port, kill_all

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("up")]


class _Start:
    """Starts portals, and ends those a failing test leaves."""

    def __init__(self, data_dir: Path, folder: Path) -> None:
        self._data_dir = data_dir
        self._folder = folder
        self.started: list[Portal] = []

    def __call__(self, data_dir: Path | None = None, port: int | None = None, **extra: str) -> Portal:
        output = self._folder / f"{len(self.started)}.log"
        self.started.append(Portal(data_dir or self._data_dir, output, port, **extra))
        return self.started[-1]


@pytest.fixture
def start(kept_data_dir: Path, tmp_path: Path) -> Iterator[_Start]:
    starter = _Start(kept_data_dir, tmp_path)
    yield starter
    for portal in starter.started:
        if portal.child.poll() is None:
            portal.child.kill()
            portal.child.wait()
        kill_all(portal.data_dir)


def _words(process: psutil.Process) -> list[str]:
    """Of its command; a small helper of the portal's may be gone before it is asked."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def _program(data_dir: Path, word: str) -> psutil.Process:
    """The first of the marked processes with this word in its command: the one that has no marked parent."""
    found = [process for process in processes.marked(data_dir) if word in _words(process)]
    pids = {process.pid for process in found}
    return next(process for process in found if process.ppid() not in pids)


def test_it_starts_answers_refuses_a_second_and_stops_when_asked(start: _Start, tmp_path: Path) -> None:
    portal = start()
    portal.wait_ready()
    assert (portal.status("/healthz"), portal.status("/readyz")) == (200, 200)
    assert {"gunicorn", "worker", "beat"} <= {w for p in processes.marked(portal.data_dir) for w in _words(p)}

    second = start()
    assert second.ended() == 1
    assert second.said.strip() == (
        f"Samskaping already runs on {portal.data_dir} (process {portal.child.pid}). "
        "Stop it, or set another DATA_DIR."
    )

    neighbour = start(data_dir=tmp_path / "other data", port=portal.port)
    assert neighbour.ended() == 1
    assert (
        f"Port {portal.port} is taken by another program. Try: make run PORT={portal.port + 1}"
        in neighbour.said
    )
    assert not (tmp_path / "other data").exists()

    assert portal.status("/healthz") == 200
    assert portal.end(signal.SIGTERM, patience=10) == 0
    assert alive(portal.data_dir) == []
    assert not paths.socket_dir(portal.data_dir).exists()


def test_ctrl_c_stops_it_without_a_word_too_many(start: _Start) -> None:
    portal = start()
    portal.wait_ready()
    assert portal.end(signal.SIGINT, patience=10) == 0
    assert "Traceback" not in portal.said
    assert alive(portal.data_dir) == []


@pytest.mark.parametrize(
    "words", ["Redis", "web started"], ids=["while the servers start", "among the processes"]
)
def test_it_can_be_stopped_while_it_starts(start: _Start, kept_data_dir: Path, words: str) -> None:
    portal = start()
    if words == "Redis":
        while not paths.redis_socket(kept_data_dir).exists():
            time.sleep(0.01)
    else:
        portal.wait_for(words)
    assert portal.end(signal.SIGTERM, patience=10) == 0
    assert "Traceback" not in portal.said
    assert alive(portal.data_dir) == []


def test_after_kill_9_of_the_parent_the_next_start_cleans_up_and_works(start: _Start) -> None:
    portal = start()
    portal.wait_ready()
    portal.child.kill()
    portal.child.wait()
    old = {process.pid for process in alive(portal.data_dir)}
    assert len(old) >= 5, "web, worker, beat and both servers outlive their parent; else this proves nothing"
    again = start(port=portal.port)
    again.wait_ready()
    assert "stopping what it left behind" in again.said
    assert again.status("/readyz") == 200
    assert old.isdisjoint({process.pid for process in alive(portal.data_dir)})
    assert again.end() == 0
    assert alive(portal.data_dir) == []


def test_after_kill_9_of_everything_the_data_is_there(start: _Start) -> None:
    portal = start()
    portal.wait_ready()
    query = "SELECT count(*) FROM core_municipality"
    before = _number(portal.data_dir, query)
    assert before > 300
    portal.child.kill()
    portal.child.wait()
    kill_all(portal.data_dir)
    again = start(port=portal.port)
    again.wait_ready()
    assert _number(portal.data_dir, query) == before
    assert again.end() == 0


@pytest.mark.parametrize("word", ["gunicorn", "worker", "beat"])
def test_when_one_process_dies_all_stop_and_a_sentence_says_which(start: _Start, word: str) -> None:
    portal = start()
    portal.wait_ready()
    _program(portal.data_dir, word).kill()
    assert portal.ended(patience=8) == 1
    name = "web" if word == "gunicorn" else word
    assert f"«{name}» stopped by itself" in portal.said.strip().splitlines()[-1]
    assert alive(portal.data_dir) == []


def test_a_port_another_program_holds_leaves_a_used_folder_as_it_was(
    start: _Start, kept_data_dir: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        portal = start(port=other.getsockname()[1])
        assert portal.ended() == 1
    assert "is taken by another program" in portal.said
    assert alive(kept_data_dir) == []


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ({"PORT": "abc"}, "PORT is «abc». Set a whole number from 1 to 65535."),
        ({"WORKER_CONCURRENCY": "0"}, "WORKER_CONCURRENCY is «0». Set a whole number from 1 to 64."),
        ({"BIND": "192.0.2.1"}, "on 192.0.2.1 cannot be used"),
    ],
)
def test_an_odd_value_gives_one_sentence(
    start: _Start, tmp_path: Path, extra: dict[str, Any], sentence: str
) -> None:
    portal = start(data_dir=tmp_path / "data", **extra)
    assert portal.ended() == 1
    assert sentence in portal.said
    assert len(portal.said.strip().splitlines()) == 1
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_is_a_file_gives_one_sentence(start: _Start, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    portal = start(data_dir=tmp_path / "data")
    assert portal.ended() == 1
    assert portal.said.strip() == f"{tmp_path / 'data'} is not a folder. Set DATA_DIR to a folder."


def test_with_addresses_set_no_server_of_ours_is_started(
    start: _Start, tmp_path: Path, kept_data_dir: Path
) -> None:
    """Servers that are not there: the portal must look for them, and not quietly use its own."""
    nowhere = f"postgresql://portal@127.0.0.1:{free_port()}/portal"
    portal = start(
        data_dir=tmp_path / "data",
        DATABASE_URL=nowhere,
        DATABASE_OWNER_URL=nowhere,
        REDIS_URL="redis://127.0.0.1:9/0",
    )
    assert portal.ended() == 1
    assert "The database does not answer. Check DATABASE_OWNER_URL" in portal.said
    assert not (tmp_path / "data" / "postgres").exists()
    assert not (tmp_path / "data" / "redis").exists()


def _number(data_dir: Path, query: str) -> int:
    connection = psycopg2.connect(paths.database_owner_url(data_dir))
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            row = cursor.fetchone()
            assert row is not None
            return int(row[0])
    finally:
        connection.close()
