"""A coordinator's Monday, tried as she would: what is due, letters, calls, history, a person's rights."""

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from playwright.sync_api import Download, Page, expect

from samskaping.core.working_days import OSLO, is_working_day
from samskaping.embedded import paths
from tests.embedded.running import Portal, environment, kill_all
from tests.faults.place import wait_for
from tests.partnerships.test_first_day_browser import PASSWORD, Scene, chromium

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CLOCK = Path(__file__).parents[1] / "clock"
MINE = "coordinator@demo.example"
# As if the portal had been in use for a while, and nobody had answered or has an e-mail address; and nothing
# had been told of today, as it is when a demo is loaded on a Monday.
SITUATION = """
DELETE FROM partnerships_notice;
DELETE FROM core_outbox;
DELETE FROM core_demopost;
UPDATE partnerships_membership SET granted_at = granted_at - interval '30 days';
UPDATE partnerships_invitation
   SET created_at = created_at - interval '12 days', expires_at = expires_at - interval '12 days';
UPDATE partnerships_person SET email = '' WHERE channel IN ('letter', 'phone');
"""
ROUNDS = """
from samskaping.celery import app
for _ in range(2):
    app.send_task("partnerships.notices")
"""


def _until_monday() -> float:
    """Seconds to nine o'clock on a Monday that is a working day."""
    now = datetime.now(OSLO)
    day = now.date() + timedelta(days=1)
    while day.weekday() != 0 or not is_working_day(day):
        day += timedelta(days=1)
    return (datetime.combine(day, clock_time(9), tzinfo=OSLO) - now).total_seconds()


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The portal at nine on a Monday, when the clock has asked what is due."""
    folder = tmp_path_factory.mktemp("trace-day")
    data, log = folder / "data", folder / "up.log"
    settings = {
        "DEBUG": "0", "DEMO": "1", "WEB_WORKERS": "2",
        "PYTHONPATH": str(CLOCK), "TEST_CLOCK": str(_until_monday()),
    }  # fmt: skip
    portal = Portal(data, log, None, **settings)
    try:
        portal.wait_for("Samskaping is ready", patience=90)
        with closing(psycopg2.connect(paths.database_owner_url(data))) as connection:
            wait_for(lambda: not _on_their_way(connection), 30)
            with connection, connection.cursor() as cursor:
                cursor.execute(SITUATION)
        # What beat rings for every ten minutes; a second round must not mean a second e-mail.
        subprocess.run(
            [sys.executable, "-c", ROUNDS],
            cwd=paths.REPOSITORY,
            env=environment(data, PORT=str(portal.port), **settings),
            check=True,
        )
        with chromium() as browser:
            yield Scene(browser, f"http://127.0.0.1:{portal.port}", log)
    finally:
        if portal.child.poll() is None:
            portal.end(patience=20)
        kill_all(data)


def _on_their_way(connection: Any) -> int:
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_outbox WHERE state IN ('waiting', 'leased')")
        found: int = cursor.fetchone()[0]
    return found


def in_section(page: Page, name: str) -> None:
    """One of the pages of «Folk og lag», by its link above the heading."""
    page.get_by_role("navigation", name="Folk og lag").get_by_role("link", name=name, exact=True).click()


def fetched(page: Page, link: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    file: Download = download.value
    return file.suggested_filename, Path(file.path()).read_bytes()


def words_on(pdf: bytes, folder: Path) -> str:
    """The words of a PDF, as another program reads them."""
    assert pdf.startswith(b"%PDF-")
    (folder / "read.pdf").write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", "read.pdf", "-"], cwd=folder, capture_output=True, text=True, check=True
    )
    return re.sub(r"\s+", " ", done.stdout)


def e_mails_to_her(scene: Scene) -> Page:
    reader = scene.window()
    reader.goto("/dev/post/")
    expect(reader.locator("article", has_text=f"til {MINE}")).to_have_count(1)
    return reader


def test_monday(monday: Scene, tmp_path: Path) -> None:
    # One e-mail with everything that is due: an invitation, accesses that end, letters and calls. Two of
    # these are to people without e-mail who take part in a group.
    monday.post_to(MINE, "(Denne uka i Samskaping)")
    page = e_mails_to_her(monday)
    mail = page.locator("article", has_text=f"til {MINE}")
    for due in (
        "Hanne Rødseth har ikke svart på invitasjonen",
        "Tilgangen til Borghild Eikeland går ut",
        "Tilgangen til Arvid Tveit går ut",
        "2 brev venter på å bli postlagt",
        "2 personer å ringe",
    ):
        expect(mail).to_contain_text(due)

    # One click, and who she is: she stands at the letters.
    mail.locator('a[href$="/brev/"]').click()
    page.fill("#id_login", MINE)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    expect(page.get_by_role("heading", level=1, name="Brev")).to_be_visible()

    letter(page, tmp_path)
    call(page)
    copy(page, tmp_path)
    erasure(page)
    e_mails_to_her(monday)


def letter(page: Page, folder: Path) -> None:
    """Borghild has no e-mail: printed, posted, and her answer on paper is noted."""
    expect(page.get_by_role("row", name="Borghild Eikeland")).to_contain_text("Bryggevegen 14")
    page.get_by_role("button", name="Lag PDF av alle").click()
    # The page looks again by itself until the press is done.
    expect(page.get_by_role("link", name="Hent PDF-en")).to_be_visible()
    _name, pdf = fetched(page, "Hent PDF-en")
    paper = words_on(pdf, folder)
    for words in ("Borghild Eikeland", "Bryggevegen 14", "9901 Fjordvik", "Trenger du tilgangen videre?"):
        assert words in paper
    page.get_by_role("link", name="Merk som postlagt").click()
    page.get_by_role("button", name="Ja, merk som postlagt").click()
    expect(page.get_by_text("Brevene er merket som postlagt.")).to_be_visible()
    in_section(page, "Brev")
    expect(page.get_by_text("Ingen brev venter")).to_be_visible()
    page.get_by_role("link", name="Noter svar fra Borghild Eikeland").click()
    page.get_by_role("button", name="Nei").click()
    expect(page.get_by_text("Svaret er notert.")).to_be_visible()
    expect(page.get_by_role("link", name="Noter svar fra Borghild Eikeland")).to_have_count(0)


def call(page: Page) -> None:
    """Arvid wants to be rung: the words to say, his answer, and what it changes."""
    in_section(page, "Ringeliste")
    page.get_by_role("link", name="Arvid Tveit").click()
    expect(page.get_by_role("link", name=re.compile("^Ring [0-9]"))).to_be_visible()
    expect(page.get_by_text("Trenger du tilgangen videre?")).to_be_visible()
    page.get_by_label("Vi fikk snakket sammen").check()
    page.get_by_role("group", name="Hva ble svaret?").get_by_label("Ja", exact=True).check()
    page.get_by_role("button", name="Lagre samtalen").click()
    expect(page.get_by_text("Samtalen er notert.")).to_be_visible()
    # And what one who takes part in a group is to know: nothing is asked of her.
    page.get_by_role("link", name="Aslaug Tveit").click()
    page.get_by_label("Vi fikk snakket sammen").check()
    page.get_by_role("button", name="Lagre samtalen").click()
    expect(page.get_by_text("Ingen å ringe nå")).to_be_visible()
    page.get_by_role("link", name="Denne uka").first.click()
    page.get_by_text("ting kan vente").click()
    waiting = page.get_by_role("main").get_by_role("listitem")
    expect(waiting.filter(has_text="Arvid Tveit")).to_contain_text("Svarte ja: trenger den videre.")
    expect(waiting.filter(has_text="Borghild Eikeland")).to_contain_text("Svarte nei: trenger den ikke.")


def history(page: Page) -> Iterator[None]:
    """Opens the history, one page after the other."""
    page.get_by_role("link", name="Folk og lag").first.click()
    in_section(page, "Historikk")
    expect(page.get_by_role("heading", level=1, name="Historikk")).to_be_visible()
    yield
    number = 1
    while (older := page.get_by_role("link", name="Neste", exact=True)).count():
        older.click()
        number += 1
        # What is read next does not wait: the page before may still stand there.
        page.wait_for_url(re.compile(rf"[?&]page={number}\b"))
        yield


def sentences(page: Page) -> list[str]:
    """What the history says, newest first."""
    found = page.locator(".history .timeline__event > p:last-of-type")
    return [text for _page in history(page) for text in found.all_inner_texts()]


def copy(page: Page, folder: Path) -> None:
    """Everything kept about Borghild, for machines, for the screen and on paper."""
    page.get_by_role("link", name="Folk og lag").first.click()
    in_section(page, "Roller")
    page.get_by_role("link", name="Borghild Eikeland", exact=True).click()
    page.get_by_role("button", name="Lag en kopi av alt").click()
    ready, look = (page.get_by_role("link", name=name) for name in ("Last ned kopien", "Se om den er klar"))
    for _try in range(40):
        expect(ready.or_(look)).to_be_visible()
        if ready.count():
            break
        look.click()
    name, packed = fetched(page, "Last ned kopien")
    assert name == "Opplysninger.zip"
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = {each: archive.read(each) for each in archive.namelist()}
    assert set(files) == {"opplysninger.json", "opplysninger.html", "opplysninger.pdf"}
    machine, screen = json.loads(files["opplysninger.json"]), files["opplysninger.html"].decode()
    for text in (
        json.dumps(machine, ensure_ascii=False),
        screen,
        words_on(files["opplysninger.pdf"], folder),
    ):
        for words in ("Borghild Eikeland", "Bryggevegen 14", "Dagsenteret Solkroken"):
            assert words in text
        assert "Arvid Tveit" not in text


def erasure(page: Page) -> None:
    """First what stands in the way, then what would happen, then the button."""
    hers = page.url
    page.get_by_role("link", name="Hold tilbake fra sletting").click()
    page.get_by_role("button", name="Hold tilbake").click()
    page.get_by_role("link", name="Opphev «holdt tilbake»").click()
    page.get_by_role("button", name="Opphev").click()
    page.get_by_role("link", name="Slett opplysningene").click()
    expect(page.get_by_text("Personen har en rolle nå. Avslutt rollen først.")).to_be_visible()
    expect(page.get_by_role("button", name="Slett opplysningene")).to_have_count(0)
    page.get_by_role("link", name="Folk og lag").first.click()
    in_section(page, "Roller")
    hers_now = page.get_by_role("row").filter(has_text="Borghild Eikeland")
    hers_now.get_by_role("link", name=re.compile("^Avslutt")).click()
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_text("Rollen er avsluttet.")).to_be_visible()

    # The history says it as people would.
    assert {
        "Ingrid Solbakken inviterte til rollen ansatt",
        "Ingrid Solbakken ba om en kopi av opplysningene",
        "Ingrid Solbakken holdt opplysningene tilbake fra sletting",
        "Ingrid Solbakken opphevet at opplysningene holdes tilbake",
        "Ingrid Solbakken avsluttet rollen ansatt",
        "Ingrid Solbakken merket brev som postlagt",
        "Ingrid Solbakken på vegne av Borghild Eikeland svarte på et spørsmål",
        "Ingrid Solbakken på vegne av Arvid Tveit noterte en telefonsamtale",
    } <= set(sentences(page))

    page.goto(hers)
    page.get_by_role("link", name="Slett opplysningene").click()
    expect(page.get_by_text("Ingenting er slettet før du trykker på knappen.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Slettes").first).to_be_visible()
    # Looking has erased nothing.
    page.get_by_role("link", name="Avbryt").click()
    expect(page.get_by_role("heading", level=1, name="Borghild Eikeland")).to_be_visible()
    page.get_by_role("link", name="Slett opplysningene").click()
    page.get_by_role("button", name="Slett opplysningene").click()
    expect(page.get_by_text("Opplysningene er slettet.")).to_be_visible()
    assert "Ingrid Solbakken inviterte til rollen ansatt" in sentences(page)
    assert not any("Borghild" in page.inner_text("body") for _page in history(page))
    gone = page.goto(hers)
    assert gone is not None
    assert gone.status == 404
