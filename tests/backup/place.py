"""A portal's database of its own, filled, and manage.py on it as an operator types it."""

import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from samskaping.embedded import engines, paths, sockets
from tests.embedded import running

# What a town looks like after a while: people, traces, messages in every state, files, somebody signed in.
_FILL = """
import hashlib, uuid
from datetime import timedelta
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from partnerships.models import Person
from samskaping.accounts.models import User
from samskaping.core.models import AuditEvent, Municipality, Outbox, StoredFile
town, now = Municipality.objects.order_by("pk").first(), timezone.now()
kept = make_password("et langt passord ingen gjetter")
User.objects.bulk_create(User(email=f"kjent{{n}}@prove.example", password=kept)
    for n in range({people} // 10))
Person.objects.bulk_create(Person(municipality=town, name=f"Prøve \\\\. Person\\t{{n}}\\n")
    for n in range({people}))
AuditEvent.objects.bulk_create(AuditEvent(verb="tried", municipality=town) for n in range({people}))
for number in range({files}):
    content = hashlib.sha256(str(number).encode()).digest() * {size}
    StoredFile.objects.create(municipality=town, name=f"{{number}}.pdf", content_type="application/pdf",
        size=len(content), sha256=hashlib.sha256(content).hexdigest(), content=content)
Outbox.objects.create(kind="try", key="waits", due_at=now)
Outbox.objects.create(kind="try", key="leased", due_at=now, state="leased", lease_until=now,
    lease_token=uuid.uuid4())
Outbox.objects.create(kind="try", key="sent", due_at=now, state="sent", finished_at=now)
from django.contrib.sessions.backends.db import SessionStore
SessionStore().create()
"""


class Place:
    """Made by `filled`. The server runs; the portal does not."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.folder = data.parent / "kept"
        self.folder.mkdir()
        self.servers = engines.start(data, with_redis=False, fsync=False)
        self.environment = {
            **running.environment(data, DEMO="0", MAIL_URL="smtp://127.0.0.1:9"),
            "DATABASE_URL": self.servers.database_url,
            "DATABASE_OWNER_URL": self.servers.database_owner_url,
        }

    def manage(self, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=paths.REPOSITORY, env={**self.environment, **given},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def must(self, *arguments: str, **given: str) -> str:
        done = self.manage(*arguments, **given)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *arguments: str, **given: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=paths.REPOSITORY, env={**self.environment, **given},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def fill(self, *, people: int, files: int, size: int) -> None:
        self.must("shell", "--no-imports", "-c", _FILL.format(people=people, files=files, size=size // 32))

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with (
            closing(psycopg2.connect(self.servers.database_owner_url)) as line,
            line,
            line.cursor() as cursor,
        ):
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def backup(self) -> Path:
        target = self.folder / f"{uuid.uuid4().hex}.backup"
        self.must("backup", str(target))
        return target

    def content(self) -> list[tuple[Any, ...]]:
        """Everything but what a restore changes on purpose."""
        tables = self.query(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
            "AND relname NOT IN ('django_session', 'accounts_signin', 'core_outbox', 'core_restore') "
            "ORDER BY 1"
        )
        digest = "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t"
        return [(name, *self.query(digest.format(name))[0]) for (name,) in tables]


@contextmanager
def filled(*, people: int = 40, files: int = 4, size: int = 200_000) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="samskaping backup ", ignore_cleanup_errors=True) as folder:
        place = Place(Path(folder) / "data")
        try:
            place.must("release", "--no-static")
            place.fill(people=people, files=files, size=size)
            yield place
        finally:
            place.servers.stop()
            running.kill_all(place.data)
            sockets.remove(paths.socket_dir(place.data))
