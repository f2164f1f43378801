"""A place contact's Thursday, tried as she would: nobody is rung.

Issue 8's «Done when», third part. On Tuesday she adds a time and everybody is asked; on Wednesday they are
asked whether they still can, and a gap is filled by itself; on Thursday she sees who comes, the screen on
the wall says it to those who live there, she marks who came, corrects an hour, and says thanks. The same
portal on three days by its own clock: the real one, with worker and post.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from samskaping.core.working_days import OSLO, is_working_day
from tests.browser.visits import AXE, RUN_AXE
from tests.partnerships.test_first_day_browser import PASSWORD
from tests.partnerships.test_participant_browser import PHONE, Play, fits, playing
from tests.partnerships.test_thread_browser import follow, press, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OFFER = "Sangstund på Fjordheimen"
LIV, SOLVEIG, OKSANA = "volunteer@demo.example", "solveig@demo.example", "oksana@demo.example"
# The link under the question of that time; she may be asked of others, too.
ANSWER = r"(?s)%s.*?Sangstund på Fjordheimen torsdag.*?(/svar/[^/\s]+/)"
# What a screen on a wall never says of those who come.
NOT_ON_WALL = ("Berntsen", "Tangen", "Melnyk", "Aune", "555 01", "@")


def tuesday() -> datetime:
    """Nine o'clock on a Tuesday, when the two days after it are working days, too."""
    day = datetime.now(OSLO).date() + timedelta(days=1)
    while day.weekday() != 1 or not all(is_working_day(day + timedelta(days=n)) for n in range(3)):
        day += timedelta(days=1)
    return datetime.combine(day, clock_time(9), tzinfo=OSLO)


def test_a_place_contact_runs_her_thursday_without_ringing_anyone(tmp_path: Path) -> None:
    first = tuesday()
    thursday = first + timedelta(days=2)
    with on(tmp_path, first) as play:
        the_crew_grows(play)
        time = a_time_is_added(play, thursday)
        everybody_is_asked(play, time)
    with on(tmp_path, first + timedelta(days=1)) as play:
        still_can_and_cannot(play)
        nobody_is_missing(play, time)
    with on(tmp_path, thursday.replace(hour=14, minute=20)) as play:
        elin = on_her_phone(play, "place_contact")
        who_comes_today(play, elin)
        the_screen_on_the_wall(play, elin)
        who_came(elin, time)
        thanks(play, elin)
        and_what_liv_sees(play)


@contextmanager
def on(folder: Path, moment: datetime) -> Iterator[Play]:
    """The portal on this day, with what was done the days before."""
    with playing(folder, (moment - datetime.now(OSLO)).total_seconds()) as play:
        yield play


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def fine(page: Page) -> None:
    """Fits a telephone, and no violation of WCAG that a machine finds."""
    fits(page)
    page.evaluate(AXE.read_text())
    assert page.evaluate(RUN_AXE) == [], page.url


def of(words: str, whom: str) -> re.Pattern[str]:
    """A button or a field whose name says of whom it is, to those who do not see where it stands."""
    return re.compile(f"^{re.escape(words)} ?: {re.escape(whom)}")


def press_of(page: Page, words: str, whom: str) -> None:
    main(page).get_by_role("button", name=of(words, whom)).first.click()


def on_her_phone(play: Play, login: str) -> Page:
    page = play.window(**PHONE)
    page.goto("/logg-inn/")
    page.fill("#id_login", f"{login}@demo.example")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(re.compile(r"^(?!.*logg-inn)"))
    return page


def came(play: Play, address: str, pattern: str) -> str:
    """As post_to; a portal that is started anew has the night's work to do before the post."""
    for _try in range(4):
        with suppress(AssertionError):
            return play.post_to(address, pattern)
    return play.post_to(address, pattern)


def answer(play: Play, address: str, subject: str, says: str, outcome: str) -> None:
    """By the link in her message, signed in nowhere; looking at it answers nothing."""
    phone = play.window(**PHONE)
    phone.goto(came(play, address, ANSWER % re.escape(subject)))
    fine(phone)
    press(phone, says)
    expect(main(phone)).to_contain_text(outcome)
    fits(phone)


