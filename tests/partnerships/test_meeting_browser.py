"""A meeting, tried as people would: a day by a link on a phone, minutes by two, one for citizens alone."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from samskaping.embedded import paths
from tests.embedded.running import Portal, environment, kill_all
from tests.partnerships.test_first_day_browser import PASSWORD, Scene, chromium
from tests.partnerships.test_thread_browser import follow, press

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BEGIN = """
import os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samskaping.settings")
django.setup()
"""
# A group in a municipality of its own: the coordinator convenes, a citizen comes by link, and an employee.
PEOPLE = f"""
from partnerships.models.participant import Side
from partnerships.services.participant import participant_token
from samskaping.accounts.permissions import Role
from tests.factories.accounts import UserFactory
from tests.factories.codesign import ParticipantFactory, ProcessFactory
from tests.factories.core import MunicipalityFactory
from tests.factories.partnerships import SettingsFactory, UnitFactory, member
town = MunicipalityFactory.create(number="9986", name="Møtevik")
SettingsFactory.create(municipality=town)
def login(name):
    user = UserFactory.create(email=f"{{name}}@demo.example")
    user.set_password("{PASSWORD}")
    user.save()
    return user
marit = member(town, Role.COORDINATOR, name="Marit Ny", user=login("marit-m"))
unit = UnitFactory.create(municipality=town)
dina = member(town, Role.STAFF, name="Dina Ansatt", user=login("dina-m"), unit=unit)
process = ProcessFactory.create(municipality=town, title="Kveldskafé", convener=marit.person)
asta = ParticipantFactory.create(process=process, person__name="Asta Eng", person__email="asta@prove.example")
ParticipantFactory.create(process=process, person=dina.person, side=Side.STAFF)
print(f"/prosesser/{{process.pk}}/ /prosess/{{participant_token(asta)}}/")
"""
# As if it was held yesterday.
HELD = """
from datetime import timedelta
from django.utils import timezone
from partnerships.models import Meeting
start = timezone.now() - timedelta(days=1)
held = {"starts_at": start, "ends_at": start + timedelta(hours=2)}
Meeting.objects.filter(title="Hva er en god kveld?").update(**held)
"""
Run = Callable[[str], str]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scene, Run]]:
    folder = tmp_path_factory.mktemp("meeting")
    data, log = folder / "data", folder / "up.log"
    settings = {"DEBUG": "0", "DEMO": "1", "WEB_WORKERS": "2"}
    portal = Portal(data, log, None, **settings)

    def run(script: str) -> str:
        around = environment(data, PORT=str(portal.port), **settings)
        command = [sys.executable, "-c", BEGIN + script]
        made = subprocess.run(
            command, cwd=paths.REPOSITORY, env=around, check=True, capture_output=True, text=True
        )
        return made.stdout.strip()

    try:
        portal.wait_for("Samskaping is ready", patience=400)
        with chromium() as browser:
            yield Scene(browser, f"http://127.0.0.1:{portal.port}", log), run
    finally:
        if portal.child.poll() is None:
            portal.end(patience=20)
        kill_all(data)


def test_a_day_by_link_minutes_by_two_and_citizens_alone(played: tuple[Scene, Run]) -> None:
    scene, run = played
    process, link = run(PEOPLE).split()
    marit = scene.signed_in("marit-m")
    meeting = ask_about_days(marit, process)

    asta = scene.window(viewport={"width": 320, "height": 700})
    come_by_link(scene, asta, link, meeting)
    follow(asta, "Svar på hva som passer")
    asta.get_by_role("radio", name="Passer", exact=True).first.check()
    fits_a_phone(asta)
    press(asta, "Send svaret")
    expect(asta.get_by_role("main")).to_contain_text("Du: Passer")

    marit.goto(meeting)
    expect(marit.get_by_role("main")).to_contain_text("1 av 2 har svart")
    press(marit, "Velg denne")
    expect(marit.get_by_role("main")).to_contain_text("Dagen er satt")

    run(HELD)
    write_at_once(marit, asta, meeting)
    approve(marit, asta, meeting)
    alone(scene, marit, asta, process)


def ask_about_days(page: Page, process: str) -> str:
    page.goto(f"{process}moter/nytt/")
    page.fill("[name=title]", "Hva er en god kveld?")
    page.fill("[name=agenda]", "Dag og tid\nHvem låser opp?")
    press(page, "Lagre møtet")
    for number, day in enumerate(("2030-03-26", "2030-04-02")):
        page.fill(f"[name=tid{number}-day]", day)
        page.fill(f"[name=tid{number}-from_time]", "18:00")
        page.fill(f"[name=tid{number}-to_time]", "20:00")
    press(page, "Spør gruppa")
    main = page.get_by_role("main")
    expect(main).to_contain_text("tirsdag 26. mars 2030 kl. 18.00–20.00")
    # On the other side of summer time, and the same clock.
    expect(main).to_contain_text("tirsdag 2. april 2030 kl. 18.00–20.00")
    return re.sub(r"^https?://[^/]+", "", page.url)


def come_by_link(scene: Scene, page: Page, link: str, meeting: str) -> None:
    page.goto(f"{link}?next={meeting}")
    press(page, "Send meg en kode")
    page.fill("#id_code", scene.post_to("asta@prove.example", r"\b([0-9]{6})\b"))
    page.press("#id_code", "Enter")
    page.wait_for_url(f"**{meeting}")


def fits_a_phone(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def write_at_once(marit: Page, asta: Page, meeting: str) -> None:
    for page in (marit, asta):
        page.goto(f"{meeting}referat/skriv/")
    fits_a_phone(asta)
    asta.locator("textarea").nth(0).fill("Tirsdager klokka seks.")
    asta.locator("textarea").nth(1).fill("Biblioteket låser opp for brukerne.")
    press(asta, "Lagre referatet")
    expect(asta.get_by_role("main")).to_contain_text("Skriv heller innbygger, deltaker eller mottaker.")
    marit.locator("textarea").nth(0).fill("Torsdager klokka sju.")
    press(marit, "Lagre referatet")
    main = marit.get_by_role("main")
    expect(main).to_contain_text("Ingenting er overskrevet")
    expect(main).to_contain_text("Tirsdager klokka seks.")
    expect(marit.locator("textarea").nth(0)).to_have_value("Torsdager klokka sju.")
    expect(marit.locator("textarea").nth(1)).to_have_value("Biblioteket låser opp for brukerne.")
    press(marit, "Lagre referatet")
    expect(marit.get_by_role("main")).to_contain_text("Torsdager klokka sju.")


def approve(marit: Page, asta: Page, meeting: str) -> None:
    marit.goto(f"{meeting}oppmote/")
    marit.get_by_label("Asta Eng").check()
    press(marit, "Lagre oppmøtet")
    marit.goto(f"{meeting}referat/")
    press(marit, "Send referatet")
    asta.goto(f"{meeting}referat/")
    aloud = asta.get_by_role("button", name="Les høyt")
    aloud.click()
    asta.get_by_role("button", name="Stopp").click()
    expect(aloud).to_be_visible()
    asta.get_by_role("radio", name="Ja, det stemmer").check()
    press(asta, "Send svaret")
    expect(asta.get_by_role("main")).to_contain_text("Godkjent")


def alone(scene: Scene, marit: Page, asta: Page, process: str) -> None:
    """The citizen plans one; neither who convenes nor an employee in the group comes upon it."""
    asta.goto(f"{process}moter/nytt/")
    asta.fill("[name=title]", "Bare oss")
    press(asta, "Lagre møtet")
    asta.goto(f"{process}moter/")
    follow(asta, "Bare oss")
    expect(asta.get_by_role("main")).to_contain_text("Ingen som jobber i kommunen, ser det")
    own = re.sub(r"^https?://[^/]+", "", asta.url)
    for page in (marit, scene.signed_in("dina-m")):
        page.goto(f"{process}moter/")
        expect(page.get_by_role("main")).to_contain_text("Hva er en god kveld?")
        expect(page.get_by_role("main")).not_to_contain_text("Bare oss")
        answer = page.goto(own)
        assert answer is not None
        assert answer.status == 404
