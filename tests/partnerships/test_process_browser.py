"""A process, tried as a new convener would: stopped kindly, back by level 1, on, and results become offers.

And from below: a club begins its own, and meets no level-1 box on its way.
"""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from samskaping.embedded import paths
from tests.embedded.running import Portal, environment, kill_all
from tests.partnerships.test_first_day_browser import PASSWORD, Scene, chromium
from tests.partnerships.test_thread_browser import follow, press, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# A municipality with a coordinator, and a club with a representative.
PEOPLE = f"""
import os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samskaping.settings")
django.setup()
from samskaping.accounts.permissions import Role
from tests.factories.accounts import UserFactory
from tests.factories.core import MunicipalityFactory
from tests.factories.partnerships import OrganisationFactory, SettingsFactory, member
town = MunicipalityFactory.create(number="9987", name="Nysund")
SettingsFactory.create(municipality=town)
club = OrganisationFactory.create(municipality=town, name="Nysund turlag")
for login, role, name, place in (
    ("marit", Role.COORDINATOR, "Marit Ny", {{}}),
    ("oskar", Role.ORGANISATION_REP, "Oskar Turlag", {{"organisation": club}}),
):
    user = UserFactory.create(email=f"{{login}}@demo.example")
    user.set_password("{PASSWORD}")
    user.save()
    member(town, role, name=name, user=user, **place)
"""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("process")
    data, log = folder / "data", folder / "up.log"
    settings = {"DEBUG": "0", "DEMO": "1", "WEB_WORKERS": "2"}
    portal = Portal(data, log, None, **settings)
    try:
        portal.wait_for("Samskaping is ready", patience=180)
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


def test_stopped_kindly_back_by_level_one_and_on_to_offers(scene: Scene) -> None:
    marit = scene.signed_in("marit")
    partnership = start_partnership(marit, "Middag i Nysund")
    follow(marit, "Start en prosess")
    process = start_process(marit, "Noen å spise med")

    # About to invite citizens, and stopped: reasons, what lacks, and the way back to level 1.
    marit.goto(f"{process}deltakere/inviter/")
    expect(marit.get_by_role("heading", name="Vent litt før dere inviterer")).to_be_visible()
    expect(marit.get_by_role("main")).to_contain_text("Hva er forankret?")
    follow(marit, "Gå til forankringen")
    expect(marit).to_have_url(f"{partnership}rammer/")
    marit.fill("[name=decided_by]", "Kommunalsjefen for helse og omsorg")
    marit.fill("[name=mandate]", "Gruppa velger sted og dag.")
    press(marit, "Lagre rammene")
    said(marit, "Rammene er lagret.")

    # Back at the process nothing stops her any more.
    follow(marit, "Noen å spise med")
    expect(marit.get_by_role("link", name="Gjør klart før dere inviterer")).to_be_visible()
    marit.goto(f"{process}deltakere/inviter/")
    expect(marit).to_have_url(f"{process}deltakere/inviter/")

    rewrite(marit, process)
    make_offers(marit, process, partnership)


def start_partnership(page: Page, title: str) -> str:
    page.goto("/samarbeid/start/")
    page.get_by_label("Hva vil dere gjøre sammen?").fill(title)
    page.get_by_label("Språkkafé", exact=True).check()
    press(page, "Start samarbeidet")
    said(page, "Samarbeidet er i gang.")
    return page.url


def start_process(page: Page, title: str) -> str:
    page.get_by_label("Hva vil dere utvikle sammen?").fill(title)
    page.get_by_label("Hva handler det om?").fill("Eldre spiser alene.")
    press(page, "Start prosessen")
    said(page, "Her er siden til gruppa.")
    expect(page).to_have_url(re.compile(r"/prosesser/\d+/$"))
    return page.url


def rewrite(page: Page, process: str) -> None:
    """The problem is understood anew; what stood there stays, with the words that came and went."""
    page.goto(process)
    follow(page, "Skriv det på nytt")
    page.fill("[name=problem]", "Mange spiser alene.")
    page.fill("[name=because]", "Det gjelder ikke bare eldre.")
    press(page, "Lagre")
    follow(page, "Se hvordan ordene er endret")
    expect(page.locator("ins")).to_contain_text("Mange")
    expect(page.locator("del")).to_contain_text("Eldre")


def make_offers(page: Page, process: str, partnership: str) -> None:
    """Two results become offers with one press each, and say where they come from."""
    for title in ("Middag hver onsdag", "Kokkekurs for nybegynnere"):
        page.goto(process)
        follow(page, "Skriv et resultat")
        page.get_by_label("Hva kom dere fram til?").fill(title)
        press(page, "Lagre resultatet")
        press(page, "Gjør det til et tilbud")
        said(page, f"«{title}» har blitt til noe.")
    follow(page, "Middag hver onsdag")
    expect(page).to_have_url(re.compile(r"/tilbud/\d+/$"))
    expect(page.get_by_role("heading", name="Middag hver onsdag").first).to_be_visible()
    page.goto(partnership)
    expect(page.get_by_role("main")).to_contain_text("Kokkekurs for nybegynnere")


def test_going_on_anyway_is_one_sentence(scene: Scene) -> None:
    marit = scene.signed_in("marit")
    marit.goto("/prosesser/start/")
    process = start_process(marit, "Bål i fjæra")
    marit.goto(f"{process}stopp/")
    marit.get_by_text("Vi må invitere nå likevel").click()
    marit.get_by_label("Hvorfor inviterer dere likevel?").fill("Datoen er kunngjort i avisa.")
    press(marit, "Inviter likevel")
    expect(marit).to_have_url(f"{process}deltakere/inviter/")
    marit.goto(f"{process}deltakere/inviter/")
    expect(marit).to_have_url(f"{process}deltakere/inviter/")


def test_from_below_nothing_stops(scene: Scene) -> None:
    oskar = scene.signed_in("oskar")
    oskar.goto("/prosesser/")
    follow(oskar, "Start en prosess")
    process = start_process(oskar, "Stier for alle")
    main = oskar.get_by_role("main")
    expect(main).not_to_contain_text("forankr")
    expect(main).not_to_contain_text("Gjør klart")
    oskar.goto(f"{process}deltakere/inviter/")
    expect(oskar).to_have_url(f"{process}deltakere/inviter/")
