"""What would have been sent, at /dev/post/, where the portal is only tried out."""

from typing import Any

import pytest
from django.core import mail
from django.core.mail import BadHeaderError, EmailMessage
from django.test import Client
from django.urls import clear_url_caches, resolve
from django.urls.exceptions import Resolver404

from samskaping.core import post
from samskaping.core.models import DemoPost, Outbox
from samskaping.core.sms import send_sms

pytestmark = pytest.mark.django_db
BACKEND = "samskaping.core.post.DemoPostBackend"


def letter(number: int = 1, **fields: Any) -> EmailMessage:
    body = f"Åpne http://localhost/x/{number}/"
    given = {"subject": f"Brev {number}", "body": body, "to": ["a@prove.example"]}
    return EmailMessage(**{**given, **fields}, connection=mail.get_connection(BACKEND))


def test_newest_first_with_links_one_can_follow(client: Client) -> None:
    for number in (1, 2):
        letter(number).send()
    page = client.get("/dev/post/").content.decode()
    assert page.index("Brev 2") < page.index("Brev 1")
    assert '<a href="http://localhost/x/2/"' in page
    assert "a@prove.example" in page


def test_sms_stands_beside_the_mail(client: Client, settings: Any) -> None:
    settings.SMS_ADAPTER = "samskaping.core.sms.DemoSms"
    send_sms(Outbox(), number="+4790000000", text="Koden din er 123456. http://localhost/k/")
    page = client.get("/dev/post/").content.decode()
    assert "SMS" in page
    assert "+4790000000" in page
    assert '<a href="http://localhost/k/"' in page


def test_what_a_message_says_is_shown_and_not_run(client: Client) -> None:
    letter(subject="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>").send()
    page = client.get("/dev/post/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_empty_says_what_to_do(client: Client) -> None:
    page = client.get("/dev/post/").content.decode()
    assert "Ingenting er sendt ennå" in page


def test_every_recipient_has_a_row() -> None:
    letter(to=["a@prove.example", "b@prove.example"]).send()
    assert {row.recipient for row in post.items()} == {"a@prove.example", "b@prove.example"}


@pytest.mark.parametrize("subject", ["Hei\nBcc: x@evil.example", "Hei\r\nX: y"])
def test_line_break_in_a_header_is_refused_as_when_sending(subject: str) -> None:
    with pytest.raises(BadHeaderError):
        letter(subject=subject).send()
    assert not DemoPost.objects.exists()


def test_old_ones_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "KEEP_AT_MOST", 3)
    for number in range(6):
        letter(number).send()
    assert [row.subject for row in post.items()] == ["Brev 5", "Brev 4", "Brev 3"]


def test_it_is_not_there_where_people_work(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The URL does not exist without the demo: asked of a fresh reading of urls.py."""
    import importlib

    from samskaping import urls

    resolve("/dev/post/")
    settings.DEVELOPER_PAGES = False  # DEMO_POST is off in tests already
    try:
        importlib.reload(urls)
        clear_url_caches()
        with pytest.raises(Resolver404):
            resolve("/dev/post/")
    finally:
        settings.DEVELOPER_PAGES = True
        importlib.reload(urls)
        clear_url_caches()
    resolve("/dev/post/")
