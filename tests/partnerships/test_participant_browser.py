"""A group, tried as those in it would: the convener invites, and a citizen on a phone finds back, proposes
and gets her answer. The real portal, worker and post, at nine on a Monday."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from samskaping.embedded import paths
from tests.browser.visits import TOO_WIDE
from tests.embedded.running import Portal, environment, kill_all
from tests.partnerships.test_first_day_browser import Scene, chromium
from tests.partnerships.test_thread_browser import follow, press, said
from tests.partnerships.test_trace_day_browser import CLOCK, ROUNDS, _until_monday

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True}
SOLFRID, NEW = "solfrid@demo.example", "nora@prove.example"
LINK = r"(/prosess/[0-9]+-[0-9a-f]+/)"


class Play(Scene):
    """With what beat would ring for every ten minutes."""

    rounds: tuple[Path, dict[str, str]]

    def clock_rings(self) -> None:
        data, settings = self.rounds
        subprocess.run(
            [sys.executable, "-c", ROUNDS],
            cwd=paths.REPOSITORY,
            env=environment(data, **settings),
            check=True,
        )


@contextmanager
def playing(folder: Path, ahead: float) -> Iterator[Play]:
    """The demo in a portal of its own, by a clock that is so many seconds ahead."""
    data, log = folder / "data", folder / "up.log"
    settings = {
        "DEBUG": "0", "DEMO": "1", "WEB_WORKERS": "2",
        "PYTHONPATH": str(CLOCK), "TEST_CLOCK": str(ahead),
    }  # fmt: skip
    portal = Portal(data, log, None, **settings)
    try:
        portal.wait_for("Samskaping is ready", patience=480)
        with chromium() as browser:
            made = Play(browser, f"http://127.0.0.1:{portal.port}", log)
            made.rounds = (data, {"PORT": str(portal.port), **settings})
            yield made
    finally:
        if portal.child.poll() is None:
            portal.end(patience=20)
        kill_all(data)


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    with playing(tmp_path_factory.mktemp("participant"), _until_monday()) as made:
        yield made


def fits(page: Page) -> None:
    """Nothing reaches past the edge of the phone."""
    assert page.evaluate(TOO_WIDE) == [], page.url


def sit_down(play: Play, page: Page, address: str) -> None:
    """The link in the message, the button, the code."""
    page.goto(play.post_to(address, LINK))
    fits(page)
    press(page, "Send meg en kode")
    page.wait_for_url("**/prosess/kode/**")
    fits(page)
    page.fill("#id_code", play.post_to(address, r"\b([0-9]{6})\b"))
    page.press("#id_code", "Enter")
    page.wait_for_url(re.compile(r"/prosesser/\d+/"))


def test_a_citizen_on_a_phone_finds_her_group_proposes_and_gets_the_answer(play: Play) -> None:
    solfrid = play.window(**PHONE)
    solfrid.goto("/prosess/")
    solfrid.get_by_label("E-post eller mobilnummer").fill(SOLFRID)
    press(solfrid, "Send meg lenken")
    expect(solfrid.get_by_role("heading", name="Se etter en melding fra oss")).to_be_visible()
    fits(solfrid)

    sit_down(play, solfrid, SOLFRID)
    expect(solfrid.get_by_role("heading", name="Kveldene på Fjordheimen")).to_be_visible()
    assert solfrid.get_by_role("navigation", name="Hovedmeny").count() == 0
    fits(solfrid)
    home = solfrid.url
    follow(solfrid, "Gi et innspill")
    solfrid.get_by_label("Hva vil du foreslå?").wait_for()
    fits(solfrid)
    words = "Lys i gangen om natta 💡 <b>og</b> en benk ved vinduet"
    solfrid.get_by_label("Hva vil du foreslå?").fill(words)
    press(solfrid, "Send innspillet")
    said(solfrid, "Innspillet er sendt")
    expect(solfrid.get_by_text(words)).to_be_visible()
    fits(solfrid)
    proposal = solfrid.url

    # Who convenes meets it where it waits, and answers with a reason.
    ingrid = play.signed_in("coordinator")
    ingrid.goto(f"{home.replace('min-plass/', '')}innspill/?vis=venter")
    ingrid.get_by_role("link", name=re.compile("Lys i gangen")).click()
    follow(ingrid, "Svar")
    ingrid.get_by_label("Delvis tatt inn").check()
    press(ingrid, "Send svaret")
    assert not ingrid.url.endswith(f"{proposal.rsplit('/', 2)[1]}/"), "never without a reason"
    ingrid.get_by_label("Begrunnelse").fill("Benken kommer på fredag. Lyset må vente til nytt år.")
    press(ingrid, "Send svaret")
    said(ingrid, "Svaret er gitt")

    # She reads it on her own page, and was told in her channel.
    solfrid.goto(home)
    expect(solfrid.get_by_role("main")).to_contain_text("Benken kommer på fredag.")
    fits(solfrid)
    play.clock_rings()
    assert play.post_to(SOLFRID, r"(Benken kommer på fredag\.)")


def test_the_pages_of_a_group_fit_a_phone(play: Play) -> None:
    solfrid = play.window(**PHONE)
    solfrid.goto("/prosess/")
    solfrid.get_by_label("E-post eller mobilnummer").fill(SOLFRID)
    press(solfrid, "Send meg lenken")
    sit_down(play, solfrid, SOLFRID)
    process = solfrid.url.replace("min-plass/", "")
    for page in ("", "deltakere/", "innspill/", "innspill/alle-svar/", "oppgaver/", "min-plass/ut/",
                 "min-plass/tilrettelegging/", "moter/"):  # fmt: skip
        assert solfrid.goto(process + page).status == 200, page  # type: ignore[union-attr]
        fits(solfrid)
    # On a borrowed phone nothing is left behind.
    solfrid.goto(process)
    solfrid.get_by_text("Språk og visning").click()
    solfrid.get_by_role("button", name="Lukk på denne enheten").click()
    solfrid.goto(process)
    expect(solfrid).to_have_url(re.compile("/logg-inn/"))


def invite(page: Page, process: str, name: str, side: str, channel: str, **fields: str) -> None:
    page.goto(f"{process}deltakere/inviter/")
    page.get_by_label("Navn", exact=True).fill(name)
    page.get_by_label(side, exact=True).check()
    page.get_by_label(channel, exact=True).check()
    for field, value in fields.items():
        page.fill(f"#id_{field}", value)
    press(page, "Send invitasjonen")
    said(page, f"Invitasjonen til {name} er på vei.")


def test_five_citizens_two_without_email_and_three_employees_are_asked(play: Play) -> None:
    leader = play.signed_in("unit_leader")
    leader.goto("/prosesser/")
    follow(leader, "Kveldene på Fjordheimen")
    process = leader.url
    citizen, employee = "Innbygger", "Ansatt i kommunen"
    invite(leader, process, "Nora Ny", citizen, "E-post", email=NEW)
    invite(leader, process, "Odd Ny", citizen, "E-post", email="odd@prove.example")
    invite(leader, process, "Pia Ny", citizen, "SMS", phone="90 00 00 11")
    address = {"street": "Fjordveien 1", "postal_code": "9999", "post_town": "Fjordvik"}
    invite(leader, process, "Ragna Ny", citizen, "Brev", **address)
    invite(leader, process, "Sigurd Ny", citizen, "Telefon", phone="55 50 10 77")
    for number in range(3):
        email = f"ansatt{number}@prove.example"
        invite(leader, process, f"Ansatt {number}", employee, "E-post", email=email)
    play.clock_rings()

    # One answers on her phone.
    nora = play.window(**PHONE)
    sit_down(play, nora, NEW)
    expect(nora.get_by_role("main")).to_contain_text("Ingen spør hvorfor")
    fits(nora)
    nora.get_by_label("Ja, jeg vil være med").check()
    press(nora, "Send svaret")
    said(nora, "Så fint at du er med!")

    # One gets a letter, one is rung, and what they say is noted on their behalf.
    ingrid = play.signed_in("coordinator")
    ingrid.goto("/brev/")
    expect(ingrid.get_by_role("main")).to_contain_text("Ragna Ny")
    ingrid.goto("/ringeliste/")
    expect(ingrid.get_by_role("main")).to_contain_text("Sigurd Ny")
    leader.goto(f"{process}deltakere/")
    follow(leader, "Ragna Ny")
    press(leader, "Noter ja")
    said(leader, "på vegne av Ragna Ny")
    leader.goto(f"{process}deltakere/")
    expect(leader.get_by_role("row", name=re.compile("Ragna Ny"))).to_contain_text("Med")
