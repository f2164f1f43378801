"""One line to the mail server for several letters, and a new one as soon as something is wrong with it."""

import smtplib
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from django.core.mail import EmailMessage

from samskaping.core import mail_line
from samskaping.core.mail_line import MailLine
from tests.core.servers import wait_for
from tests.faults.sink import MailSink


@pytest.fixture
def sink(settings: Any) -> Iterator[MailSink]:
    found = MailSink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
    found.start()
    found.reset()  # aiosmtpd tries its own server once
    yield found
    found.stop()


@pytest.fixture
def line() -> Iterator[MailLine]:
    made = MailLine()
    yield made
    made.close()


def letter(number: int = 1) -> EmailMessage:
    to = f"n{number}@prove.example"
    return EmailMessage("Hei", "Hei", "fra@prove.example", [to], headers={"Message-ID": f"<{number}@x>"})


def test_several_letters_go_on_one_line(sink: MailSink, line: MailLine) -> None:
    for number in range(5):
        line.send(letter(number))
    assert [found.to for found in sink.letters] == [f"n{number}@prove.example" for number in range(5)]
    assert sink.connections == 1


def test_line_that_has_done_its_share_is_left(sink: MailSink, line: MailLine) -> None:
    for number in range(mail_line.LETTERS + 1):
        line.send(letter(number))
    assert sink.connections == 2


def test_line_is_left_after_a_while(sink: MailSink, line: MailLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """No server has to throw us out."""
    monkeypatch.setattr(mail_line, "SECONDS", 0.05)
    said_goodbye: list[bool] = []

    async def quit_heard(self: Any, argument: str) -> None:
        said_goodbye.append(True)
        await self.push("221 Bye")
        self._handler_coroutine.cancel()
        self.transport.close()

    monkeypatch.setattr(SMTP, "smtp_QUIT", quit_heard)
    line.send(letter())
    wait_for(lambda: said_goodbye)
    wait_for(lambda: line._backend is None)


def test_line_that_broke_meanwhile_is_replaced(sink: MailSink, line: MailLine) -> None:
    line.send(letter(1))
    sink.stop()
    sink.start()
    line.send(letter(2))
    assert [found.message_id for found in sink.letters] == ["1@x", "2@x"]


def test_trouble_ends_the_line_and_is_told(sink: MailSink, line: MailLine) -> None:
    line.send(letter(1))
    sink.mode = "later"
    with pytest.raises(smtplib.SMTPDataError):
        line.send(letter(2))
    sink.mode = "yes"
    line.send(letter(3))
    assert [found.message_id for found in sink.letters] == ["1@x", "3@x"]
    assert sink.connections == 2


def test_server_that_is_away_is_told(sink: MailSink, line: MailLine) -> None:
    sink.stop()
    with pytest.raises(ConnectionRefusedError):
        line.send(letter())


def test_another_server_gets_a_line_of_its_own(sink: MailSink, line: MailLine, settings: Any) -> None:
    line.send(letter(1))
    other = MailSink()
    other.start()
    settings.EMAIL_PORT = other.port
    line.send(letter(2))
    assert [found.message_id for found in other.letters] == ["2@x"]
    line.close()
    other.stop()
