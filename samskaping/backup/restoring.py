"""Restoring: everything in one transaction, compared with the manifest before it is committed."""

import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import Error as DatabaseError
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from psycopg2 import sql

from samskaping.backup import archive, census, probe, programs, script
from samskaping.backup.errors import BackupError
from samskaping.backup.making import fingerprint, first_line
from samskaping.core.db import add_only_tables, grant_to_app_role
from samskaping.core.models import AuditEvent, OneTimeCode, Restore
from samskaping.core.services.replay import replay_guard_set
from samskaping.core.statistics import count_anew

# Signed in long ago, on devices that may be gone since: nobody is, after a restore. Codes go with them.
_SIGNED_IN = {"django_session", "accounts_signin", OneTimeCode._meta.db_table}


@dataclass
class Restored:
    held: int = 0
    migrated: bool = False
    trouble: list[str] = field(default_factory=list)


def check(path: Path, *, key_lost: bool) -> archive.Manifest:
    """The manifest of a file that can be restored here. Raises BackupError; touches nothing."""
    manifest = archive.read_manifest(path)
    archive.check_dump(path, manifest)
    loader = MigrationExecutor(connections["owner"]).loader
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    newer = [name for name in manifest["migrations"] if name not in known]
    if newer:
        raise BackupError(
            f"The backup was made by a newer portal (it has {newer[0]}). "
            "Restore it with that version or later."
        )
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not key_lost and manifest["key"] not in map(fingerprint, keys):
        raise BackupError(
            "The backup was made with another SECRET_KEY, and without it nobody's authenticator app works. "
            "Set SECRET_KEY, or SECRET_KEY_FALLBACKS, to the one from then. If it is lost, say --key-lost."
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        (server,) = cursor.fetchone()
    if server < manifest["server"]:
        raise BackupError(
            f"The backup is from PostgreSQL {manifest['server']} and this server is {server}. "
            "Use a newer one."
        )
    programs.choose("pg_restore", at_least=manifest["pg_dump"])
    return manifest


def refuse_while_in_use() -> None:
    """Raises BackupError when anybody else is connected: web, worker, beat, a backup, another restore."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            # Of another role's session the owner sees who and where, and little else: not what kind it is.
            # The server's own workers belong to nobody.
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND usesysid IS NOT NULL AND pid <> pg_backend_pid()"
        )
        (others,) = cursor.fetchone()
    if others:
        raise BackupError(f"The portal runs on this database ({others} connections). Stop it first.")


def what_is_there() -> dict[str, int]:
    """What a restore would replace; empty when nobody has used the database yet."""
    with connections["owner"].cursor() as cursor:
        there = set(census.tables(cursor))
        wanted = {
            "sign-ins": get_user_model()._meta.db_table,
            "steps in the trace": AuditEvent._meta.db_table,
        }
        found = {}
        for words, table in wanted.items():
            if table in there:
                cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
                found[words] = cursor.fetchone()[0]
    return found if any(found.values()) else {}


def restore(path: Path, manifest: archive.Manifest) -> Restored:
    """Puts the backup in the place of what is there.

    Raises BackupError when it could not be; then what was there is there still. What is wrong after the
    commit is in `trouble`.
    """
    connection = connections["owner"]
    done = Restored()
    current = _is_current(manifest)
    try:
        with transaction.atomic(using="owner"), connection.cursor() as cursor:
            refuse_while_in_use()
            cursor.execute("SET LOCAL lock_timeout = '10s'")
            cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")  # the dump makes it again
            _play(path, manifest, cursor)
            cursor.execute("SET search_path TO public")
            found = census.take(cursor)
            different = census.differences(manifest["census"], found)
            if different:
                raise BackupError(
                    "What came back is not what the backup promises, so nothing was changed: "
                    + "; ".join(different[:20])
                )
            for table in _SIGNED_IN & found["tables"].keys():
                cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            if current:
                grant_to_app_role(using="owner")
                done.held = replay_guard_set(made_at=manifest["made_at"], using="owner")
    except DatabaseError as error:
        raise BackupError(f"The restore failed and nothing was changed ({first_line(error)}).") from None
    finally:
        connection.close()  # the script has set it up for itself
    if not current:
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        done.held = replay_guard_set(made_at=manifest["made_at"], using="owner")
        done.migrated = True
    count_anew()
    done.trouble = _trouble()
    return done


def _is_current(manifest: archive.Manifest) -> bool:
    loader = MigrationExecutor(connections["owner"]).loader
    return set(manifest["migrations"]) >= {f"{app}.{name}" for app, name in loader.disk_migrations}


def _play(path: Path, manifest: archive.Manifest, cursor: CursorWrapper) -> None:
    program, _version = programs.choose("pg_restore", at_least=manifest["pg_dump"])
    command = [str(program), "--no-owner", "--no-privileges", "--file=-"]
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)
        feeder = threading.Thread(target=archive.feed, args=(path, child.stdin), daemon=True)
        try:
            assert child.stdout is not None  # noqa: S101 - for the type checker: it was asked for
            feeder.start()
            with child.stdout:
                script.play(child.stdout, cursor)
            feeder.join()
            code = child.wait()
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        if code != 0:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines() or [f"it ended with {code}"]
            raise BackupError(f"The backup could not be read, and nothing was changed ({lines[0]}).")


def _trouble() -> list[str]:
    """As the role that runs the portal: can it leave the trace alone, and can people sign in?"""
    connections["default"].close()
    trouble = []
    with connections["default"].cursor() as cursor:
        for table in add_only_tables():
            cursor.execute(
                "SELECT has_table_privilege(%s, 'INSERT') AND NOT has_table_privilege(%s, 'UPDATE, DELETE')",
                [table, table],
            )
            if cursor.fetchone() != (True,):
                trouble.append(f"{table} can be changed by the portal's role, and it must not")
    if not Restore.objects.filter(released_at=None).exists():
        trouble.append("the outbox is not held")
    return trouble + probe.sign_in_trouble()
