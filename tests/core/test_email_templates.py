"""Every e-mail is a pair on one frame; its subject holds nothing that belongs to anybody."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.template.loader import get_template

from samskaping.core.mail import send_mail
from samskaping.core.models import Outbox
from samskaping.core.templatetags.letters import without_links
from tests.core import worker_app

FOLDER = Path(settings.BASE_DIR) / "templates" / "email"
FRAMES = {"base", "button", "code"}
NAMES = sorted({path.stem for path in FOLDER.iterdir()} - FRAMES)


@pytest.fixture(autouse=True)
def _letters_of_the_tests() -> None:
    worker_app.find_templates()


def subject_of(name: str) -> str:
    found = re.search(
        r"{%\s*block subject\s*%}(.*?){%\s*endblock", (FOLDER / f"{name}.txt").read_text(), re.S
    )
    assert found, f"{name}.txt has no subject"
    return found[1].strip()


@pytest.mark.parametrize("name", NAMES)
def test_message_is_a_pair_on_the_frame(name: str) -> None:
    for suffix in ("txt", "html"):
        source = (FOLDER / f"{name}.{suffix}").read_text()
        assert source.startswith(f'{{% extends "email/base.{suffix}" %}}')
        assert "block reason" in source, "says why she got it"
        get_template(f"email/{name}.{suffix}")


@pytest.mark.parametrize("name", NAMES)
def test_subject_holds_nothing_personal(name: str) -> None:
    """No variable at all, except which place writes: a subject shows on locked screens and in logs."""
    # A notice's title names nobody (partnerships/due.py); test_due_sources.py holds ours to it.
    # So do the titles of what is answered to those who wrote (test_sign_up.py, test_initiative.py).
    allowed = {"place", "sender", "municipality", "notice_title", "letter_title"}
    variables = set(re.findall(r"{{\s*([a-z_.]+)", subject_of(name))) | set(
        re.findall(r"with ([a-z_]+)=", subject_of(name))
    )
    assert variables <= allowed
    assert "\n" not in subject_of(name)


def test_subject_with_a_name_is_seen() -> None:
    assert re.findall(r"{{\s*([a-z_.]+)", "Hei {{ name }}") == ["name"]


def sent(settings_sender: str = "Prøvevik kommune", name: str = "Kari") -> mail.EmailMultiAlternatives:
    send_mail(
        Outbox(),
        to="kari@prove.example",
        template="try",
        context={"name": name},
        language="nb",
        sender_name=settings_sender,
    )
    return mail.outbox[-1]  # type: ignore[return-value]


@pytest.mark.parametrize(
    "name",
    [
        "Kari\r\nBcc: x@evil.example", "Kari\nSubject: y", "Kari\x0bX: y", "Kari\x85X: y", "Kari\u2028X: y",
        "Kari\0",
        "=?utf-8?q?x?=\r\n x", '"><x@evil.example>', "a@evil.example, b", "x" * 2000,
    ],
)  # fmt: skip
def test_name_never_becomes_a_header(name: str) -> None:
    """T14: in the sender's name, and in what stands in the letter."""
    letter = sent(settings_sender=name, name=name)
    made = letter.message()
    assert made.get_all("Bcc") is None
    assert (made["To"], len(made.get_all("From") or [])) == ("kari@prove.example", 1)
    assert "ikke-svar@localhost>" in made["From"]
    assert letter.recipients() == ["kari@prove.example"]
    assert set(made.keys()) == {
        "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted",
        "Content-Language",
    }  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    ["https://evil.example/x", "evil.example", "www.evil.example", "Kari http://evil.example",
     "kari@evil.example",
     "javascript://x", "HTTPS://EVIL.EXAMPLE"],
)  # fmt: skip
def test_what_people_typed_is_no_link(typed: str) -> None:
    """T15: mail programs make links of what looks like one."""
    shown = without_links(typed)
    assert "://" not in shown
    assert "@" not in shown
    assert not re.search(r"\w\.[a-z]{2,}", shown, re.IGNORECASE)
    html = str(sent(name=f"<a href='{typed}'>").alternatives[0][0])
    assert "<a href='" not in html


@pytest.mark.parametrize("name", ["Kari O'Hara", "Å. K. Næss", "Per-Åge d. y.", "Marit 2. klasse"])
def test_names_stay_as_they_are(name: str) -> None:
    assert without_links(name) == name
    assert name in sent(name=name).body


@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
def test_links_come_from_our_own_address(header: str, client: object, db: None) -> None:
    """T12: whatever the request says, letters hold SITE_URL."""
    client.get("/", **{header: "evil.example"})  # type: ignore[attr-defined]
    letter = sent()
    assert "evil.example" not in letter.message().as_string()
    assert settings.SITE_URL in letter.body
