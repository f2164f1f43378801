"""Production's shape against the system's PostgreSQL and Redis: the processes, scripts and environment of
docker-compose.yml (see servers.py)."""

import http.client
import json
import re
import subprocess
import time
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import psycopg2
import pytest
from celery import Celery

from tests.deploy import servers

pytestmark = [
    pytest.mark.servers,
    pytest.mark.xdist_group("servers"),
    pytest.mark.skipif(
        bool(servers.missing()),
        reason=f"NOT RUN: the real servers' suite needs {servers.missing()} from the system's packages",
    ),
]


@pytest.fixture(scope="module")
def machine():
    with servers.machine() as found:
        found.start("web")
        found.wait_healthy("web")
        found.start("worker")
        found.start("beat")
        found.wait_healthy("worker")
        found.wait_healthy("beat")
        yield found


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes


def get(machine, path, host="localhost", **headers):
    line = http.client.HTTPConnection("127.0.0.1", machine.web_port, timeout=10)
    given = {"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    line.request("GET", path, headers=given)
    response = line.getresponse()
    return Answer(response.status, response.headers, response.read())


def query(machine, sql, *values, url="database_url"):
    with psycopg2.connect(machine.secret(url)) as connection, connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def clears_a_session(machine, seconds):
    """Puts an expired session in the database and the job in Redis; true when the worker removed the row."""
    query(
        machine,
        "INSERT INTO django_session VALUES ('expired', '', now() - interval '1 day') ON CONFLICT DO NOTHING",
    )
    Celery(broker=machine.secret("redis_url"), set_as_current=False).send_task(
        "core.sessions_clear", ignore_result=True
    )
    end = time.monotonic() + seconds
    while query(machine, "SELECT 1 FROM django_session WHERE session_key = 'expired'"):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


REAL = "SELECT count(*) FROM core_municipality WHERE NOT is_demo"


def test_release_may_be_run_again(machine):
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    before = (
        query(machine, tables),
        query(machine, REAL),
    )
    done = machine.manage("release", "--no-static")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Ready.\n")
    assert (
        query(machine, tables),
        query(machine, REAL),
    ) == before
    assert before[1] == [(357,)]


def test_every_part_is_ready(machine):
    # Every ten minutes the clock promises letters and looks for what waits for its seal, and the worker
    # needs a moment for them on a busy machine.
    end = time.monotonic() + 60
    while True:
        response = get(machine, "/readyz")
        assert response.status == 200, response.body
        parts = json.loads(response.body)
        waited = parts.pop("outbox_seconds") + parts.pop("unsealed_seconds")
        if waited == 0 or time.monotonic() > end:
            break
        time.sleep(0.5)
    # Nothing waits to be sent or for its seal, and the certificate is the one made on first start.
    assert waited == 0
    assert parts.pop("mail") == "demo post"
    assert parts.pop("virus_scanner") == "none"
    assert parts.pop("seal") == "test certificate"
    assert set(parts.values()) == {"ok"}


@pytest.mark.parametrize(
    ("path", "words"), [("/", "Samskaping"), ("/logg-inn/", "Logg inn"), ("/om/", "Samskaping")]
)
def test_pages_answer(machine, path, words):
    response = get(machine, path)
    assert response.status == 200
    assert words in response.body.decode()


def test_static_files_are_compressed_and_kept_for_ever(machine):
    page = get(machine, "/").body.decode()
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', page)
    assert sheets
    for path in sheets:
        plain, small = get(machine, path), get(machine, path, Accept_Encoding="br, gzip")
        assert re.search(r"\.[0-9a-f]{12}\.css$", path)
        assert small.headers.get("Content-Encoding") == "br"
        assert len(small.body) < len(plain.body)
        assert get(machine, path, Accept_Encoding="gzip").headers.get("Content-Encoding") == "gzip"
        assert "immutable" in small.headers.get("Cache-Control")


def test_collected_files_can_be_read_by_another_user_than_the_one_who_collected(machine):
    """In the image root collects them and the portal's own user serves them."""
    for path in (machine.folder / "data" / "static").rglob("*"):
        wanted = 0o005 if path.is_dir() else 0o004
        assert path.stat().st_mode & wanted == wanted, path


def test_the_worker_does_a_job_sent_through_redis(machine):
    assert clears_a_session(machine, 10), machine.log("worker")


def test_the_portal_lives_through_a_restart_of_redis(machine):
    machine.stop("redis")
    try:
        away = get(machine, "/readyz")
        assert away.status == 200, "pages need no Redis"
        assert json.loads(away.body)["redis"] == "away"
        assert get(machine, "/logg-inn/").status == 200
        assert not machine.healthy("worker")
    finally:
        machine.start_redis()
    assert clears_a_session(machine, 40), machine.log("worker")
    assert machine.running["worker"].poll() is None
    assert machine.running["beat"].poll() is None


def test_the_role_that_runs_cannot_change_tables(machine):
    for sql in (
        "CREATE TABLE mine (id int)",
        "ALTER TABLE django_session ADD COLUMN more int",
        "DROP TABLE django_session",
        "DELETE FROM django_migrations",
        "CREATE ROLE another",
        "GRANT portal_owner TO portal_app",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            query(machine, sql)
    assert query(machine, "SELECT 1", url="database_owner_url") == [(1,)]


def test_the_servers_ask_for_passwords(machine):
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(
            machine.secret("database_url").replace(machine.secret("portal_app_password"), "wrong")
        )
    line = Celery(
        broker=machine.secret("redis_url").replace(machine.secret("redis_password"), "wrong"),
        set_as_current=False,
    )
    with line.connection() as connection, pytest.raises(Exception, match=r"(?i)password"):
        connection.ensure_connection(max_retries=1)


def test_behind_a_proxy_with_https(machine):
    machine.stop("web")
    secure = {"SITE_URL": "https://samskaping.example"}
    machine.start("web", **secure)
    try:
        end = time.monotonic() + 30
        while not _answers(machine, "samskaping.example"):
            assert time.monotonic() < end, machine.log("web")
            time.sleep(0.2)
        plain = get(machine, "/", host="samskaping.example")
        assert (plain.status, plain.headers.get("Location")) == (301, "https://samskaping.example/")
        page = get(machine, "/logg-inn/", host="samskaping.example", X_Forwarded_Proto="https")
        assert page.status == 200
        assert "max-age=31536000" in page.headers.get("Strict-Transport-Security")
        assert page.headers.get("Set-Cookie").startswith("__Host-")
        assert "Secure" in page.headers.get("Set-Cookie")
        wrong = get(machine, "/", host="another.example", X_Forwarded_Proto="https")
        assert wrong.status == 400
        assert b"another.example" not in wrong.body
    finally:
        machine.stop("web")
        machine.start("web")
        machine.wait_healthy("web")


def _answers(machine, host):
    try:
        return get(machine, "/healthz", host=host).status == 200
    except OSError:
        return False


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_a_stop_takes_ten_seconds_at_most_and_health_notices(machine, service):
    assert machine.healthy(service)
    taken = machine.stop(service)
    try:
        assert taken <= 10
        if service != "beat":  # beat's sign of life is ten minutes old at most
            assert not machine.healthy(service)
    finally:
        machine.start(service)
        machine.wait_healthy(service)


def test_logs_say_nothing_secret(machine):
    said = "".join(path.read_text(errors="replace") for path in Path(machine.folder).glob("*.log"))
    for secret in machine.secrets.iterdir():
        if secret.name != ".gitignore":
            value = secret.read_text().strip()
            assert not value or value not in said, f"{secret.name} is in a log"
    found = said.find("Traceback")
    assert found == -1, said[max(0, found - 1000) : found + 5000]


def test_deploy_check_is_clean(machine):
    secure = {"SITE_URL": "https://samskaping.example"}
    done = machine.manage("check", "--deploy", "--fail-level", "WARNING", **secure)
    assert done.returncode == 0, done.stderr


def test_a_wrong_address_stops_the_release_with_one_sentence(machine):
    environment = machine.environment("web")
    folder = machine.folder / "wrong"
    folder.mkdir(exist_ok=True)
    (folder / "url").write_text("postgresql://portal_owner:x@127.0.0.1:1/samskaping")
    environment["DATABASE_OWNER_URL_FILE"] = str(folder / "url")
    done = subprocess.run(
        ["sh", "docker/web.sh"],
        cwd=servers.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "DATABASE_OWNER_URL" in done.stderr
    assert "Traceback" not in done.stderr
