"""manage.py backup and restore, on a server of their own."""

import shutil
import signal
import time
from contextlib import closing, contextmanager
from urllib.parse import quote

import psycopg2
import pytest

from samskaping.backup import programs
from samskaping.backup.errors import BackupError
from tests.backup import spoil
from tests.backup.place import filled


@pytest.fixture(scope="module")
def place():
    with filled() as found:
        yield found


@pytest.fixture
def kept(place):
    path = place.backup()
    yield path
    path.unlink()


def restore(place, path, *more, **given):
    return place.manage("restore", "--replace", "--yes", *more, str(path), **given)


def test_everything_comes_back(place, kept):
    before = place.content()
    assert kept.stat().st_mode & 0o777 == 0o600
    place.query("DELETE FROM partnerships_person WHERE id % 2 = 0; UPDATE core_storedfile SET content = 'x'")
    assert place.content() != before
    done = restore(place, kept)
    assert done.returncode == 0, done.stderr
    assert place.content() == before
    assert "A sign-in was tried, and works." in done.stdout
    assert place.query("SELECT count(*) FROM accounts_user WHERE email LIKE '%restore.invalid'") == [(0,)]


def test_on_a_bare_database(place, kept):
    before = place.content()
    place.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    done = place.manage("restore", str(kept))
    assert done.returncode == 0, done.stderr
    assert place.content() == before
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        psycopg2.connect(place.servers.database_url).cursor().execute("DELETE FROM core_auditevent")
    with pytest.raises(psycopg2.errors.lookup("P0001")):
        place.query("DELETE FROM core_auditevent")


def test_the_way_past_append_only_is_not_everybodys(place, kept):
    """Rights are not in the dump; a function without any is open to all."""
    assert restore(place, kept).returncode == 0
    rights = place.query("SELECT proacl::text FROM pg_proc WHERE proname = 'portal_forget_trace'")
    (granted,) = rights[0]
    assert granted
    assert "portal_app=X" in granted
    assert not any(entry.startswith("=") for entry in granted.strip("{}").split(","))


def test_everybody_is_signed_out(place, kept):
    place.must(
        "shell",
        "--no-imports",
        "-c",
        "from django.contrib.sessions.backends.db import SessionStore as S; S().create()",
    )
    second = place.backup()
    assert restore(place, second).returncode == 0
    assert place.query("SELECT count(*) FROM django_session") == [(0,)]


STATES = "SELECT key, state, held FROM core_outbox ORDER BY key"
HELD = [("leased", "waiting", True), ("sent", "sent", False), ("waits", "waiting", True)]


@pytest.mark.parametrize(("choice", "state"), [("--send-held", "waiting"), ("--drop-held", "dropped")])
def test_what_waited_is_held_until_somebody_decides(place, kept, choice, state):
    place.query(
        "UPDATE core_outbox SET state = 'waiting', held = false, finished_at = NULL WHERE key <> 'sent'"
    )
    waiting = place.backup()
    assert restore(place, waiting).returncode == 0
    assert place.query(STATES) == HELD
    place.must("restore", choice)
    assert place.query(STATES) == [("leased", state, False), ("sent", "sent", False), ("waits", state, False)]
    assert place.query("SELECT count(*) FROM core_restore WHERE released_at IS NULL") == [(0,)]


def at_the_end_of_the_dump(path):
    spoil.flip_a_byte(path, at=path.stat().st_size * 2 // 3)


def in_the_middle_of_the_dump(path):
    spoil.flip_a_byte(path, at=path.stat().st_size // 4)


def a_count(path):
    spoil.change_manifest(path, lambda m: m["census"]["tables"]["partnerships_person"].update(rows=39))


def a_content(path):
    spoil.change_manifest(path, lambda m: m["census"]["tables"]["partnerships_person"].update(content="1"))


def a_file(path):
    spoil.change_manifest(path, lambda m: m["census"]["files"].update(count=5))


def a_trigger(path):
    spoil.change_manifest(path, lambda m: m["census"]["rules"].append("trigger core_auditevent.mine O"))


def a_newer_portal(path):
    spoil.change_manifest(path, lambda m: m["migrations"].append("core.9999_later"))


def a_newer_server(path):
    spoil.change_manifest(path, lambda m: m.update(server=99))


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (at_the_end_of_the_dump, "damaged"),
        (in_the_middle_of_the_dump, "damaged"),
        (spoil.cut, "damaged"),
        (a_count, "partnerships_person has 40 rows and not 39"),
        (a_content, "partnerships_person has other content"),
        (a_file, "files are 4 and not 5"),
        (a_trigger, "core_auditevent.mine O is missing"),
        (a_newer_portal, "newer portal"),
        (a_newer_server, "PostgreSQL 99"),
    ],
)
def test_a_bad_backup_is_refused_and_nothing_changes(place, kept, harm, words):
    before = place.content()
    harm(kept)
    done = restore(place, kept)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert place.content() == before


def test_another_key_is_told(place, kept):
    done = restore(place, kept, SECRET_KEY="another-key-than-the-one-the-backup-was-made-with-x")
    assert done.returncode == 1
    assert "another SECRET_KEY" in done.stderr
    assert restore(place, kept, "--key-lost", SECRET_KEY="a" * 60).returncode == 0


def test_a_database_in_use_is_not_replaced_by_mistake(place, kept):
    done = place.manage("restore", str(kept))
    assert done.returncode == 1
    assert "Say --replace" in done.stderr


def test_not_while_the_portal_runs(place, kept):
    line = psycopg2.connect(place.servers.database_url)
    try:
        done = restore(place, kept)
    finally:
        line.close()
    assert done.returncode == 1
    assert "Stop it first" in done.stderr


