"""/healthz and /readyz tell the truth, by name, without secrets."""

from typing import Any

import pytest
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

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
    assert response.json() == {"status": "ok", "database": "ok", "migrations": "ok", "redis": "ok"}


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
