"""The thread, tried as new users would: from an empty municipality to what people do together, and why.

Issue 5's «Done when»: ten minutes to «Dette har vi sammen», then a partnership that is anchored in both
sides' words, clarified, with nobody missing on the map, and a question that finds its answer.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from samskaping.embedded import paths
from tests.embedded.running import Portal, environment, kill_all
from tests.partnerships.register_server import VALID, register_server, unit
from tests.partnerships.test_first_day_browser import PASSWORD, Scene, accept, chromium, invite
from tests.partnerships.test_trace_day_browser import fetched, words_on

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# A municipality with nothing in it but two people who have work to do.
PEOPLE = f"""
import os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samskaping.settings")
django.setup()
from samskaping.accounts.permissions import Role
from tests.factories.accounts import UserFactory
from tests.factories.core import MunicipalityFactory
from tests.factories.partnerships import SettingsFactory, member
town = MunicipalityFactory.create(number="9988", name="Nyvik")
SettingsFactory.create(municipality=town)
for login, role, name in (("tora", Role.COORDINATOR, "Tora Ny"), ("einar", Role.CHIEF, "Einar Sjef")):
    user = UserFactory.create(email=f"{{login}}@demo.example")
    user.set_password("{PASSWORD}")
    user.save()
    member(town, role, name=name, user=user)
"""


def registered_rows() -> list[dict[str, Any]]:
    names = ("NYVIK HELSELAG", "NYVIK TURLAG", "NYVIK MANNSKOR")
    return [unit(number, name) for number, name in zip(VALID, names, strict=True)]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("thread")
    data, log = folder / "data", folder / "up.log"
    with register_server() as register:
        register.rows = registered_rows()
        settings = {"DEBUG": "0", "DEMO": "1", "WEB_WORKERS": "2", "REGISTER_URL": register.url}
        portal = Portal(data, log, None, **settings)
        try:
            portal.wait_for("Samskaping is ready", patience=120)
            subprocess.run(
                [sys.executable, "-c", PEOPLE],
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


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def said(page: Page, words: str) -> None:
    expect(page.locator(".ds-alert", has_text=words)).to_be_visible()


def test_from_an_empty_municipality_to_an_answer(scene: Scene, tmp_path: Path) -> None:
    tora = scene.signed_in("tora")
    ten_minutes(tora, tmp_path)
    page = start(tora)

    # The club's representative comes in, in nynorsk, and says yes.
    invite(
        tora, "organisation_rep", "Synnøve Lag", language="nn",
        email="synnove@prove.example", organisation="NYVIK HELSELAG",
    )  # fmt: skip
    synnove = scene.window()
    accept(scene, synnove, "synnove@prove.example")
    expect(synnove.locator("html")).to_have_attribute("lang", "nn")
    follow(synnove, "Våkarane på Nyvik")
    press(synnove, "Ja, vi er med")
    said(synnove, "Takk. Dei andre partane får vite det.")

    agree(tora, synnove, page)
    clarify(tora, page)
    share_out(tora, synnove, page)

    # A question, to those who answer for the frame, and their answer back as a decision.
    synnove.goto(page)
    follow(synnove, "Still eit spørsmål")
    synnove.fill("[name=subject]", "Drosje heim om natta")
    synnove.fill("[name=text]", "Kan kommunen betale drosje heim etter vakta?")
    press(synnove, "Send spørsmålet")
    einar = scene.signed_in("einar")
    expect(einar.get_by_role("main").get_by_role("link", name="Drosje heim om natta")).to_be_visible()
    einar.get_by_role("navigation").get_by_role("link", name="Spørsmål og svar").first.click()
    follow(einar, "Drosje heim om natta")
    einar.get_by_role("main").get_by_role("link", name="Svar", exact=True).click()
    einar.fill("[name=answer]", "Ja, ut året.")
    einar.check("[name=decision]")
    press(einar, "Send svaret")

    # The line shows it all, to each in her own language.
    for reader, agreed, yes in (
        (tora, "Enige siden", "Ja, ut året."),
        (synnove, "Samde sidan", "Ja, ut året."),
    ):
        reader.goto(page)
        line = reader.locator(".line").first
        expect(line).to_contain_text(agreed)
        expect(reader.get_by_role("main")).to_contain_text("Drosje heim om natta")
        follow(reader, "Drosje heim om natta")
        expect(reader.get_by_role("main")).to_contain_text(yes)


def ten_minutes(tora: Page, folder: Path) -> None:
    """What is registered, what goes on, what is signed; and one sheet with all of it."""
    follow(tora, "Begynn")
    press(tora, "Hent lista")
    line = tora.get_by_label("NYVIK HELSELAG")
    come = tora.get_by_role("button", name="Vis lista")
    # The worker fetches it while the page asks; a minute is what the page itself says it may take.
    expect(line.or_(come)).to_be_visible(timeout=60_000)
    if come.is_visible():
        come.click()
    line.check()
    tora.get_by_label("NYVIK TURLAG").check()
    tora.fill("#names", "Ytre seniorkor")
    press(tora, "Legg inn og gå videre")
    said(tora, "3 lag er lagt inn.")

    tora.get_by_label("Hva er i gang?").fill("Turgruppa")
    tora.get_by_label("Part 1").fill("NYVIK TURLAG")
    tora.get_by_label("Siden hvilket år?").fill("2019")
    press(tora, "Legg til")
    press(tora, "Videre til avtalene")
    tora.get_by_label("Part 1").fill("NYVIK TURLAG")
    tora.get_by_label("Navn").fill("Avtale om turer")
    tora.get_by_label("Gjelder til").fill("2031-12-31")
    press(tora, "Legg til")
    press(tora, "Videre til «Dette har vi sammen»")

    sheet = tora.get_by_role("main")
    for words in ("3 lag · 1 samarbeid · 1 avtale", "Turgruppa: NYVIK TURLAG, siden 2019", "Avtale om turer"):
        expect(sheet).to_contain_text(words)
    _name, pdf = fetched(tora, "Skriv ut (PDF)")
    assert "Turgruppa" in words_on(pdf, folder)
    press(tora, "Ferdig")
    tora.goto("/denne-uka/")
    expect(tora.get_by_role("link", name="Begynn")).to_have_count(0)


def start(tora: Page) -> str:
    """The ward, and three answers. Gives the partnership's address."""
    tora.goto("/folk/enheter/")
    follow(tora, "Legg inn en enhet")
    tora.fill("[name=name]", "Nyvik sjukeheim")
    press(tora, "Lagre")
    tora.get_by_role("link", name="Samarbeid", exact=True).first.click()
    follow(tora, "Start et samarbeid")
    tora.get_by_label("Hva vil dere gjøre sammen?").fill("Våkarane på Nyvik")
    tora.get_by_label("Hvem gjør dere det sammen med?").fill("NYVIK HELSELAG")
    tora.get_by_label("Og", exact=True).first.fill("Nyvik sjukeheim")
    tora.get_by_label("Våketjeneste", exact=True).check()
    press(tora, "Start samarbeidet")
    said(tora, "Samarbeidet er i gang.")
    return tora.url


