"""A whole life as a volunteer without e-mail, mobile or account: by telephone, letter and paper.

Issue 8's «Done when». Ragnhild is 74 and rings; Ingrid writes her down, rings her about the first talk,
prints both papers and notes that they came back signed. She comes, is thanked by letter, ends, and gets her
confirmation on paper. The real portal, worker and post, at nine on a Monday and two weeks later.
"""

import re
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from partnerships.demo import PEOPLE
from samskaping.core.working_days import OSLO
from tests.agreements.test_agreement_browser import CODE, clean, got
from tests.partnerships.test_participant_browser import Play, fits, playing
from tests.partnerships.test_thread_browser import follow, press, said
from tests.partnerships.test_trace_day_browser import _until_monday, words_on

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NAMES = {human.login: human.name for human in PEOPLE}
WHO, OFFER = "Ragnhild Prøvesen", "Sangstund på Fjordheimen"
HOME = {"street": "Fjordveien 4", "postal_code": "9901", "post_town": "Fjordvik"}
PAPERS = ("Taushetserklæring", "Avtale med frivillig")
THANKS = "Alle sang med på siste vers."
# Half seconds: the clock has two weeks to tell everybody of, and the worker makes the demo's agreements too.
PATIENCE = 240
# Past the next time she can come.
LATER = timedelta(days=15).total_seconds()


def today(ahead: float) -> str:
    return str(datetime.fromtimestamp(time.time() + ahead, OSLO).date())