# --- Tuesday ----------------------------------------------------------------------------------------------
def the_crew_grows(play: Play) -> None:
    """The coordinator knows two more who would like to."""
    ingrid = play.signed_in("coordinator")
    ingrid.goto("/tilbud/")
    follow(ingrid, OFFER)
    follow(ingrid, "Hvem kommer")
    crew = ingrid.url
    for name in ("Solveig Aune", "Oksana Melnyk"):
        follow(ingrid, "Legg til en frivillig")
        ingrid.get_by_label("Navn").fill(name)
        press(ingrid, "Søk")
        press_of(ingrid, "Legg til", name)
        ingrid.goto(crew)
        expect(main(ingrid)).to_contain_text(name)


def a_time_is_added(play: Play, thursday: datetime) -> str:
    """On Thursday, too. Its address."""
    elin = on_her_phone(play, "place_contact")
    elin.goto("/tilbud/")
    follow(elin, OFFER)
    offer = elin.url
    follow(elin, "Legg til en gang")
    elin.get_by_label("Dag").fill(str(thursday.date()))
    press(elin, "Legg til")
    said(elin, "Gangen er lagt til.")
    elin.goto(offer)
    follow(elin, "Hvem kommer")
    expect(elin).to_have_url(re.compile(r"/frivillige/$"))
    fine(elin)
    follow(elin, f"Torsdag {thursday.day}. ")
    expect(elin).to_have_url(re.compile(r"/frivillige/$"))
    # The portal of the next day answers elsewhere.
    return elin.url.removeprefix(play.url)


def everybody_is_asked(play: Play, time: str) -> None:
    """By one press. Who comes every time has said so; three say yes, and there was room for two of them."""
    elin = on_her_phone(play, "place_contact")
    elin.goto(time)
    fine(elin)
    press(elin, "Spør de 4 som ikke er spurt")
    said(elin, "3 er spurt.")
    expect(row(elin, "Harald Tangen")).to_contain_text("Kommer")
    play.clock_rings()
    answer(play, LIV, "Kan du komme?", "Ja", "Du står på lista.")
    answer(play, SOLVEIG, "Kan du komme?", "Ja", "Du står på lista.")
    answer(play, OKSANA, "Kan du komme?", "Ja", "Du står på venteliste")
    elin.goto(time)
    expect(main(elin)).to_contain_text("3 kommer, fullt")
    expect(main(elin)).to_contain_text("1 på venteliste")


def row(page: Page, name: str) -> Locator:
    return main(page).locator("li.who", has_text=name)


# --- Wednesday --------------------------------------------------------------------------------------------
def still_can_and_cannot(play: Play) -> None:
    """One still can, the other cannot: her place is the first waiter's, who is told and says yes."""
    play.clock_rings()
    answer(play, LIV, "Kan du fortsatt?", "Ja", "Takk for svaret")
    answer(play, SOLVEIG, "Kan du fortsatt?", "Nei", "Takk for svaret")
    play.clock_rings()
    answer(play, OKSANA, "Det ble plass til deg", "Ja", "Takk for svaret")


def nobody_is_missing(play: Play, time: str) -> None:
    elin = on_her_phone(play, "place_contact")
    coming = on_day(elin, "Torsdag").locator("article", has_text=OFFER)
    fine(elin)
    expect(coming).to_contain_text("3 kommer")
    for name in ("Liv Berntsen", "Harald Tangen", "Oksana Melnyk"):
        expect(coming).to_contain_text(name)
    expect(coming).not_to_contain_text("Solveig")
    expect(coming.locator("li", has_text="Liv Berntsen")).not_to_contain_text("Har ikke bekreftet")
    elin.goto(time)
    expect(row(elin, "Solveig Aune")).to_contain_text("Kan ikke")


# --- Thursday ---------------------------------------------------------------------------------------------
def on_day(page: Page, day: str) -> Locator:
    page.goto("/pa-stedet/")
    return main(page).locator("section", has=page.get_by_role("heading", name=re.compile(f"^{day}")))


def today(page: Page) -> Locator:
    return on_day(page, "I dag")


def who_comes_today(play: Play, elin: Page) -> None:
    """Names and how to reach them; who is here for the first time. A colleague sees first names."""
    here = today(elin)
    fine(elin)
    expect(here.get_by_role("link", name=re.compile("555"))).not_to_have_count(0)
    expect(here.locator("li", has_text="Oksana Melnyk")).to_contain_text("Første gang: ta imot")
    samira = on_her_phone(play, "staff")
    expect(today(samira)).to_contain_text("Liv")
    for hidden in NOT_ON_WALL:
        expect(main(samira)).not_to_contain_text(hidden)


