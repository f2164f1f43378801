"""An agreement, tried as its people would: drafted, a clause changed by the other side, signed in three ways.

Issue 7's «Done when». The club says itself that its chair signs, who has no account and does it on a phone
without script, by the link and a code; the kommunalsjef signed in with an app; the head of the ward on paper.
Then the PDF, «Er denne avtalen ekte?», and the one notice before the end. The real portal, worker and post,
at nine on a Monday.
"""

import hashlib
import re
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from partnerships.demo import PEOPLE
from samskaping.core.working_days import OSLO
from tests.browser.visits import AXE, RUN_AXE
from tests.partnerships.test_first_day_browser import PASSWORD
from tests.partnerships.test_participant_browser import PHONE, Play, fits, playing
from tests.partnerships.test_process_browser import run
from tests.partnerships.test_thread_browser import follow, press, said
from tests.partnerships.test_trace_day_browser import _until_monday, words_on

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NAMES = {human.login: human.name for human in PEOPLE}
# She has no account: all she gets is the link and the code.
CHAIR, SIGNS = "Astrid Prøvesen", "astrid@prove.example"
# Where the club's own leader in the portal gets his post.
CLUB = "health@demo.example"
LINK = r"(/signer/[0-9]+-[0-9a-f]+/)"
LINK_TO_SIGNED = 150_000
# At the foot of every page, and one that no page has.
CODE, NO_CODE = re.compile(r"(?:[A-Z0-9]{4}-){4}[A-Z0-9]{4}"), "AAAA-BBBB-CCCC-DDDD-EEEE"
# How many days it has left as it is made: less than the ninety of notice.
LEFT = 89
# What the clock does every ten minutes, twice more, here and now: nobody is told again.
ONCE = """
from partnerships.models import Notice
from partnerships.tasks import notices
told = Notice.objects.filter(kind="agreement_ends", object_id={pk})
people = sorted(told.values_list("person", flat=True))
assert people, "nobody was told"
for _round in range(2):
    notices()
assert sorted(told.values_list("person", flat=True)) == people == sorted(set(people)), "told again"
"""
# This Monday's digest has left already, and the next is a week away.
NOT_GATHERED = """
from partnerships.models import Person
from partnerships.models.person import Digest
Person.objects.filter(user__email="{login}").update(digest=Digest.AT_ONCE)
"""
ENDS = re.compile("Våketjeneste på Fjordheimen» gjelder til og med")


@pytest.fixture(scope="module")
def ahead() -> float:
    return _until_monday()


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory, ahead: float) -> Iterator[Play]:
    with playing(tmp_path_factory.mktemp("agreement"), ahead) as made:
        yield made


def test_from_a_partnership_to_a_signed_checked_and_renewed_agreement(
    play: Play, ahead: float, tmp_path: Path
) -> None:
    ingrid = play.signed_in("coordinator")
    draft = drafted(ingrid, ahead)
    the_other_side_changes_a_clause(play, ingrid, draft)
    signing = sent(play, ingrid, draft)
    play.clock_rings()
    by_link_and_code(play)
    by_account_and_app(play, ahead)
    paper = on_paper(ingrid, signing, ahead, tmp_path)
    sealed = is_sealed(ingrid, signing, tmp_path)
    is_it_real(play, sealed, paper, tmp_path)
    is_told_once(play, ingrid, signing)


def clean(page: Page) -> None:
    """No violation of WCAG that a machine finds, as axe-core sees it."""
    page.evaluate(AXE.read_text())
    assert page.evaluate(RUN_AXE) == [], page.url


def drafted(page: Page, ahead: float) -> str:
    """From the partnership's page; what stands empty is filled in or left so for a reason. Its address."""
    page.goto("/samarbeid/")
    follow(page, "Våketjeneste på Fjordheimen")
    follow(page, "Lag en avtale")
    page.get_by_label("Samarbeidsavtale på én side").check()
    clean(page)
    press(page, "Lag utkastet")
    expect(page).to_have_url(re.compile(r"/avtaler/\d+/utkast/$"))
    draft = page.url
    expect(page.get_by_role("main")).to_contain_text("Gi medisiner eller stelle")
    clean(page)

    follow(page, "Parter og datoer")
    today = datetime.fromtimestamp(time.time() + ahead, OSLO).date()
    page.fill("[name=starts_on]", str(today))
    page.fill("[name=ends_on]", str(today + timedelta(days=LEFT)))
    press(page, "Lagre")
    page.goto(draft)
    empty = page.get_by_role("region", name="Står tomt")
    while (skip := empty.get_by_role("link", name="Hopp over fordi …")).count():
        skip.first.click()
        page.fill("[name=because]", "Er ikke med i denne avtalen.")
        page.get_by_role("main").locator("form [type=submit]").first.click()
        expect(page).to_have_url(draft)
    expect(empty).to_contain_text("Utkastet er fylt ut.")
    follow(page, "Del med de andre")
    press(page, "Del utkastet")
    said(page, "De andre partene ser nå utkastet")
    return draft


