"""What `manage.py up` does: servers, release, then web, worker and beat until asked to stop."""

import errno
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from samskaping import env
from samskaping.embedded import datadir, engines, paths, processes, ready, secret
from samskaping.embedded.errors import StartError
from samskaping.embedded.supervisor import Supervisor

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StopAsked(BaseException):
    """Ctrl-C or SIGTERM. Not an Exception: nobody on the way may take it for an error."""


@dataclass(frozen=True)
class Plan:
    data_dir: Path
    host: str
    port: int
    concurrency: int
    own_postgres: bool
    own_redis: bool

    @classmethod
    def from_environment(cls) -> "Plan":
        """Raises BadEnvironment when a value is odd."""
        return cls(
            data_dir=paths.data_dir(),
            host=env.address("BIND", "127.0.0.1"),
            port=env.number("PORT", 8000, low=1, high=65535),
            concurrency=env.number("WORKER_CONCURRENCY", 2, low=1, high=64),
            own_postgres=not env.is_set("DATABASE_URL"),
            own_redis=not env.is_set("REDIS_URL"),
        )

    @property
    def address(self) -> str:
        """Where this machine reaches the web process."""
        return f"http://{'127.0.0.1' if self.host == '0.0.0.0' else self.host}:{self.port}"  # noqa: S104


def run(site_url: str) -> int:
    """Returns 0 when asked to stop. Raises StartError with one sentence when it cannot start or go on."""
    plan = Plan.from_environment()
    with _stop_signals_raise():
        try:
            with ExitStack() as stack:
                _take_place(plan, stack)
                stack.enter_context(
                    engines.start(plan.data_dir, with_postgres=plan.own_postgres, with_redis=plan.own_redis)
                )
                # Whatever happens from here, no process of ours is left to meet a stopped database.
                stack.callback(lambda: processes.stop(processes.marked(plan.data_dir), patience=2))
                _release(plan)
                _supervise(plan, site_url)
        except StopAsked:
            print("Stopped.", flush=True)
    return 0


def _take_place(plan: Plan, stack: ExitStack) -> None:
    """Makes sure that this DATA_DIR and this port are ours, before anything is made."""
    running = "Samskaping already runs on {folder} (process {pid}). Stop it, or set another DATA_DIR."
    holder = datadir.held_by(plan.data_dir, "up")
    if holder is not None:
        raise StartError(running.format(folder=plan.data_dir, pid=holder))
    if not (plan.data_dir / "run").exists():
        _check_port(plan)  # nothing of ours can be holding it, so nothing needs to be made first
    datadir.prepare(plan.data_dir)
    stack.enter_context(datadir.locked(plan.data_dir, "up", running))
    left = processes.marked(plan.data_dir)
    if left:
        print("An earlier start was cut short; stopping what it left behind.", flush=True)
        processes.stop(left, patience=4)
    _check_port(plan)
    secret.put_in_environment(plan.data_dir)


def _check_port(plan: Plan) -> None:
    with socket.socket(socket.AF_INET6 if ":" in plan.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((plan.host.strip("[]"), plan.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                other = plan.port + 1 if plan.port < 65535 else 8000
                sentence = f"Port {plan.port} is taken by another program. Try: make run PORT={other}"
            else:
                reason = (error.strerror or str(error)).lower()
                sentence = f"Port {plan.port} on {plan.host} cannot be used ({reason}). Set PORT or BIND."
            raise StartError(sentence) from None


def _environment(plan: Plan) -> dict[str, str]:
    return {
        **os.environ,
        "DATA_DIR": str(plan.data_dir),
        "PYTHONUNBUFFERED": "1",
        # Celery's soft shutdown: a few seconds for the task at hand, then it goes back to the queue.
        "REMAP_SIGTERM": "SIGQUIT",
        # Root is what many containers are; celery's eight lines about it at every start help nobody there.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
        processes.MARK: str(plan.data_dir),
    }


def _release(plan: Plan) -> None:
    """Migrations, reference data, the demo on first start. Raises StartError when it fails."""
    child = subprocess.Popen(
        [sys.executable, "manage.py", "release"],
        cwd=paths.REPOSITORY,
        env=_environment(plan),
        start_new_session=True,  # Ctrl-C reaches us, and we stop it
    )
    try:
        code = child.wait()
    except BaseException:
        processes.stop_child(child, patience=3)
        raise
    if code != 0:
        raise StartError("The database could not be made ready (manage.py release); the lines above say why.")


def _supervise(plan: Plan, site_url: str) -> None:
    programs = {
        "web": ("gunicorn", "-c", "samskaping/gunicorn.py", "samskaping.wsgi"),
        "worker": ("celery", "--quiet", "-A", "samskaping", "worker", *_worker(plan)),
        "beat": ("celery", "--quiet", "-A", "samskaping", "beat", *_beat(plan)),
    }
    supervisor = Supervisor(lambda running: ready.announce(running, plan.address, site_url))
    for name, program in programs.items():
        command = shlex.join([sys.executable, "-m", *program])
        supervisor.add(name, command, _environment(plan), paths.REPOSITORY)
    supervisor.loop()
    if not supervisor.asked:
        ended = supervisor.first_to_end
        raise StartError(
            f"«{ended}» stopped by itself, so the rest was stopped too; the lines above say why."
        )


def _worker(plan: Plan) -> tuple[str, ...]:
    # One worker on a Redis of its own has nobody to gossip with.
    return (f"--concurrency={plan.concurrency}", "--loglevel=WARNING", "--without-gossip", "--without-mingle")


def _beat(plan: Plan) -> tuple[str, ...]:
    return ("-s", str(plan.data_dir / "run" / "beat-schedule"), "--pidfile=", "--loglevel=WARNING")


@contextmanager
def _stop_signals_raise() -> Iterator[None]:
    """Within, the first stop signal raises StopAsked and the next are ignored: stopping is not stopped."""

    def ask(number: int, frame: FrameType | None) -> None:
        for sign in _STOP_SIGNALS:
            signal.signal(sign, signal.SIG_IGN)
        raise StopAsked

    before = {sign: signal.signal(sign, ask) for sign in _STOP_SIGNALS}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
