"""The portal as docker-compose.yml starts it, without Docker: the system's PostgreSQL and Redis over
TCP with passwords, the very scripts of docker/, the environment of the compose file, and Python
without the packages the image does not have.
"""

import importlib.metadata
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.deploy import compose

ROOT = compose.ROOT
# What this suite itself needs to be in an environment that otherwise holds nothing but compose's.
_BASE = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}


def postgres_programs() -> Path | None:
    """The folder with the newest PostgreSQL from the system's packages."""
    found = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: int(folder.parent.name))
    beside = shutil.which("initdb")
    return Path(beside).resolve().parent if beside else None


def missing() -> str:
    """What of the system's packages is not here, in words; empty when all is."""
    wanted = {"postgresql": postgres_programs(), "redis-server": shutil.which("redis-server")}
    return " and ".join(name for name, found in wanted.items() if not found)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def absent_in_the_image() -> str:
    """The modules installed here that requirements/production.txt does not bring, for sitecustomize."""
    lock = (ROOT / "requirements/production.txt").read_text()
    kept = {_plain(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}
    return ",".join(
        module
        for module, packages in importlib.metadata.packages_distributions().items()
        if not kept & {_plain(package) for package in packages}
    )


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


class Machine:
    """One imagined server: its folder, its servers and the portal's processes. Made by `machine`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres_port, self.redis_port, self.web_port = free_port(), free_port(), free_port()
        self.secrets = folder / "secrets"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._absent = absent_in_the_image()

    def make_secrets(self) -> None:
        addresses = {
            "POSTGRES_ADDRESS": f"127.0.0.1:{self.postgres_port}",
            "REDIS_ADDRESS": f"127.0.0.1:{self.redis_port}",
        }
        subprocess.run(
            ["sh", "docker/secrets.sh", str(self.secrets)], cwd=ROOT, env={**_BASE, **addresses}, check=True
        )

    def secret(self, name: str) -> str:
        return (self.secrets / name).read_text().strip()

    def environment(self, service: str, **given: str) -> dict[str, str]:
        """What compose would give, with the secrets' folder and the ports of this machine."""
        values = compose.environment(service, given)
        moved = {k: v.replace("/run/secrets", str(self.secrets)) for k, v in values.items()}
        return {
            **_BASE,
            **moved,
            "PORT": str(self.web_port),
            "DATA_DIR": str(self.folder / "data"),
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(ROOT / "tests/deploy/only_production"),
            "ONLY_PRODUCTION_ABSENT": self._absent,
        }

    # --- PostgreSQL -----------------------------------------------------------------------------
    def start_postgres(self) -> None:
        """A cluster of its own as the image makes it: a superuser with a password, scram, the init script."""
        programs = postgres_programs()
        assert programs is not None
        account = _unprivileged()
        data, password = self.folder / "postgres", self.folder / "postgres-password"
        data.mkdir()
        shutil.copy(self.secrets / "postgres_password", password)
        if account:
            for path in (data, password):  # the account may not look into the secrets' folder
                os.chown(path, account["user"], account["group"])
        self._run(
            [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
             "-A", "scram-sha-256", f"--pwfile={password}", "--no-sync"],
            **account,
        )  # fmt: skip
        options = {"port": self.postgres_port, "listen_addresses": "127.0.0.1", "fsync": "off"}
        flags = [part for k, v in options.items() for part in ("-c", f"{k}={v}")]
        self._spawn(
            "postgres",
            [str(programs / "postgres"), "-D", str(data), "-k", str(data), *flags],
            _BASE,
            **account,
        )
        self._wait_for_port("postgres", self.postgres_port)
        script = compose.read()["services"]["postgres"]["volumes"][1].split(":")[0]
        self._run(
            ["sh", str(ROOT / script)],
            env={
                **self.environment("postgres"),
                "PGHOST": "127.0.0.1",
                "PGPORT": str(self.postgres_port),
                "PGPASSWORD": self.secret("postgres_password"),
            },
        )

    # --- Redis ------------------------------------------------------------------------------------
    def start_redis(self) -> None:
        for name in ("redis", "redis-config"):
            (self.folder / name).mkdir(exist_ok=True)
        values = {
            **self.environment("redis"),
            "REDIS_PORT": str(self.redis_port),
            "REDIS_DATA_DIR": str(self.folder / "redis"),
            "REDIS_CONFIG_DIR": str(self.folder / "redis-config"),
        }
        self._spawn("redis", ["sh", "docker/redis.sh"], values)
        self._wait_for_port("redis", self.redis_port)

    # --- The portal ---------------------------------------------------------------------------------
    def collect_static(self) -> None:
        """What the image's first stage does."""
        environment = {**self.environment("web"), "SECRET_KEY": "x" * 64}
        for name in [name for name in environment if name.endswith("_FILE")]:
            del environment[name]
        self._run(
            [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"], env=environment
        )

    def start(self, service: str, **given: str) -> None:
        self._spawn(
            service, compose.read()["services"][service]["command"], self.environment(service, **given)
        )

    def healthy(self, service: str) -> bool:
        """What the container's health check would say."""
        test = compose.read()["services"][service]["healthcheck"]["test"][1:]
        done = subprocess.run(
            test, cwd=ROOT, env=self.environment(service), capture_output=True, timeout=20, check=False
        )
        return done.returncode == 0

    def wait_healthy(self, service: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not self.healthy(service):
            if self.running[service].poll() is not None or time.monotonic() > end:
                raise AssertionError(f"{service} did not get well:\n{self.log(service)}")
            time.sleep(0.2)

    def manage(self, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment("web", **given), capture_output=True, text=True, check=False,
        )  # fmt: skip

    def stop(self, name: str, sign: signal.Signals = signal.SIGTERM) -> float:
        """Asks the process to stop, and gives the seconds it took."""
        process = self.running.pop(name)
        begun = time.monotonic()
        process.send_signal(sign)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return time.monotonic() - begun

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    def _spawn(self, name: str, command: list[str], environment: Mapping[str, str], **options: Any) -> None:
        with (self.folder / f"{name}.log").open("ab") as output:
            self.running[name] = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                **{"cwd": ROOT, **options},
            )  # fmt: skip

    def _run(self, command: list[str], **options: Any) -> None:
        done = subprocess.run(
            command, **{"cwd": ROOT, "env": _BASE, "capture_output": True, "check": False, **options}
        )
        assert done.returncode == 0, f"{command[:3]}: {done.stderr.decode()[-2000:]}"

    def _wait_for_port(self, name: str, port: int) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end and self.running[name].poll() is None:
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(f"{name} did not start:\n{self.log(name)}")


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses root; its package brings an account for it."""
    if os.geteuid() != 0:
        return {}
    person = pwd.getpwnam("postgres")
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": [], "cwd": "/"}


@contextmanager
def machine() -> Iterator[Machine]:
    """Servers running and files collected; the portal's processes are for the caller to start."""
    # Under /tmp and open for passing through: PostgreSQL's account must reach its own folder.
    with tempfile.TemporaryDirectory(
        prefix="samskaping-servers-", dir="/tmp", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        folder.chmod(0o711)
        (folder / "tmp").mkdir()
        found = Machine(folder)
        try:
            found.make_secrets()
            found.start_postgres()
            found.start_redis()
            found.collect_static()
            yield found
        finally:
            # The servers last, so that nobody waits for one that is gone.
            for service in sorted(found.running, key=lambda n: n in ("postgres", "redis")):
                found.stop(service, signal.SIGINT if service == "postgres" else signal.SIGTERM)