def the_other_side_changes_a_clause(play: Play, ingrid: Page, draft: str) -> None:
    """Per Otto suggests, Ingrid reads the two beside each other and takes it in."""
    per = play.signed_in("health")
    per.goto(draft)
    clean(per)
    per.get_by_role("link", name="Foreslå noe annet").nth(1).click()
    per.fill("[name=text]", f"{per.input_value('[name=text]')}\n\nVi ringer hverandre hver fredag.")
    per.fill("[name=comment]", "Da slipper vi å vente.")
    per.get_by_role("main").locator("form [type=submit]").first.click()
    expect(per.get_by_role("main")).to_contain_text("Vi ringer hverandre hver fredag.")
    ingrid.goto(draft)
    expect(ingrid.get_by_role("main")).to_contain_text("1 forslag venter på svar fra dere.")
    clean(ingrid)
    with ingrid.expect_navigation():
        follow(ingrid, "Svar på forslaget")
    clean(ingrid)
    press(ingrid, "Ta det inn i avtalen")
    said(ingrid, "Svaret er gitt")
    ingrid.goto(draft)
    expect(ingrid.locator("ins")).to_have_count(0)
    expect(ingrid.get_by_role("main")).to_contain_text("Vi ringer hverandre hver fredag.")


def sent(play: Play, ingrid: Page, draft: str) -> str:
    """Ingrid says who signs for the municipality; the club that its chair does, and sends it. Its address."""
    ingrid.goto(draft)
    with ingrid.expect_navigation():
        follow(ingrid, "Velg hvem som signerer")
    clean(ingrid)
    unit, chief = "Fjordheimen sykehjem", re.compile(f"^{NAMES['chief']} ")
    expect(ingrid.locator("[name=s0-person] option:checked")).to_contain_text(NAMES["unit_leader"])
    ingrid.get_by_text("Skal flere signere, eller ha kopi?").click()
    ingrid.locator("[name=s2-side]").select_option(label=unit)
    names = ingrid.locator("[name=s2-person] option").all_inner_texts()
    ingrid.locator("[name=s2-person]").select_option(label=next(name for name in names if chief.match(name)))
    press(ingrid, "Lagre uten å sende")
    said(ingrid, "Ingenting er sendt ennå.")

    per = play.signed_in("health")
    per.goto(draft)
    follow(per, "Velg hvem som signerer")
    hers = per.locator("fieldset", has=per.locator("[name=s1-person]"))
    expect(hers.locator("[name=s1-person] option:checked")).to_contain_text(NAMES["health"])
    hers.locator("[name=s1-person]").select_option("")
    hers.locator("[name=s1-role]").fill("styreleder")
    hers.locator("summary").click()
    hers.locator("[name=s1-name]").fill(CHAIR)
    hers.locator("[name=s1-email]").fill(SIGNS)
    press(per, "Send til signering")
    said(per, "Avtalen er sendt.")
    clean(per)
    return per.url