def agree(tora: Page, synnove: Page, page: str) -> None:
    """What they do together, each side's own words, and both confirm the same text."""
    follow_to(tora, page, "Begynn å skrive")
    follow(tora, "Skriv det dere har sammen")
    tora.fill("[name=shall]", "Sitte hos den som er alene")
    tora.fill("[name=shall_not]", "Gi medisiner")
    tora.fill("[name=recipients_can_expect]", "At noen kommer")
    press(tora, "Lagre")
    follow(tora, "Skriv med egne ord")
    tora.fill("[name=wishes]", "Ro for pårørende")
    tora.fill("[name=gains]", "At ingen er alene")
    press(tora, "Lagre")
    follow_to(synnove, page, "til kvar part")
    follow(synnove, "Skriv med eigne ord")
    synnove.fill("[name=wishes]", "Fleire med i laget")
    synnove.fill("[name=gains]", "Vi lærer mykje")
    press(synnove, "Lagre")
    tora.reload()
    press(tora, "Send til bekreftelse")
    synnove.goto("/denne-uka/")
    follow(synnove, "Våkarane på Nyvik")
    press(synnove, "Vi stadfestar")
    said(synnove, "Alle har stadfesta. De er samde.")


def clarify(tora: Page, page: str) -> None:
    """The five plain questions, and the answer they give."""
    follow_to(tora, page, "Svar på fem spørsmål")
    tora.fill("[name=task]", "Sitte hos noen om natta")
    answers = {"in_addition": "yes", "statutory": "no", "skill": "no", "confidential": "no", "depends": "no"}
    for question, answer in answers.items():
        tora.check(f"[name=q_{question}][value={answer}]")
    press(tora, "Se svaret")
    tora.fill("[name=decided_by]", "Kommunalsjefen")
    press(tora, "Lagre svaret")
    tora.goto(page)
    expect(tora.locator(".line").first).to_contain_text("Kan frivillige gjøre dette? Ja")


def share_out(tora: Page, synnove: Page, page: str) -> None:
    """The proposed duties, each with somebody who said yes: nothing on the map is red."""
    follow_to(tora, page, "Se hele ansvarskartet")
    press(tora, "Legg forslagene i kartet")
    expect(tora.get_by_text("3 tomme plasser")).to_be_visible()
    for who, duty, mine, find in (
        (tora, "Ringe den som skal våke", "Meg selv: Tora Ny", "Finn en ansvarlig"),
        (synnove, "Ta imot den frivillige", "Meg sjølv: Synnøve Lag, NYVIK HELSELAG", "Finn ein ansvarleg"),
    ):
        who.goto(f"{page}ansvar/")
        follow(who, duty)
        follow(who, find)
        who.select_option("[name=person]", label=mine)
        who.locator("#submit-id-ask").click()
    tora.goto(f"{page}ansvar/")
    follow(tora, "Snakke med den frivillige etterpå")
    follow(tora, "Finn en ansvarlig")
    tora.fill("[name=position]", "Avdelingsleder")
    press(tora, "Spør om å ta oppgaven")
    tora.goto(f"{page}ansvar/")
    expect(tora.get_by_role("main")).not_to_contain_text("Ledig")
    expect(tora.get_by_role("main")).not_to_contain_text("tom plass")


def follow_to(page: Page, url: str, link: str) -> None:
    page.goto(url)
    follow(page, link)
