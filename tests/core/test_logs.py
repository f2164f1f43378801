"""One JSON object per line, an id that ties a request's lines together, and nothing personal in any."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from samskaping.core.logs import TextFormatter
from tests.core.broken_urls import CANARY
from tests.logs import portal_log

LogLines = io.StringIO


@pytest.fixture
def log() -> Iterator[LogLines]:
    with portal_log() as lines:
        yield lines


def read(log: LogLines) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.django_db
def test_a_request_is_one_line_with_its_route(client: Client, log: LogLines) -> None:
    client.get("/logg-inn/")
    (line,) = read(log)
    assert {
        "time",
        "level",
        "logger",
        "message",
        "request_id",
        "method",
        "route",
        "status",
        "ms",
    } <= line.keys()
    assert (line["method"], line["route"], line["status"]) == ("GET", "/logg-inn/", 200)


def test_health_is_not_worth_a_line(client: Client, log: LogLines) -> None:
    client.get("/healthz")
    assert read(log) == []


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-12345678", True), ("", False), ("a" * 65, False), ("id med\tmellomrom", False)]
)
def test_request_id_ties_answer_and_lines_together(
    client: Client, log: LogLines, db: None, given: str, kept: bool
) -> None:
    response = client.get("/logg-inn/", headers={"X-Request-ID": given})
    assert {line["request_id"] for line in read(log)} == {response["X-Request-ID"]}
    assert (response["X-Request-ID"] == given) is kept


@pytest.mark.django_db
@pytest.mark.urls("tests.core.broken_urls")
@pytest.mark.parametrize(
    ("what", "status"),
    [
        (f"GET /finnes-ikke/{CANARY}/", 404),
        (f"GET /?sok={CANARY}", 200),
        (f"GET /feiler/{CANARY}/", 500),
        ("GET /feiler/", 500),
        ("GET /opptatt/", 500),
        ("GET /borte/", 503),
        ("GET /nektet/", 403),
        ("GET /mistenkelig/", 400),
        (f"POST /logg-inn/?next=/{CANARY}", 403),
        (f"POST /feiler/{CANARY}/", 403),
        (f"{CANARY} /", 403),
    ],
)
def test_no_line_holds_a_value(log: LogLines, what: str, status: int) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    method, path = what.split(" ", 1)
    data = {"login": CANARY, "password": CANARY} if method == "POST" else None
    response = client.generic(method, path, json.dumps(data) if data else "")
    assert response.status_code == status
    assert read(log), "every request leaves a line"
    assert "kanarifugl" not in log.getvalue()


@pytest.mark.django_db
def test_an_odd_host_header_is_not_repeated(client: Client, log: LogLines) -> None:
    assert client.get("/", headers={"Host": "kanarifugl.example"}).status_code == 400
    assert "kanarifugl" not in log.getvalue()


@pytest.mark.django_db
@pytest.mark.urls("tests.core.broken_urls")
def test_an_exception_is_told_by_type_and_place(log: LogLines) -> None:
    Client(raise_request_exception=False).get("/opptatt/")
    failed = next(line for line in read(log) if line["message"] == "request failed")
    assert "django.db.utils.IntegrityError" in failed["exc_info"]
    assert "psycopg2.errors.UniqueViolation" in failed["exc_info"]
    assert "in taken" in failed["exc_info"]


def test_text_lines_keep_the_same_silence() -> None:
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "failed", (), (type(error), error, error.__traceback__)
        )
    assert CANARY not in TextFormatter().format(record)
    assert "builtins.ValueError" in TextFormatter().format(record)