def test_the_whole_way_on_paper(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    folder, ahead = tmp_path_factory.mktemp("paper"), _until_monday()
    with playing(folder, ahead) as play:
        ingrid = play.signed_in("coordinator")
        record = written_down(ingrid)
        is_rung_about(play, ingrid, record, ahead, "Oppstartsamtale")
        papers_on_paper(play, ingrid, record, ahead, tmp_path)
        begins(ingrid, record)
        occurrence = next_time(ingrid)
    with playing(folder, ahead + LATER) as play:
        ingrid = play.signed_in("coordinator")
        comes(ingrid, occurrence)
        one_more_talk(ingrid, record, ahead + LATER)
        is_rung_about(play, ingrid, record, ahead + LATER, "Oppfølgingssamtale")
        is_thanked_by_letter(play, ingrid, record, tmp_path)
        ends(ingrid, record, tmp_path)
        assert nothing_was_sent_to_her(play)


def at(page: Page, address: str) -> None:
    """The second portal has another port."""
    page.goto(re.sub(r"^https?://[^/]+", "", address))


def written_down(page: Page) -> str:
    """From a telephone call: a name, a number and where letters go. The address of her record."""
    page.goto("/frivillige/")
    follow(page, "Legg inn en frivillig")
    page.get_by_label("Navn", exact=True).fill(WHO)
    page.locator("[name=channel][value=phone]").check()
    page.fill("[name=phone]", "55 50 13 99")
    for field, value in HOME.items():
        page.fill(f"[name={field}]", value)
    page.locator("[name=offer]").select_option(label=OFFER)
    clean(page)
    press(page, "Legg inn")
    expect(page).to_have_url(re.compile(r"/frivillige/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(WHO)
    clean(page)
    fits(page)
    return page.url


def is_rung_about(play: Play, page: Page, record: str, ahead: float, talk: str) -> None:
    """An hour is set, she hears of it on the telephone and says that it suits; the talk is held."""
    at(page, record)
    care = page.get_by_role("region", name="Oppfølging")
    later = care.get_by_text("steg senere")
    if later.count():
        later.click()
    care.get_by_role("link", name=re.compile(f"Avtal tid.*{talk}")).first.click()
    page.fill("[name=day]", today(ahead + 2 * 86400))
    page.fill("[name=clock]", "10:00")
    page.fill("[name=place]", "på telefon")
    press(page, "Avtal og si fra")
    said(page, "Tidspunktet er satt.")
    expect(care).to_contain_text("Ikke svart ennå")
    ring(play, page, "Ja")
    at(page, record)
    expect(care).to_contain_text("Passer for den frivillige")
    care.get_by_role("button", name=re.compile(f"Gjort.*{talk}")).first.click()
    said(page, "Gjort.")


def ring(play: Play, page: Page, answer: str = "") -> None:
    """She stands in the list of calls; the words to say are there, and it is noted how it went."""
    play.clock_rings()
    for _try in range(PATIENCE):
        page.goto("/ringeliste/")
        if page.get_by_role("main").get_by_role("link", name=WHO).count():
            break
        page.wait_for_timeout(500)
    clean(page)
    follow(page, WHO)
    page.get_by_label("Vi fikk snakket sammen").check()
    if answer:
        page.get_by_role("group", name="Hva ble svaret?").get_by_label(answer, exact=True).check()
    press(page, "Lagre samtalen")
    said(page, "Samtalen er notert.")


def papers_on_paper(play: Play, page: Page, record: str, ahead: float, folder: Path) -> None:
    """Both made with one button, printed, signed by hand by her and by the head of the ward."""
    page.goto(record)
    papers = page.get_by_role("region", name="Papirer")
    expect(papers).to_contain_text("signerer den frivillige på papir")
    press(page, "Lag papirene")
    # What nobody has written in the offer is told first.
    expect(page.get_by_text("Dette står tomt:")).to_be_visible()
    clean(page)
    names = page.locator("[name=signs] option").all_inner_texts()
    leader = next(name for name in names if name.startswith(NAMES["unit_leader"]))
    page.locator("[name=signs]").select_option(label=leader)
    page.locator("[name=leave_out]").check()
    press(page, "Send til signering")
    said(page, "Skriv dem ut")
    clean(page)
    for kind in PAPERS:
        page.goto(record)
        row = papers.get_by_role("listitem").filter(has_text=kind)
        address = row.get_by_role("link", name="Skriv ut").get_attribute("href")
        pdf = page.context.request.get(f"{address}").body()
        row.get_by_role("link", name="Har signert på papir").click()
        is_noted(page, pdf, WHO, ahead, folder)
    # The head of the ward signs the same paper.
    page.goto(record)
    papers.get_by_role("link", name=PAPERS[1], exact=True).click()
    follow(page, "Se hvem som har signert")
    follow(page, "Har signert på papir")
    is_noted(page, pdf, NAMES["unit_leader"], ahead, folder)
    needs = page.get_by_role("region", name="Det som trengs")
    for _try in range(PATIENCE):
        page.goto(record)
        if needs.get_by_text("I orden").count() == len(PAPERS):
            break
        page.wait_for_timeout(500)
    expect(needs.get_by_text("I orden")).to_have_count(len(PAPERS))


def is_noted(page: Page, pdf: bytes, name: str, ahead: float, folder: Path) -> None:
    (folder / "scan.pdf").write_bytes(pdf)
    code = CODE.search(words_on(pdf, folder))
    assert code
    clean(page)
    page.set_input_files("[name=scan]", folder / "scan.pdf")
    page.fill("[name=code]", code[0])
    page.fill("[name=name]", name)
    page.fill("[name=signed_on]", today(ahead))
    page.locator("[name=attest]").check()
    press(page, "Legg inn signaturen")
    said(page, "Signaturen på papir er lagt inn.")


def begins(page: Page, record: str) -> None:
    page.goto(record)
    offers = page.get_by_role("region", name="Med på")
    offers.get_by_role("button", name="Er med").first.click()
    page.goto(record)
    press(page, "Er i gang")
    said(page, "Merket som i gang.")


def next_time(page: Page) -> str:
    """When she comes: noted by Ingrid, who has her on the telephone. Its address."""
    page.goto("/tilbud/")
    follow(page, OFFER)
    offer = page.url
    page.goto(f"{offer}frivillige/")
    clean(page)
    page.get_by_role("region", name="De neste gangene").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/gang/\d+/frivillige/"))
    line = page.get_by_role("listitem").filter(has_text=WHO).last
    line.get_by_role("button", name="Kommer").click()
    expect(page.get_by_role("listitem").filter(has_text=WHO).last).to_contain_text("Kommer")
    return page.url


def comes(page: Page, occurrence: str) -> None:
    at(page, occurrence)
    clean(page)
    page.get_by_label(WHO).first.check()
    press(page, "Lagre oppmøtet")
    at(page, occurrence)
    expect(page.get_by_role("listitem").filter(has_text=WHO)).to_contain_text("var der")


def one_more_talk(page: Page, record: str, ahead: float) -> None:
    """How the first time went was heard of there and then; a talk is what comes next."""
    at(page, record)
    page.get_by_role("button", name=re.compile("Gjort.*Hør hvordan det gikk")).click()
    said(page, "Gjort.")
    follow(page, "Legg til et steg")
    page.locator("[name=kind]").select_option(label="Oppfølgingssamtale")
    page.fill("[name=due_on]", today(ahead))
    press(page, "Legg til steget")
    said(page, "Steget er lagt til.")


def is_thanked_by_letter(play: Play, page: Page, record: str, folder: Path) -> None:
    """She would rather have letters now; the thanks is printed and posted."""
    at(page, record)
    follow(page, "Endre kontakt")
    page.locator("[name=channel][value=letter]").check()
    press(page, "Lagre")
    expect(page.get_by_role("heading", level=1)).to_have_text(WHO)
    follow(page, "Send en takk")
    page.fill("[name=words]", THANKS)
    press(page, "Send takken")
    play.clock_rings()
    for _try in range(PATIENCE):
        page.goto("/brev/")
        if page.get_by_role("main").get_by_text(WHO).count():
            break
        page.wait_for_timeout(500)
    clean(page)
    press(page, "Lag PDF av alle")
    ready = page.get_by_role("link", name="Hent PDF-en")
    for _try in range(PATIENCE):
        if ready.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    letters = words_on(got(page, "Hent PDF-en"), folder)
    assert WHO in letters
    assert THANKS in letters
    follow(page, "Merk som postlagt")
    press(page, "Ja, merk som postlagt")
    said(page, "Brevene er merket som postlagt.")


def ends(page: Page, record: str, folder: Path) -> None:
    at(page, record)
    page.get_by_role("region", name="Status").get_by_role("link", name="Avslutt").click()
    press(page, "Avslutt og takk")
    expect(page.get_by_role("region", name="Status")).to_contain_text("Avsluttet")
    clean(page)
    follow(page, "Bekreftelse på frivillig innsats")
    clean(page)
    address = page.get_by_role("main").locator("form").get_attribute("action")
    parts = "&".join(f"vis={one.get_attribute('value')}" for one in page.locator("[name=vis]").all())
    answer = page.context.request.get(f"{address}?{parts}")
    assert answer.status == 200
    words = words_on(answer.body(), folder)
    for said_there in (WHO, OFFER, "Bekreftelse på frivillig innsats"):
        assert said_there in words, words


def nothing_was_sent_to_her(play: Play) -> bool:
    """No e-mail and no SMS: all went by telephone, letter and paper."""
    post = play.window()
    post.goto("/dev/post/")
    return post.locator("article", has_text="55501399").count() == 0
