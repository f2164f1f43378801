"""/healthz and /readyz tell the truth, by name, without secrets."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from samskaping.core.models import Outbox

NOWHERE = "/nowhere-at-all"


@pytest.fixture
def database_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection of its own to an address where nobody answers: the real driver, the real error."""
    away = connections["default"].copy()
    away.settings_dict = {**away.settings_dict, "HOST": NOWHERE}
    monkeypatch.setattr(connections["default"], "cursor", away.cursor)


@pytest.fixture
def redis_away(settings: Any) -> None:
    settings.REDIS_URL = f"unix://{NOWHERE}/redis.sock"


@pytest.mark.django_db
def test_everything_is_there(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok", "database": "ok", "migrations": "ok", "redis": "ok", "mail": "server",
        "virus_scanner": "none", "outbox": "ok", "outbox_seconds": 0, "seal": "test certificate",
        "unsealed_seconds": 0,
    }  # fmt: skip


@pytest.mark.django_db
def test_message_that_waits_too_long_is_told_by_its_age(client: Client) -> None:
    """The age only: neither how many nor what they are."""
    now = timezone.now()
    for key, due in (("old", now - timedelta(minutes=5)), ("new", now), ("later", now + timedelta(hours=1))):
        Outbox.objects.create(kind="try", key=key, due_at=due)
    Outbox.objects.create(
        kind="try", key="done", due_at=now - timedelta(days=1), state="sent", finished_at=now
    )
    answer = client.get("/readyz")
    assert 300 <= answer.json()["outbox_seconds"] <= 310
    assert answer.status_code == 200


@pytest.mark.django_db
def test_mail_is_told_without_its_address(client: Client, settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_HOST_PASSWORD = "mail.hemmelig.example", "hemmelig"
    assert "hemmelig" not in client.get("/readyz").content.decode()
    settings.DEMO_POST = True
    assert client.get("/readyz").json()["mail"] == "demo post"


@pytest.mark.django_db
@pytest.mark.usefixtures("database_away")
def test_database_away(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "away"
    assert NOWHERE not in response.content.decode()


@pytest.mark.usefixtures("database_away")
def test_process_answers_without_a_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_away")
def test_redis_away_is_named_but_takes_nobody_down(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()["redis"]) == (200, "away")
    assert NOWHERE not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_away")
def test_pages_answer_without_redis(client: Client) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/logg-inn/").status_code == 200


@pytest.mark.django_db
def test_migration_that_has_not_run(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    applied = MigrationRecorder.applied_migrations

    def without_core(self: MigrationRecorder) -> Any:
        return {key: value for key, value in applied(self).items() if key[0] != "core"}

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", without_core)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, "waiting")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_answers_are_never_kept_and_start_no_session(client: Client, path: str) -> None:
    response = client.get(path)
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
