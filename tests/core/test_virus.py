"""Files are shown to the scanner first; without its word nothing is kept. T19."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from samskaping.core import virus
from samskaping.core.models import StoredFile
from samskaping.core.services.stored_file import FileRefused, stored_file_add_image, stored_file_add_pdf
from samskaping.core.virus import ClamAv, ScannerAway, VirusFound
from tests.core.clamd import BAD, LIMIT, clamd
from tests.core.test_stored_file import picture
from tests.factories.core import MunicipalityFactory
from tests.press.pdfs import plain

ADD = {"picture": (stored_file_add_image, picture()), "PDF": (stored_file_add_pdf, plain())}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virus, "_CHECK_WITHIN", 1)
    monkeypatch.setattr(virus, "_ANSWER_WITHIN", 0.5)


def test_clean_on_a_port_and_on_a_socket() -> None:
    content = bytes(range(256)) * 1000  # several chunks
    # A Unix socket's whole path must be short; pytest's own folders are not.
    with tempfile.TemporaryDirectory() as folder:
        for path in (None, Path(folder) / "clamd.sock"):
            with clamd(path=path) as (url, seen):
                ClamAv(url).check(content)
                assert ClamAv(url).answers()
                assert seen == [content]


def test_found() -> None:
    with clamd() as (url, _seen), pytest.raises(VirusFound):
        ClamAv(url).check(b"x" * 70_000 + BAD)


@pytest.mark.parametrize("way", ["hang", "cut", "cut at once", "half an answer", "babble"])
def test_anything_else_is_no_answer(way: str) -> None:
    with clamd(way) as (url, _seen), pytest.raises(ScannerAway):
        ClamAv(url).check(b"x" * 200_000)


def test_larger_than_the_scanner_takes_is_unchecked() -> None:
    with clamd() as (url, _seen), pytest.raises(ScannerAway):
        ClamAv(url).check(bytes(LIMIT + 1))


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:9", "unix:///nowhere/clamd.sock", "tcp://nowhere.invalid"])
def test_nobody_there(url: str) -> None:
    with pytest.raises(ScannerAway):
        ClamAv(url).check(b"x")
    assert not ClamAv(url).answers()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ADD)
def test_kept_with_who_checked_it(settings: Any, kind: str) -> None:
    add, content = ADD[kind]
    municipality = MunicipalityFactory.create()
    with clamd() as (settings.CLAMAV_URL, seen):
        file = add(content, name="x", municipality=municipality, by=None)
    assert (file.checked_by, seen) == ("ClamAV", [content])  # as it was sent, before we made it anew
    settings.CLAMAV_URL = ""
    assert add(content, name="x", municipality=municipality, by=None).checked_by == ""


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ADD)
def test_dangerous_is_refused_in_words(settings: Any, kind: str) -> None:
    add, content = ADD[kind]
    with clamd() as (settings.CLAMAV_URL, _seen), pytest.raises(FileRefused, match="noe farlig"):
        add(content + BAD, name="x", municipality=MunicipalityFactory.create(), by=None)
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ADD)
def test_nothing_is_taken_in_unchecked(settings: Any, kind: str) -> None:
    add, content = ADD[kind]
    settings.CLAMAV_URL = "tcp://127.0.0.1:9"
    with pytest.raises(FileRefused, match="Prøv igjen"):
        add(content, name="x", municipality=MunicipalityFactory.create(), by=None)
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_ready_tells_of_the_scanner(client: Client, settings: Any) -> None:
    with clamd() as (settings.CLAMAV_URL, _seen):
        assert client.get("/readyz").json()["virus_scanner"] == "ok"
    for url in (settings.CLAMAV_URL, "tcp://127.0.0.1:9"):
        settings.CLAMAV_URL = url
        answer = client.get("/readyz")
        assert (answer.json()["virus_scanner"], answer.status_code) == ("away", 200)
        assert "127.0.0.1" not in answer.content.decode()