def test_a_dump_that_fails_leaves_no_file(place, tmp_path):
    """The failure GitLab did not see: a program that ends badly after writing something."""
    fake = tmp_path / "bin" / "pg_dump"
    fake.parent.mkdir()
    fake.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 18.1" && exit\necho half\nexit 1\n'
    )
    fake.chmod(0o755)
    target = tmp_path / "new.backup"
    done = place.manage("backup", str(target), PATH=f"{fake.parent}:/usr/bin:/bin")
    assert done.returncode == 1
    assert "pg_dump could not read" in done.stderr
    assert list(tmp_path.iterdir()) == [fake.parent]


def test_no_program_that_is_new_enough_is_one_sentence():
    with pytest.raises(BackupError, match="Install postgresql-client-99"):
        programs.choose("pg_dump", at_least=99)


def test_old_ones_are_removed_and_other_files_are_not(place, tmp_path):
    for name in ("samskaping-20200101T000000Z.backup", "samskaping-20210101T000000Z.backup", "mine.backup"):
        (tmp_path / name).touch()
    place.must("backup", "--keep", "2", str(tmp_path))
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left[:2] == ["mine.backup", "samskaping-20210101T000000Z.backup"]
    assert len(left) == 3


def test_a_damaged_file_in_the_database_is_told(place, tmp_path):
    place.query("ALTER TABLE core_storedfile DISABLE TRIGGER USER")
    (row,) = place.query("SELECT id, sha256 FROM core_storedfile LIMIT 1")
    place.query(f"UPDATE core_storedfile SET sha256 = repeat('0', 64) WHERE id = '{row[0]}'")  # noqa: S608
    done = place.manage("backup", str(tmp_path / "a.backup"))
    place.query(f"UPDATE core_storedfile SET sha256 = '{row[1]}' WHERE id = '{row[0]}'")  # noqa: S608
    place.query("ALTER TABLE core_storedfile ENABLE TRIGGER USER")
    assert done.returncode == 1
    assert "1 files in the database are not what they were" in done.stderr
    assert (tmp_path / "a.backup").exists()


def until(what, seconds=30):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never got that far"
        time.sleep(0.005)


@contextmanager
def next_door(place):
    """Another database of the same server: a restore minds company in its own."""
    name, _, _ = place.servers.database_owner_url.rpartition("/")
    with closing(psycopg2.connect(f"{name}/postgres")) as line, line.cursor() as cursor:
        yield cursor


def sessions(cursor, *, asleep):
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = 'samskaping' AND usesysid IS NOT NULL "
        "AND (NOT %s OR wait_event = 'PgSleep')",
        [asleep],
    )
    (found,) = cursor.fetchone()
    cursor.connection.rollback()  # the view is a picture taken once in a transaction
    return found


# Tables that send the session to sleep when their rows come back, or their index, if they were asked to.
_SLEEPERS = """
CREATE FUNCTION public.asleep(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
    IF current_setting('try.asleep', true) = $1 THEN PERFORM pg_sleep(60); END IF;
    RETURN true;
END $$;
CREATE TABLE aaa (word text CHECK (public.asleep('first')));
CREATE TABLE zzz (word text CHECK (public.asleep('last')));
CREATE INDEX zzz_asleep ON zzz (public.asleep('index'));
INSERT INTO aaa VALUES ('');
INSERT INTO zzz VALUES ('')
"""


@pytest.fixture
def sleeping(place):
    """A backup in whose restore one may fall asleep."""
    place.query(_SLEEPERS)
    path = place.backup()
    yield path
    path.unlink()
    place.query("DROP TABLE aaa, zzz; DROP FUNCTION public.asleep")


@pytest.mark.fault
@pytest.mark.parametrize("at", ["first", "last", "index"])
def test_kill_9_in_the_middle_of_a_restore_changes_nothing(place, sleeping, at):
    """Asleep at a place of our choosing, so the kill comes there however fast or slow the machine is."""
    place.query("DELETE FROM core_restore; DELETE FROM partnerships_person WHERE id % 2 = 0")
    before = place.content()
    with next_door(place) as cursor:
        options = quote(f"-c try.asleep={at} -c client_connection_check_interval=100")
        address = f"{place.servers.database_owner_url}?options={options}"
        child = place.start("restore", "--replace", "--yes", str(sleeping), DATABASE_OWNER_URL=address)
        until(lambda: sessions(cursor, asleep=True))
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
        until(lambda: not sessions(cursor, asleep=False))
    assert place.query("SELECT count(*) FROM core_restore") == [(0,)], "it was through already"
    assert place.content() == before
    assert restore(place, sleeping).returncode == 0


@pytest.mark.fault
def test_kill_9_in_the_middle_of_a_backup_leaves_no_backup(place, tmp_path):
    child = place.start("backup", str(tmp_path))
    until(lambda: list(tmp_path.glob(".*.draft")))
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    assert not list(tmp_path.glob("*.backup"))
    place.must("backup", str(tmp_path))
    assert not list(tmp_path.glob(".*")), "the next one tidies up"
    assert restore(place, next(tmp_path.glob("*.backup"))).returncode == 0


def test_the_embedded_server_is_started_when_it_is_down(place):
    """Last in this file: it stops the server the others use."""
    before = place.content()
    place.servers.stop()
    none = {"DATABASE_URL": "", "DATABASE_OWNER_URL": ""}
    said = place.must("backup", **none)
    path = next((place.data / "backups").iterdir())
    assert str(path) in said
    assert restore(place, path, **none).returncode == 0
    place.must("shell", "-c", "", **none)
    shutil.rmtree(place.data / "backups")
    assert before