def the_screen_on_the_wall(play: Play, elin: Page) -> None:
    """First names and times, for whoever looks; and nothing when the link is taken back."""
    elin.goto("/pa-stedet/")
    follow(elin, "Skjerm på veggen")
    elin.get_by_label("Hvor henger skjermen?").fill("Peisestua")
    press(elin, "Lag lenke")
    expect(elin.get_by_label(of("Adressen", "Peisestua"))).to_be_visible()
    fine(elin)
    address = elin.get_by_label(of("Adressen", "Peisestua")).input_value()
    play.secrets.append(address.rstrip("/").rsplit("/", 1)[1])
    for script in (True, False):
        screen = play.window(viewport={"width": 1280, "height": 800}, java_script_enabled=script)
        screen.goto(address)
        for shown in ("14.00–15.00", "Liv", "Harald", "Oksana"):
            expect(main(screen)).to_contain_text(shown)
        for hidden in NOT_ON_WALL:
            expect(main(screen)).not_to_contain_text(hidden)
        assert screen.context.cookies() == []
    press_of(elin, "Ta tilbake lenken", "Peisestua")
    said(elin, "Lenken virker ikke lenger.")
    assert screen.request.get(address).status == 404


def who_came(elin: Page, time: str) -> None:
    """One did not come, the others did: two presses. The hours come of it; one of them is corrected, and some
    are noted for two at once."""
    here = today(elin)
    press_of(elin, "Kom ikke", "Harald Tangen")
    press_of(elin, "Alle kom", OFFER)
    said(elin, "Oppmøtet er ført.")
    expect(here.get_by_text("Var der", exact=True)).to_have_count(2)
    expect(here.get_by_text("Kom ikke", exact=True)).to_have_count(1)
    elin.goto(time)
    fine(elin)
    elin.get_by_label(of("Minutter", "Liv Berntsen")).fill("90")
    press(elin, "Lagre oppmøtet")
    said(elin, "Oppmøtet er ført.")
    follow_crumb(elin, "Frivillige")
    follow(elin, "Før timer for flere")
    expect(elin).to_have_url(re.compile(r"/timer/$"))
    fine(elin)
    moment = elin.get_by_label("Dag").input_value()
    elin.get_by_label("Dag").fill(str(datetime.fromisoformat(moment).date() - timedelta(days=1)))
    elin.get_by_label("Timer for hver").fill("0,5")
    for name in ("Liv Berntsen", "Oksana Melnyk"):
        elin.get_by_label(name).check()
    press(elin, "Før timene")
    said(elin, "Timene er ført.")


def follow_crumb(page: Page, name: str) -> None:
    page.locator("nav.ds-breadcrumbs").get_by_role("link", name=name, exact=True).click()


def thanks(play: Play, elin: Page) -> None:
    """One line to all who came, in each one's own channel."""
    here = today(elin)
    here.get_by_text("Si takk til alle 2").click()
    fine(elin)
    form = here.locator("details[open]")
    form.get_by_label("Noen ord").fill("Det ble en fin stund. Takk for at dere kom!")
    form.get_by_role("button", name="Send takken").click()
    said(elin, "Takken er på vei.")
    expect(here.get_by_text("Takket", exact=True)).to_have_count(2)
    play.clock_rings()
    for address in (LIV, OKSANA):
        came(play, address, "(Det ble en fin stund)")


def and_what_liv_sees(play: Play) -> None:
    """Her hours came of themselves; half an hour was an hour, and she says so."""
    liv = on_her_phone(play, "volunteer")
    liv.goto("/min-side/")
    expect(main(liv)).to_contain_text("Det ble en fin stund.")
    liv.goto("/oppdrag/")
    fine(liv)
    follow(liv, "Timene mine")
    expect(liv).to_have_url(re.compile(r"/timer/$"))
    fine(liv)
    hours = liv.get_by_label(re.compile("^Timer ?: "))
    expect(hours.nth(0)).to_have_value("1,5")
    expect(hours.nth(1)).to_have_value("0,5")
    hours.nth(1).fill("1")
    hours.nth(1).press("Enter")
    said(liv, "Rettet.")
    expect(liv.get_by_label(re.compile("^Timer ?: ")).nth(1)).to_have_value("1")
