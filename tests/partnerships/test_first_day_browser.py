"""The first day, tried as new users would: the real portal, worker and post, a browser for each person."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PASSWORD = "demo-samskaping"
PATIENCE = 20_000


@dataclass
class Scene:
    """One portal, and a browser window of their own for everybody in the play."""

    browser: Browser
    url: str
    log: Path
    open_windows: list[Any] = field(default_factory=list)
    # Links, codes and tokens that were read in messages.
    secrets: list[str] = field(default_factory=list)

    def window(self, **options: Any) -> Page:
        context = self.browser.new_context(base_url=self.url, locale="nb-NO", **options)
        context.set_default_timeout(PATIENCE)
        self.open_windows.append(context)
        return context.new_page()

    def signed_in(self, login: str) -> Page:
        page = self.window()
        page.goto("/logg-inn/")
        page.fill("#id_login", f"{login}@demo.example")
        page.fill("#id_password", PASSWORD)
        page.press("#id_password", "Enter")
        page.wait_for_url(re.compile(r"^(?!.*logg-inn)"))
        return page

    def post_to(self, recipient: str, pattern: str) -> str:
        """The newest message to somebody that holds the pattern; waits for the worker to bring it."""
        reader = self.window()
        for _try in range(80):
            reader.goto("/dev/post/")
            for letter in reader.locator("article", has_text=f"til {recipient}").all():
                found = re.search(pattern, letter.inner_text())
                if found:
                    self.secrets.append(found[1])
                    return found[1]
            reader.wait_for_timeout(250)
        raise AssertionError(f"nothing like {pattern} came to {recipient}")


@contextmanager
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("There is no Chromium. `make test` installs it, or type: apt install chromium")
    quiet = [
        "--no-sandbox",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
    ]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=program, args=[*quiet, "--disable-sync", "--disable-dev-shm-usage"]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    from tests.embedded.running import Portal, kill_all

    folder = tmp_path_factory.mktemp("first-day")
    portal = Portal(folder / "data", folder / "up.log", DEBUG="0", DEMO="1", WEB_WORKERS="2")
    try:
        portal.wait_for("Samskaping is ready", patience=90)
        with chromium() as browser:
            yield Scene(browser, f"http://127.0.0.1:{portal.port}", folder / "up.log")
    finally:
        if portal.child.poll() is None:
            portal.end(patience=20)
        kill_all(folder / "data")


def invite(page: Page, role: str, name: str, *, language: str, **fields: str) -> None:
    """From the list, by the links and buttons a person sees."""
    page.goto("/folk/roller/")
    page.get_by_role("link", name="Inviter noen").click()
    page.wait_for_url("**/folk/roller/inviter/")
    if page.locator(".choices").count():
        page.locator(f'a[href="?rolle={role}"]').click()
    page.fill("#id_name", name)
    page.select_option("#id_language", language)
    for field_name, value in fields.items():
        if field_name in ("centre", "organisation"):
            page.select_option(f"#id_{field_name}", label=value)
        else:
            page.fill(f"#id_{field_name}", value)
    page.locator("#submit-id-send").click()
    expect(page.locator(".ds-alert", has_text=name)).to_be_visible()


def accept(scene: Scene, page: Page, recipient: str, password: str = "") -> None:
    """The link, the button, the code, the welcome."""
    link = scene.post_to(recipient, r"(/invitasjon/[0-9]+-[0-9a-f]+/)")
    page.goto(link)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/invitasjon/kode/")
    page.fill("#id_code", scene.post_to(recipient, r"\b([0-9]{6})\b"))
    page.press("#id_code", "Enter")
    page.wait_for_url("**/invitasjon/velkommen/")
    if password:
        page.fill("#id_password", password)
    page.locator("#submit-id-accept").click()
    page.wait_for_url(re.compile(r"/(denne-uka|oversikt|min-side)/"))


def test_first_day(scene: Scene) -> None:
    ingrid = scene.signed_in("coordinator")

    # A new coordinator is invited, comes in with a code, and is told of the second factor, gently.
    invite(ingrid, "coordinator", "Tora Ny", language="nb", email="tora@prove.example")
    tora = scene.window()
    accept(scene, tora, "tora@prove.example", password="toras lange passord")
    expect(tora.locator("html")).to_have_attribute("lang", "nb")
    expect(tora.get_by_text("Velkommen! Du er nå frivillighetskoordinator")).to_be_visible()
    tora.goto("/min-konto/")
    tora.get_by_role("link", name="Passord, innlogging i to trinn og åpne innlogginger").click()
    expect(tora).to_have_url(re.compile(r"/min-konto/sikkerhet/"))

    # She invites a centre's leader, in nynorsk, and an organisation's representative by SMS, in English.
    invite(
        tora, "centre_leader", "Solveig Leiar", language="nn",
        email="solveig@prove.example", centre="Fjordvik frivilligsentral",
    )  # fmt: skip
    invite(
        tora, "organisation_rep", "Omar Lag", language="en",
        phone="900 00 321", new_organisation="Ytre seniorkor",
    )  # fmt: skip
    solveig, omar = scene.window(), scene.window(java_script_enabled=False)
    accept(scene, solveig, "solveig@prove.example")
    accept(scene, omar, "+4790000321")

    # Each her own world, in her own language.
    expect(solveig.locator("html")).to_have_attribute("lang", "nn")
    expect(omar.locator("html")).to_have_attribute("lang", "en")
    solveig.goto("/folk/roller/")
    assert "Åse Fjordheim" in solveig.inner_text("main")
    assert "Omar Lag" not in solveig.inner_text("main")
    omar.goto("/folk/roller/")
    assert "Omar Lag" in omar.inner_text("main")
    assert "Solveig Leiar" not in omar.inner_text("main")
    omar.goto("/innstillinger/")
    assert "Kontaktpunkt" not in omar.inner_text("main")

    # The neighbour sees nothing of them, whichever address she tries.
    gunnhild = scene.signed_in("neighbour")
    gunnhild.goto("/folk/roller/")
    for name in ("Tora Ny", "Solveig Leiar", "Omar Lag"):
        assert name not in gunnhild.inner_text("body")
    tora.goto("/folk/roller/?q=Solveig")
    address = tora.locator('#now ~ table a[href$="/avslutt/"]').first.get_attribute("href")
    assert address
    foreign = gunnhild.goto(address)
    assert foreign is not None
    assert foreign.status == 404

    # A role that is ended is gone at the next click.
    tora.goto(address)
    tora.locator("main form button[type=submit]").click()
    expect(tora.get_by_text("Rollen er avsluttet.")).to_be_visible()
    solveig.goto("/folk/roller/")
    expect(solveig).to_have_url(re.compile(r"/logg-inn/"))

    # And the link she came by opens nothing.
    used = solveig.goto(scene.post_to("solveig@prove.example", r"(/invitasjon/[0-9]+-[0-9a-f]+/)"))
    assert used is not None
    assert used.status == 410

    # Nobody's name, address, link or code came into the log of any of the portal's processes.
    log = scene.log.read_text()
    assert "/invitasjon/kode/" in log, "it tells of what was asked for"
    people = ("Tora", "Solveig", "Omar", "Ytre seniorkor", "prove.example", "4790000321", "toras lange")
    # Whole words: a request's id may happen to have a code's digits in it.
    whole = (rf"(?<!\w){re.escape(word)}(?!\w)" for word in (*people, *scene.secrets))
    assert [word for word in whole if re.search(word, log)] == []
