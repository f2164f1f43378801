"""The SMS supplier that settings describe, against a real server here that answers in many ways."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import transaction
from django.utils import timezone

from samskaping.core import sms_http
from samskaping.core.models import Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.services import outbox
from samskaping.core.services.outbox import outbox_add, outbox_deliver_row, outbox_handler
from samskaping.core.sms import ASK_AFTER, send_sms
from tests.core.test_settings import PRODUCTION, run
from tests.factories.core import MunicipalityFactory

pytestmark = pytest.mark.django_db

TEXT = 'Møt på {number}? Svar «ja» eller "nei" – 50 % {id}'


@outbox_handler("try_sms")
def try_sms(row: Outbox) -> bool:
    send_sms(row, number="+4790212345", text=TEXT)
    return True


class Supplier(ThreadingHTTPServer):
    """Answers as `mode` says, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.mode = "ok"
        self.state = "sent"
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Desk(BaseHTTPRequestHandler):
    server: Supplier

    def log_message(self, *_args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._take(b"")

    def do_POST(self) -> None:
        self._take(self.rfile.read(int(self.headers["Content-Length"])))

    def _take(self, body: bytes) -> None:
        self.server.asked.append((self.path, dict(self.headers), body))
        mode = self.server.mode
        if mode == "hang":
            time.sleep(3)
            return
        answers: dict[str, tuple[int, bytes]] = {
            "ok": (201, json.dumps({"messages": [{"id": 4711, "state": self.server.state}]}).encode()),
            "nonsense": (200, b"<html>Velkommen til hotellet</html>"),
            "no receipt": (200, b'{"messages": []}'),
            "endless": (200, b"x" * (sms_http.LARGEST * 3)),
            "redirect": (302, b""),
        }
        status, content = answers.get(mode) or (int(mode), b"{}")
        self.send_response(status)
        if mode == "redirect":
            self.send_header("Location", f"{self.server.url}/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def supplier(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supplier]:
    monkeypatch.setattr(sms_http, "TIMEOUT", (1, 0.5))
    server = Supplier()
    settings.SMS_ADAPTER = "samskaping.core.sms_http.HttpSms"
    settings.SMS_URL = f"{server.url}/send"
    settings.SMS_HEADERS = {"Authorization": "Bearer canary-4711"}
    settings.SMS_AS_FORM = False
    settings.SMS_BODY = {
        "to": ["{number}"],
        "from": "{sender}",
        "say": {"text": "{text}"},
        "ref": "{id}",
        "n": 1,
    }
    settings.SMS_RECEIPT = "messages.0.id"
    settings.SMS_STATUS_URL = f"{server.url}/status/{{receipt}}"
    settings.SMS_STATUS = "messages.0.state"
    settings.SMS_DELIVERED = frozenset({"delivered"})
    settings.SMS_FAILED = frozenset({"rejected", "unknown"})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    heard: list[tuple[int, str]] = []
    monkeypatch.setattr(outbox, "_hear_refusals", [lambda row, what: heard.append((row.pk, what))])
    return heard


@pytest.fixture
def row() -> Outbox:
    with transaction.atomic():
        made = outbox_add(
            "try_sms", "1", payload={}, municipality=MunicipalityFactory.create(name="Sør-Fjordvik")
        )
    assert made is not None
    return made


def send(row: Outbox) -> OutboxState | None:
    Outbox.objects.filter(pk=row.pk).update(due_at=timezone.now())
    return outbox_deliver_row(row.pk)


def test_message_goes_as_the_settings_say(supplier: Supplier, row: Outbox) -> None:
    assert send(row) == OutboxState.SENT
    ((path, headers, body),) = supplier.asked
    assert (path, headers["Authorization"]) == ("/send", "Bearer canary-4711")
    assert json.loads(body) == {
        "to": ["+4790212345"],
        "from": "SorFjordvik",
        "say": {"text": TEXT},  # places in the words themselves stay words
        "ref": str(row.message_id),
        "n": 1,
    }
    assert Outbox.objects.get(pk=row.pk).receipt == "4711"


def test_message_goes_as_a_form(supplier: Supplier, row: Outbox, settings: Any) -> None:
    settings.SMS_AS_FORM = True
    settings.SMS_BODY = {"to": "{number}", "text": "{text}"}
    assert send(row) == OutboxState.SENT
    assert parse_qs(supplier.asked[0][2].decode()) == {"to": ["+4790212345"], "text": [TEXT]}


@pytest.mark.parametrize("mode", ["400", "422"])
def test_number_nobody_has_ends_the_tries(
    supplier: Supplier, row: Outbox, refused: list[tuple[int, str]], mode: str
) -> None:
    supplier.mode = mode
    assert send(row) == OutboxState.DEAD
    assert refused == [(row.pk, "phone")]
    assert Outbox.objects.get(pk=row.pk).problem == "phone_refused"


@pytest.mark.parametrize(
    "mode",
    ["401", "403", "404", "429", "500", "503", "hang", "nonsense", "no receipt", "endless", "redirect"],
)
def test_all_other_trouble_is_tried_again_with_the_same_id(
    supplier: Supplier, row: Outbox, refused: list[tuple[int, str]], mode: str
) -> None:
    supplier.mode = mode
    assert send(row) == OutboxState.WAITING
    supplier.mode = "ok"
    assert send(row) == OutboxState.SENT
    assert {path for path, _headers, _body in supplier.asked} == {"/send"}
    assert {json.loads(body)["ref"] for _path, _headers, body in supplier.asked} == {str(row.message_id)}
    assert refused == []


def status_rows() -> list[Outbox]:
    return list(Outbox.objects.filter(kind="sms_status").order_by("pk"))


@pytest.mark.parametrize(("said", "delivery"), [("delivered", "delivered"), ("unknown", "failed")])
def test_supplier_is_asked_whether_it_came_through(
    supplier: Supplier, row: Outbox, refused: list[tuple[int, str]], said: str, delivery: str
) -> None:
    send(row)
    (first,) = status_rows()
    assert first.due_at > timezone.now() + ASK_AFTER[0] - timedelta(seconds=10)
    supplier.state = said
    assert send(first) == OutboxState.SENT
    assert supplier.asked[-1][0] == "/status/4711"
    assert Outbox.objects.get(pk=row.pk).delivery == delivery
    assert refused == ([(row.pk, "phone")] if delivery == "failed" else [])
    assert len(status_rows()) == 1


def test_it_is_asked_three_times_and_then_not_known(supplier: Supplier, row: Outbox) -> None:
    send(row)
    for nth in range(3):
        asking = status_rows()
        assert len(asking) == nth + 1
        assert send(asking[-1]) == OutboxState.SENT
    assert len(status_rows()) == 3
    assert Outbox.objects.get(pk=row.pk).delivery == ""


def test_supplier_that_cannot_tell_now_is_asked_again(supplier: Supplier, row: Outbox) -> None:
    send(row)
    supplier.mode = "500"
    assert send(status_rows()[0]) == OutboxState.WAITING
    assert Outbox.objects.get(pk=row.pk).delivery == ""


# --- How a supplier is described ------------------------------------------------------------------------
BODY = '{"to": "{number}", "text": "{text}"}'
ALL = {
    **PRODUCTION,
    "SMS_URL": "https://sms.example/send",
    "SMS_HEADERS": '{"Authorization": "Bearer s3cret-pass"}',
    "SMS_BODY": BODY,
    "SMS_RECEIPT": "messages.0.id",
    "SMS_STATUS_URL": "https://sms.example/status/{receipt}",
    "SMS_STATUS": "state",
    "SMS_DELIVERED": "delivered",
    "SMS_FAILED": "rejected, unknown",
}
ODD = {
    "no body": ("SMS_BODY", {"SMS_BODY": ""}),
    "no address": ("SMS_URL", {"SMS_URL": ""}),
    "in the clear": ("SMS_URL", {"SMS_URL": "http://sms.example/send"}),
    "status in the clear": ("SMS_STATUS_URL", {"SMS_STATUS_URL": "http://sms.example/{receipt}"}),
    "status of nothing": ("SMS_STATUS_URL", {"SMS_STATUS_URL": "https://sms.example/status"}),
    "headers are a list": ("SMS_HEADERS", {"SMS_HEADERS": '["s3cret-pass"]'}),
    "header over two lines": ("SMS_HEADERS", {"SMS_HEADERS": '{"X": "a\\r\\ns3cret-pass: b"}'}),
    "header without a name": ("SMS_HEADERS", {"SMS_HEADERS": '{"": "s3cret-pass"}'}),
    "body is no JSON": ("SMS_BODY", {"SMS_BODY": "to={number}&text={text}"}),
    "body without the text": ("SMS_BODY", {"SMS_BODY": '{"to": "{number}"}'}),
    "body with a place of nobody's": ("SMS_BODY", {"SMS_BODY": '{"a": "{number}{text}{password}"}'}),
    "form with a list in it": (
        "SMS_BODY",
        {
            "SMS_BODY": '{"to": ["{number}"], "text": "{text}"}',
            "SMS_HEADERS": '{"Content-Type": "application/x-www-form-urlencoded"}',
        },
    ),
    "odd path": ("SMS_RECEIPT", {"SMS_RECEIPT": "$.messages[0]"}),
    "no receipt to ask about": ("SMS_RECEIPT", {"SMS_RECEIPT": ""}),
    "nothing is delivered": ("SMS_DELIVERED", {"SMS_DELIVERED": " , "}),
    "nothing fails": ("SMS_FAILED", {"SMS_FAILED": ""}),
}


@pytest.mark.parametrize(("named", "odd"), ODD.values(), ids=ODD.keys())
def test_odd_description_stops_the_start_with_one_sentence(named: str, odd: dict[str, str]) -> None:
    done = run("-c", "import samskaping.settings", **{**ALL, **odd})
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert named in done.stderr
    assert "s3cret-pass" not in done.stderr


def test_supplier_is_used_when_it_is_described() -> None:
    show = "import samskaping.settings as s; print(s.SMS_ADAPTER)"
    assert run("-c", show, **ALL).stdout.strip() == "samskaping.core.sms_http.HttpSms"
    assert run("-c", show, **PRODUCTION).stdout.strip() == "samskaping.core.sms.NoSms"
    assert run("-c", show, **{**PRODUCTION, "MAIL_URL": "", "DEMO": "1"}).stdout.strip().endswith("DemoSms")