def by_link_and_code(play: Play) -> None:
    """From the link to signed: three screens, little to download, no script."""
    phone = play.window(**PHONE, java_script_enabled=False)
    loaded: list[int] = []
    line = phone.context.new_cdp_session(phone)
    line.send("Network.enable")
    line.on("Network.loadingFinished", lambda event: loaded.append(int(event["encodedDataLength"])))
    screens: list[str] = []
    phone.on("framenavigated", lambda frame: screens.append(frame.url.partition("?")[0]))
    phone.goto(play.post_to(SIGNS, LINK))
    main = phone.get_by_role("main")
    expect(main).to_contain_text("a•••@prove.example")
    expect(main).not_to_contain_text("Våketjeneste")
    fits(phone)
    press(phone, "Send meg en kode")
    phone.fill("#id_code", play.post_to(SIGNS, r"\b([0-9]{6})\b"))
    fits(phone)
    main.locator("form [type=submit]").first.click()
    expect(main).to_contain_text("Vi ringer hverandre hver fredag.")
    fits(phone)
    press(phone, "Gå videre for å signere")
    main.locator("[name=consent]").check()
    phone.fill("[name=name]", CHAIR)
    fits(phone)
    press(phone, "Signer nå")
    expect(main).to_contain_text("Takk, du har signert")
    fits(phone)
    # The code is typed where it was asked for: who asks, what it says, and the consent; then the receipt.
    seen = {re.sub(r"^.*/signer/(?:[0-9]+-[0-9a-f]+|kode)/$", "code", at) for at in screens}
    assert len(seen) == 4, screens
    assert 0 < sum(loaded) <= LINK_TO_SIGNED


def by_account_and_app(play: Play, ahead: float) -> None:
    """The kommunalsjef has an authenticator app, signs in with it, and needs no code."""
    first = play.signed_in("chief")
    first.goto("/min-konto/sikkerhet/")
    first.get_by_role("link", name="Sett opp app").click()
    first.locator("details summary", has_text="virker ikke bildet").click()
    secret = first.locator("code.secret").inner_text().replace(" ", "")
    first.fill("#id_code", app_code(secret, ahead))
    first.get_by_role("button", name="Slå på").click()
    first.wait_for_url("**/min-konto/reservekoder/")

    chief = play.window()
    chief.goto("/logg-inn/")
    chief.fill("#id_login", "chief@demo.example")
    chief.fill("#id_password", PASSWORD)
    chief.press("#id_password", "Enter")
    chief.wait_for_url("**/logg-inn/to-faktor/")
    chief.fill("#id_code", app_code(secret, ahead, steps=1))
    chief.get_by_role("button", name="Gå videre").click()
    chief.wait_for_url(re.compile("^(?!.*logg-inn)"))
    chief.goto("/mine-avtaler/")
    clean(chief)
    with chief.expect_navigation():
        follow(chief, "Samarbeidsavtale")
    clean(chief)
    with chief.expect_navigation():
        press(chief, "Gå videre for å signere")
    clean(chief)
    chief.get_by_role("main").locator("[name=consent]").check()
    chief.fill("[name=name]", NAMES["chief"])
    press(chief, "Signer nå")
    expect(chief.get_by_role("main")).to_contain_text("innlogget med to faktorer")
    clean(chief)


