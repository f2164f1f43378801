"""An organisation starts its own walking group, without a single box of level 1 in its way; on a telephone.

Issue 6's «Done when», third part: one form, and it stands in the calendar, on a sheet, and on her telephone.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.embedded.running import Portal, kill_all
from tests.partnerships.test_first_day_browser import Scene, chromium
from tests.partnerships.test_trace_day_browser import fetched, words_on

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# What belongs to level 1, in the words people meet there.
LEVEL_ONE = ("Forankring", "forankr", "Frivilligstrategi", "Rammer", "Mandat", "Enige om", "Avklaring")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("offer")
    portal = Portal(folder / "data", folder / "up.log", DEBUG="0", DEMO="1", WEB_WORKERS="2")
    try:
        portal.wait_for("Samskaping is ready", patience=400)
        with chromium() as browser:
            yield Scene(browser, f"http://127.0.0.1:{portal.port}", folder / "up.log")
    finally:
        if portal.child.poll() is None:
            portal.end(patience=20)
        kill_all(folder / "data")


def main(page: Page):
    return page.get_by_role("main")


def nothing_of_level_one(page: Page) -> None:
    words = main(page).inner_text()
    assert [word for word in LEVEL_ONE if word in words] == []
    # And it fits the telephone.
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_an_organisation_starts_its_own_walking_group(scene: Scene, tmp_path: Path) -> None:
    kare = scene.window(viewport={"width": 320, "height": 640})
    kare.goto("/logg-inn/")
    kare.fill("#id_login", "organisation_rep@demo.example")
    kare.fill("#id_password", "demo-samskaping")
    kare.press("#id_password", "Enter")
    kare.wait_for_url("**/denne-uka/")

    kare.goto("/tilbud/")
    main(kare).get_by_role("link", name="Start et tilbud").first.click()
    nothing_of_level_one(kare)
    first = timezone.localdate() + timedelta(days=(1 - timezone.localdate().weekday()) % 7 + 7)
    kare.get_by_label("Hva heter tilbudet?").fill("Turgruppe på Strandstien")
    kare.get_by_label("Turgruppe", exact=True).check()
    kare.get_by_label("Hvor møtes dere?").fill("Brygga i Fjordvik")
    kare.get_by_label("Første gang").fill(first.isoformat())
    kare.get_by_label("Fra kl.").fill("10:00")
    kare.get_by_label("Til kl.").fill("12:00")
    main(kare).get_by_role("button", name="Start tilbudet").click()

    # That was all: what, where, when, whom to ring, and the answers people ask for.
    expect(main(kare).get_by_role("heading", name="Turgruppe på Strandstien")).to_be_visible()
    for words in ("Hver tirsdag kl. 10.00–12.00", "Brygga i Fjordvik", "Kåre Nesvik", "Er jeg forsikret?"):
        expect(main(kare)).to_contain_text(words)
    nothing_of_level_one(kare)
    offer = kare.url

    # The light partnership that came along asks for nothing either.
    main(kare).get_by_role("link", name="Turgruppe på Strandstien").click()
    expect(main(kare)).to_contain_text("Hver tirsdag")
    expect(kare.locator(".line")).to_have_count(0)
    nothing_of_level_one(kare)

    # In the calendar: the municipality's, and her own programme's.
    kare.goto(f"/kalender/?maned={first:%Y-%m}&vis=mine")
    expect(main(kare)).to_contain_text("Turgruppe på Strandstien")
    main(kare).get_by_role("link", name="Ha den i din egen kalender").click()
    main(kare).get_by_role("button", name="Lag en lenke").click()
    address = kare.get_by_label("Kopier den nå").input_value()
    scene.secrets.append(address.rsplit("/", 1)[1].removesuffix(".ics"))
    stranger = scene.window()
    answer = stranger.request.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "SUMMARY:Turgruppe på Strandstien" in answer.text()
    assert "Nesvik" not in answer.text()

    # On a sheet to hand out.
    kare.goto(offer)
    main(kare).get_by_role("link", name="Dette kan du vente deg").click()
    _name, pdf = fetched(kare, "Hent som PDF (A5)")
    words = words_on(pdf, tmp_path)
    assert "Ingen blir igjen" in words
    assert "Kåre Nesvik" in words

    # One time is off; it says so where people look.
    kare.goto(offer)
    kare.locator(".times a").first.click()
    kare.get_by_label("Hvorfor avlyses den?").fill("Det er for glatt")
    main(kare).get_by_role("button", name="Avlys og si fra").click()
    expect(main(kare)).to_contain_text("Det er for glatt")
    assert "STATUS:CANCELLED" in stranger.request.get(address).text()

    # The secret stands in no log.
    log = scene.log.read_text()
    assert [secret for secret in scene.secrets if secret in log] == []
