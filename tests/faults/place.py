"""Servers and processes of their own, that a scenario may kill, fill and starve as it likes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import redis as redis_client

from samskaping.embedded import accounts, datadir, paths, postgres, processes, redis, sockets
from tests.embedded import running
from tests.faults.sink import MailSink

_SECRET = "only-the-faults-sign-with-this-key-and-nobody-else-does"


class Place:
    """PostgreSQL, Redis, a mail server, and whatever processes of the portal were started on them.

    `quick`: waits of seconds (worker_app.py). Otherwise everything has production's numbers.
    """

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.data = folder / "data"
        self.log = folder / "programs.log"
        self.quick = quick
        self.sink = MailSink()
        # Moments after which a mail may rightly come once more: whoever may have been sending was killed.
        self.blows: list[float] = []
        self.programs: list[Program] = []
        self._account: accounts.Account | None = None
        self.within = 30.0 if quick else 120.0

    # --- servers ------------------------------------------------------------------------------------
    def start(self) -> None:
        datadir.prepare(self.data)
        self._account = accounts.choose(self.data, postgres.binaries())
        sockets.prepare(paths.socket_dir(self.data), owner=self._account.uid)
        self.start_postgres()
        self.start_redis()
        self.sink.start()
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--database=owner", "--verbosity=0"],
            cwd=paths.REPOSITORY, env=self.environment(), check=True,
        )  # fmt: skip
        self.sql("CREATE TABLE fault_effect (key text NOT NULL)")
        self.sql(f"GRANT ALL ON fault_effect TO {paths.APP}")

    def environment(self, **extra: str) -> dict[str, str]:
        quick = {"FAULT_QUICK": "6"} if self.quick else {}
        return {
            **running.environment(self.data),
            "DJANGO_SETTINGS_MODULE": "samskaping.settings.test",
            "DATABASE_URL": paths.database_url(self.data),
            "DATABASE_OWNER_URL": paths.database_owner_url(self.data),
            "REDIS_URL": paths.redis_url(self.data),
            "MAIL_URL": self.sink.url,
            "DEBUG": "0",
            "SECRET_KEY": _SECRET,
            "LOG_LEVEL": "WARNING",
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
            "REMAP_SIGTERM": "SIGQUIT",
            processes.MARK: str(self.data),
            **quick,
            **extra,
        }

    def start_postgres(self) -> None:
        assert self._account is not None
        self._postgres = postgres.start(self.data, paths.socket_dir(self.data), self._account, fsync=True)

    def restart_postgres_at_once(self) -> None:
        """What `pg_ctl restart -m immediate` does: no farewell, and the log is played at the next start."""
        child = self._postgres._child
        child.send_signal(signal.SIGQUIT)
        child.wait(20)
        self.start_postgres()

    def start_redis(self) -> None:
        self._redis = redis.start(self.data, paths.redis_socket(self.data))

    def kill_redis(self, *, forget: bool = True) -> None:
        self._redis._child.kill()
        self._redis._child.wait()
        if forget:
            shutil.rmtree(self.data / "redis")

    @property
    def redis(self) -> "redis_client.Redis":
        return redis_client.Redis.from_url(paths.redis_url(self.data))

    def sql(self, query: str, *values: object, role: str = paths.OWNER) -> list[tuple[Any, ...]]:
        """Rows, when the query gives some."""
        connection = psycopg2.connect(paths.database_owner_url(self.data), user=role)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(query, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    # --- processes of the portal ------------------------------------------------------------------------
    def worker(self, **extra: str) -> "Program":
        name = f"--hostname=w{len(self.programs)}@%h"
        options = ("--concurrency=2", "--loglevel=WARNING", "--without-gossip", "--without-mingle", name)
        return self._celery("worker", *options, **extra)

    def beat(self, schedule: str = "beat-schedule", **extra: str) -> "Program":
        options = ("-s", str(self.data / "run" / schedule), "--pidfile=", "--loglevel=WARNING")
        return self._celery("beat", *options, **extra)

    def web(self, **extra: str) -> "Program":
        port = running.free_port()
        # Not `python -m gunicorn`: started again by USR2 it would find its own `http` before Python's.
        gunicorn = Path(sys.executable).with_name("gunicorn")
        environment = self.environment(**{"PORT": str(port), "WEB_WORKERS": "2", **extra})
        command = [str(gunicorn), "-c", "samskaping/gunicorn.py", "tests.faults.web_app"]
        program = self._start(Program(command, environment, self.log))
        program.port = port
        program.wait_for_web()
        return program

    def _celery(self, *arguments: str, **extra: str) -> "Program":
        command = [sys.executable, "-m", "celery", "--quiet", "-A", "tests.faults.worker_app", *arguments]
        return self._start(Program(command, self.environment(**extra), self.log))

    def _start(self, program: "Program") -> "Program":
        self.programs.append(program)
        program.start()
        return program

    def hand(self, **extra: str) -> "Hand":
        return Hand(self.environment(**extra), self.log)

    # --- between scenarios --------------------------------------------------------------------------
    def clear(self) -> None:
        """As new: no process, no promise, no letter, an empty Redis that takes everything."""
        for program in self.programs:
            program.kill()
        self.programs.clear()
        self.blows.clear()
        if not (self.data / "redis").exists() or self._redis._child.poll() is not None:
            self.start_redis()
        self.redis.config_set("maxmemory", 0)
        self.redis.flushall()
        self.sql(
            "TRUNCATE core_outbox, fault_effect, core_onetimecode, core_ratelimit, core_county, "
            "accounts_user CASCADE"
        )
        for path in (self.data / "run").glob("beat*"):
            path.unlink()
        self.sink.reset()

    def stop(self) -> None:
        for program in self.programs:
            program.kill()
        self.sink.stop()
        running.kill_all(self.data)
        sockets.remove(paths.socket_dir(self.data))

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""


class Program:
    """One process of the portal with its children; started again under the same name, as its keeper would."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.port = 0
        self._command, self._environment, self._log = command, environment, log

    def start(self) -> None:
        with self._log.open("ab") as out:
            self.child = subprocess.Popen(
                self._command, cwd=paths.REPOSITORY, env=self._environment,
                stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    @property
    def family(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            leader = psutil.Process(self.child.pid)
            return [leader, *leader.children(recursive=True)]
        return []

    @property
    def children(self) -> list[psutil.Process]:
        """Those that do the work."""
        return [process for process in self.family[1:] if process.ppid() == self.child.pid]

    def kill(self) -> None:
        """-9 for all of it, as when the machine is switched off."""
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def terminate(self) -> int:
        self.child.terminate()
        return self.child.wait(12)

    def wait_for_web(self) -> None:
        import http.client

        def answers() -> bool:
            assert self.child.poll() is None, "web has ended"
            with suppress(OSError):
                line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                line.request("GET", "/healthz")
                return line.getresponse().status == 200
            return False

        wait_for(answers, 60)


class Hand:
    """A process of the portal that promises what it is told to (hand.py)."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._out = log.open("ab")
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.hand"], cwd=paths.REPOSITORY, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._out, text=True,
        )  # fmt: skip

    def ask(self, do: str, **what: Any) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self._child.stdin.flush()

    def answer(self) -> Any:
        """What it got. Raises HandFailed with the name of what went wrong."""
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        assert line, "the hand has ended; its log says why"
        found = json.loads(line)
        if "error" in found:
            raise HandFailed(f"{found['error']}: {found['said']}")
        return found["got"]

    def tell(self, do: str, **what: Any) -> Any:
        self.ask(do, **what)
        return self.answer()

    def promise(self, keys: Iterable[str], kind: str = "fault_mail") -> list[str]:
        made: list[str] = self.tell("promise", kind=kind, keys=list(keys))
        return made

    def stop(self) -> None:
        self._child.kill()
        self._child.communicate()
        self._out.close()


class HandFailed(Exception):
    pass


@contextmanager
def place(*, quick: bool) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="samskaping faults ", ignore_cleanup_errors=True) as folder:
        made = Place(Path(folder), quick=quick)
        try:
            made.start()
            yield made
        finally:
            made.stop()


def lacking(defence: str) -> dict[str, str]:
    """The environment of a program that lacks one (worker_app.py, web_app.py)."""
    return {"FAULT_WITHOUT": defence} if defence else {}


def wait_for(what: Callable[[], Any], seconds: float, every: float = 0.05) -> Any:
    """The first true answer. Raises AssertionError when none comes in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(every)
    raise AssertionError(f"nothing came within {seconds} seconds")