def app_code(secret: str, ahead: float, *, steps: int = 0) -> str:
    """By the portal's clock."""
    return str(format_hotp_value(hotp_value(secret, int(time.time() + ahead) // 30 + steps)))


def got(page: Page, link: str) -> bytes:
    """The file behind a link, as this person gets it."""
    address = page.get_by_role("main").get_by_role("link", name=link).get_attribute("href")
    assert address
    answer = page.context.request.get(f"{address}")
    assert answer.status == 200, address
    return answer.body()


def on_paper(page: Page, signing: str, ahead: float, folder: Path) -> bytes:
    """Printed, signed, scanned and laid in by who got it. With another paper's code it is not taken in."""
    page.goto(signing)
    paper = got(page, "Avtalen som PDF, også for papir")
    (folder / "scan.pdf").write_bytes(paper)
    code = CODE.search(words_on(paper, folder))
    assert code
    with page.expect_navigation():
        follow(page, "Har signert på papir")
    clean(page)
    today = datetime.fromtimestamp(time.time() + ahead, OSLO).date()
    for typed, answer in (
        (NO_CODE, "Koden hører ikke til denne avtalen."),
        (code[0], "Signaturen på papir er lagt inn."),
    ):
        page.set_input_files("[name=scan]", folder / "scan.pdf")
        page.fill("[name=code]", typed)
        page.fill("[name=signed_on]", str(today))
        page.locator("[name=attest]").check()
        press(page, "Legg inn signaturen")
        expect(page.get_by_text(answer).first).to_be_visible()
    return paper


def is_sealed(page: Page, signing: str, folder: Path) -> bytes:
    locked = page.get_by_role("heading", name="Signert av alle og låst")
    for _try in range(60):
        page.goto(signing)
        if locked.count():
            break
        page.wait_for_timeout(500)
    expect(locked).to_be_visible()
    clean(page)
    sealed = got(page, "Den låste avtalen med signaturside")
    (folder / "sealed.pdf").write_bytes(sealed)
    done = subprocess.run(
        ["pdfsig", "-nocert", "sealed.pdf"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert "Signature is Valid" in done.stdout, done.stdout
    assert "Total document signed" in done.stdout, done.stdout
    page_of_signatures = words_on(sealed, folder)
    for words in (
        "Signaturside", "Vi ringer hverandre hver fredag.", CHAIR, "Skrev inn en kode", NAMES["chief"],
        "med to faktorer", NAMES["unit_leader"], "Signerte på papir", "TEST",
    ):  # fmt: skip
        assert words in page_of_signatures, words
    return sealed


def is_it_real(play: Play, sealed: bytes, paper: bytes, folder: Path) -> None:
    """For anybody: the file, the same with one byte changed, what was sent before, and the code alone."""
    changed = bytearray(sealed)
    changed[len(changed) // 2] ^= 1
    cases = (
        (sealed, "Filen er ekte og uendret"),
        (bytes(changed), "Vi kjenner ikke denne filen"),
        (paper, "Dette er avtalen før den ble signert"),
        (b"ikke en PDF", "Vi kjenner ikke denne filen"),
    )
    for script in (True, False):
        anybody = play.window(**PHONE, java_script_enabled=script)
        for content, answer in cases:
            (folder / "asked.pdf").write_bytes(content)
            anybody.goto("/ekte/")
            anybody.set_input_files("[name=file]", folder / "asked.pdf")
            press(anybody, "Sjekk")
            expect(anybody.get_by_role("heading", level=1)).to_have_text(answer)
            if script:
                fits(anybody)
                clean(anybody)
    anybody.goto("/ekte/")
    anybody.set_input_files("[name=file]", folder / "sealed.pdf")
    press(anybody, "Sjekk")
    expect(anybody.get_by_role("main")).to_contain_text(hashlib.sha256(sealed).hexdigest())
    expect(anybody.get_by_role("main")).not_to_contain_text(CHAIR)

    by_code = play.window(**PHONE)
    code = CODE.search(words_on(paper, folder))
    assert code
    for typed, answer in ((code[0], "Vi kjenner denne avtalen"), (NO_CODE, "Vi kjenner ikke denne koden")):
        by_code.goto("/ekte/")
        by_code.fill("[name=code]", typed)
        press(by_code, "Sjekk")
        expect(by_code.get_by_role("heading", level=1)).to_have_text(answer)
        expect(by_code).to_have_url(re.compile(f"/ekte/{typed}/$"))
        expect(by_code.get_by_role("main")).not_to_contain_text(CHAIR)
        fits(by_code)
        clean(by_code)


def is_told_once(play: Play, page: Page, signing: str) -> None:
    """It has less than ninety days left: those concerned hear of it, and only once."""
    run(play, NOT_GATHERED.format(login=CLUB))
    play.clock_rings()
    assert play.post_to(CLUB, f"({ENDS.pattern})")
    pk = signing.split("/avtaler/")[1].split("/")[0]
    run(play, ONCE.format(pk=pk))
    play.clock_rings()
    post = play.window()
    post.goto("/dev/post/")
    expect(post.locator("article", has_text=f"til {CLUB}").filter(has_text=ENDS)).to_have_count(1)
    page.goto(f"/avtaler/{pk}/")
    clean(page)
    with page.expect_navigation():
        follow(page, "Forny avtalen")
    clean(page)
    press(page, "Begynn på fornyelsen")
    expect(page).to_have_url(re.compile(r"/avtaler/\d+/utkast/$"))


def test_every_link_that_opens_nothing_shows_the_same_kind_page(play: Play) -> None:
    anybody = play.window(**PHONE)
    pages = set()
    for token in ("1-" + "0" * 40, "tull", "9" * 30, "1-" + "é" * 8):
        answer = anybody.goto(f"/signer/{token}/")
        assert answer is not None
        assert answer.status == 410, token
        fits(anybody)
        pages.add(anybody.get_by_role("main").inner_text())
    assert len(pages) == 1
    clean(anybody)
