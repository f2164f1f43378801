"""Files leave from one place, to those a provider names, and never as a page of ours."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pghistory.models import Event

from samskaping.core import file_access
from samskaping.core.file_access import file_access_from, files_open_to
from samskaping.core.models import AuditEvent, StoredFile
from samskaping.core.services.stored_file import (
    FileRefused,
    stored_file_add_image,
    stored_file_add_pdf,
    stored_file_delete_expired,
    stored_file_keep,
)
from samskaping.core.tasks import files_clear
from samskaping.press.keeper import PressAway, press
from tests.core.test_stored_file import picture
from tests.factories.accounts import UserFactory
from tests.factories.core import MunicipalityFactory
from tests.press.pdfs import CANARY, evil, plain, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A user who may open every file, by a provider of its own; nobody else may open any."""
    monkeypatch.setattr(file_access, "_providers", dict(file_access._providers))
    user = UserFactory.create()
    file_access_from(
        "tried here",
        lambda who: StoredFile.objects.all() if who.pk == user.pk else StoredFile.objects.none(),
    )
    return user


def kept(name: str = "liste.csv", kind: str = "text/csv", content: bytes = b"a;b", **more: Any) -> StoredFile:
    return stored_file_keep(
        content, name=name, content_type=kind, municipality=MunicipalityFactory.create(), by=None, **more
    )


def test_only_to_those_a_provider_names(owner: Any, client: Client) -> None:
    address = reverse("stored_file", args=[kept().pk])
    assert client.get(address).status_code == 302
    client.force_login(UserFactory.create())
    assert client.get(address).status_code == 404
    client.force_login(owner)
    assert client.get(address).content == b"a;b"
    assert client.post(address).status_code == 405


def test_providers_add_up_and_names_are_taken_once(owner: Any) -> None:
    file = kept()
    assert list(files_open_to(owner)) == [file]
    file_access_from("nobody", lambda _user: StoredFile.objects.none())
    assert list(files_open_to(owner)) == [file]
    assert not files_open_to(UserFactory.create()).exists()
    with pytest.raises(ValueError, match="already"):
        file_access_from("nobody", lambda _user: StoredFile.objects.all())


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("liste.csv", "text/csv", 'attachment; filename="liste.csv"'),
        (
            "Avtale om språk.pdf",
            "application/pdf",
            "attachment; filename*=utf-8''Avtale%20om%20spr%C3%A5k.pdf",
        ),
        ('a"; x=".html', "text/plain", 'attachment; filename="a x.txt"'),
        ("../../etc/passwd\0", "application/zip", 'attachment; filename="passwd.zip"'),
        ("a\r\nSet-Cookie: x", "application/json", 'attachment; filename="aSet-Cookie x.json"'),
    ],
)
def test_is_saved_and_never_shown(owner: Any, client: Client, name: str, kind: str, shown: str) -> None:
    client.force_login(owner)
    answer = client.get(reverse("stored_file", args=[kept(name, kind).pk]))
    assert answer.headers["Content-Disposition"] == shown
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_only_a_picture_made_anew_is_shown_in_a_page(owner: Any, client: Client) -> None:
    client.force_login(owner)
    file = stored_file_add_image(picture(), name="x", municipality=MunicipalityFactory.create(), by=None)
    answer = client.get(reverse("stored_file", args=[file.pk]))
    assert answer.headers["Content-Disposition"].startswith("inline")
    with pytest.raises(ValueError, match="makes no image/png"):
        kept(kind="image/png")


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "", "text/csv; x"])
def test_portal_keeps_no_pages(kind: str) -> None:
    with pytest.raises(ValueError, match="makes no"):
        kept(kind=kind)


def test_kept_with_its_sum_and_a_trace() -> None:
    file = kept(content=b"a;b")
    assert file.sha256 == "5719af18823567701f70e9f302f75d96e574215493286286a57b0a4959672283"
    assert (file.size, file.expires_at, file.checked_by) == (3, None, "")
    event = AuditEvent.objects.get(verb="file_stored")
    assert (event.object_id, event.data) == (str(file.pk), {"content_type": "text/csv", "size": 3})


def test_more_than_fifty_megabytes_is_refused_in_words() -> None:
    with pytest.raises(FileRefused, match=r"for stor"):
        kept(content=bytes(50_000_001))


# --- PDFs people send ------------------------------------------------------------------------------------
def sent(content: bytes, name: str = "avtale.pdf") -> StoredFile:
    return stored_file_add_pdf(content, name=name, municipality=MunicipalityFactory.create(), by=None)


def test_pdf_is_kept_made_anew() -> None:
    file = sent(evil("program at opening"), "../signert\0avtale.exe")
    assert (file.name, file.content_type) == ("signertavtale.pdf", "application/pdf")
    assert bytes(file.content).startswith(b"%PDF-")
    assert CANARY.encode() not in bytes(file.content)
    assert file.size == len(file.content)


def test_signed_pdf_is_kept_to_the_byte() -> None:
    content = signed()
    file = sent(content)
    assert bytes(file.content) == content
    assert file.size == len(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture(),
        b"MZ" + bytes(99),
        plain() + bytes(20_000_000),
    ],
    ids=["nothing", "SVG", "picture", "program", "more than 20 MB"],
)
def test_what_is_no_pdf_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(FileRefused, match=r"^[A-ZÆØÅ].*\.$"):
        sent(content)
    assert not StoredFile.objects.exists()


def test_no_press_no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_content: bytes) -> None:
        raise PressAway

    monkeypatch.setattr(press, "clean", away)
    with pytest.raises(FileRefused, match="akkurat nå"):
        sent(plain())


# --- What is kept for one errand ---------------------------------------------------------------------------
def test_goes_away_by_itself_when_its_time_is_over() -> None:
    now = timezone.now()
    over = kept(expires_at=now - timedelta(minutes=1))
    later, always = kept(expires_at=now + timedelta(hours=1)), kept()
    files_clear()
    assert set(StoredFile.objects.all()) == {later, always}
    event = AuditEvent.objects.get(verb="file_expired")
    assert (event.object_id, event.municipality) == (str(over.pk), over.municipality)
    assert stored_file_delete_expired() == 0


def test_clearing_reads_no_content(django_assert_num_queries: Any) -> None:
    kept(expires_at=timezone.now() - timedelta(minutes=1))
    # Each table that points to files is asked once; what there is besides is the same for any number of them.
    models = {
        one.related_model for one in StoredFile._meta.get_fields(include_hidden=True) if one.auto_created
    }
    pointing = [model for model in models if model is not None and not issubclass(model, Event)]
    with django_assert_num_queries(len(pointing) + 5, exact=False) as queries:
        stored_file_delete_expired()
    assert not [
        q for q in queries.captured_queries if q["sql"].startswith("SELECT") and '"content"' in q["sql"]
    ]
