"""Making a backup: the census and pg_dump's dump see the same moment."""

import errno
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections, transaction
from django.utils.crypto import salted_hmac

from samskaping.backup import archive, census, programs
from samskaping.backup.errors import BackupError


@dataclass(frozen=True)
class Made:
    path: Path
    manifest: archive.Manifest
    removed: list[Path]


def fingerprint(key: str) -> str:
    """Tells whether a key is the same without telling the key."""
    return salted_hmac("samskaping.backup", "key", secret=key, algorithm="sha256").hexdigest()


def backup_make(target: Path, *, keep: int | None = None) -> Made:
    """Writes everything in the database to `target`: a file, or a folder in which it gets a name by the time.

    Raises BackupError with one sentence; then nothing is left at `target` that was not there.
    """
    moment = datetime.now(UTC)
    path = target / archive.name_at(moment) if target.is_dir() else target
    try:
        with archive.drafted(path) as writer:
            manifest = _write(writer, moment)
        removed = archive.forget_old(path.parent, keep=keep) if keep else []
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            reason = "the disk is full"
        else:
            reason = (error.strerror or str(error)).lower().rstrip(".")
        raise BackupError(f"{path} could not be written ({reason}).") from None
    except DatabaseError as error:
        raise BackupError(f"The database could not be read ({first_line(error)}).") from None
    return Made(path, manifest, removed)


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _write(writer: archive.Writer, moment: datetime) -> archive.Manifest:
    connection = connections["owner"]
    with transaction.atomic(using="owner"), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # The server must not take our silence, while pg_dump works, for having been forgotten.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version_num')::int / 10000")
        snapshot, server = cursor.fetchone()
        program, version = programs.choose("pg_dump", at_least=server)
        if "django_migrations" not in census.tables(cursor):
            message = "There is nothing in this database to back up: the portal has never been started on it."
            raise BackupError(message)
        cursor.execute("SELECT app, name FROM public.django_migrations ORDER BY id")
        migrations = cursor.fetchall()
        command = [
            str(program), "--format=custom", "--no-owner", "--no-privileges", "--schema=public",
            f"--snapshot={snapshot}", "--no-password", f"--dbname={programs.address(connection)}",
        ]  # fmt: skip
        with _output_of(command, programs.environment(connection)) as output:
            dump = writer.take_dump(output)
        manifest = {
            "format": archive.FORMAT,
            "made_at": moment.isoformat(timespec="seconds"),
            "server": server,
            "pg_dump": version,
            "migrations": [f"{app}.{name}" for app, name in migrations],
            "key": fingerprint(settings.SECRET_KEY),
            "dump": dump,
            "census": census.take(cursor),
        }
    writer.take_manifest(manifest)
    return manifest


@contextmanager
def _output_of(command: list[str], environment: dict[str, str]) -> Iterator[IO[bytes]]:
    """What the program writes. Raises BackupError when it ends badly: half a dump looks like a dump."""
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=environment
        )
        try:
            assert child.stdout is not None  # noqa: S101 - for the type checker: it was asked for
            with child.stdout:
                yield child.stdout
            code = child.wait()
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        if code != 0:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines() or [f"it ended with {code}"]
            raise BackupError(f"pg_dump could not read the database ({lines[0]}).")
