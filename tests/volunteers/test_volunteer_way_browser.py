"""A volunteer's way, tried as she would on her phone: from a task that sought somebody to being forgotten.

Issue 8's «Done when». She finds the task, writes that she would like to, is called to a talk by SMS,
signs both papers with one code, comes, is thanked, takes a pause, returns, leaves, takes with her what she is
given, and is erased. The real portal, worker and post, at nine on a Monday.
"""

import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2
import pytest
from playwright.sync_api import Page, expect
from psycopg2 import sql

from samskaping.core.working_days import OSLO
from samskaping.embedded import paths
from tests.agreements.test_agreement_browser import clean
from tests.partnerships.test_participant_browser import PHONE, Play, fits, playing
from tests.partnerships.test_process_browser import run
from tests.partnerships.test_thread_browser import follow, press, said
from tests.partnerships.test_trace_day_browser import _until_monday, words_on

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# As she writes it, and as an SMS needs it. The name is nobody's in the demo.
NAME, TYPED, NUMBER = "Vigdis Kanarifjell", "900 00 476", "+4790000476"
TASK, OFFER = "Spille til sangstunden", "Sangstund på Fjordheimen"
SIGN = r"(/signer/[0-9]+-[0-9a-f]+/)"
DIGITS = r"\b([0-9]{6}) er koden"
# Days later, while it goes on.
WHILE_THERE = f"""
from datetime import timedelta
from django.utils import timezone
from partnerships.models import Occurrence
from volunteers.models import Shift
times = Occurrence.objects.filter(offer__title="{OFFER}", starts_at__gt=timezone.now(), cancelled_at=None)
first = times.order_by("starts_at").first()
long = first.ends_at - first.starts_at
Occurrence.objects.filter(pk=first.pk).update(
    starts_at=timezone.now() - long + timedelta(minutes=5), ends_at=timezone.now() + timedelta(minutes=5)
)
assert Shift.objects.filter(occurrence=first, volunteer__person__name="{NAME}", state="coming").exists()
"""

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
COUNTED = "SELECT count(*) FROM {table} AS it WHERE it::text ILIKE %s"
NOT_SIGNED = (
    " AND id NOT IN (SELECT file_id FROM agreements_frozendocument UNION SELECT file_id FROM agreements_seal)"
)


@pytest.fixture(scope="module")
def ahead() -> float:
    return _until_monday()


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory, ahead: float) -> Iterator[Play]:
    with playing(tmp_path_factory.mktemp("volunteer"), ahead) as made:
        yield made


def test_from_a_task_on_a_phone_to_being_forgotten(play: Play, ahead: float, tmp_path: Path) -> None:
    vigdis, ingrid = play.window(**PHONE), play.signed_in("coordinator")
    finds_and_writes(play, vigdis)
    record = is_taken_in(ingrid)
    is_called_to_a_talk(play, vigdis, ingrid, record, ahead)
    signs_both_with_one_code(play, ingrid, record)
    hers = comes_and_is_thanked(play, ingrid, record)
    pauses_and_returns(hers, ahead)
    leaves(hers, tmp_path)
    takes_her_data(hers)
    is_erased(play, hers, ingrid)


def looked_at(page: Page) -> None:
    """Fits her phone, and a machine finds nothing that shuts anybody out."""
    fits(page)
    clean(page)


def finds_and_writes(play: Play, page: Page) -> None:
    page.goto("/bli-frivillig/")
    looked_at(page)
    page.get_by_text("Søk og filtrer").click()
    page.get_by_label("Sted eller søkeord").fill("sangstund")
    page.get_by_label("Sted eller søkeord").press("Enter")
    with page.expect_navigation():
        follow(page, TASK)
    looked_at(page)
    with page.expect_navigation():
        follow(page, "Jeg vil gjerne være med")
    looked_at(page)
    page.get_by_label("Navnet ditt").fill(NAME)
    page.get_by_label("E-post eller telefon").fill(TYPED)
    press(page, "Send")
    expect(page.get_by_role("heading", name="Takk for at du vil være med")).to_be_visible()
    looked_at(page)
    assert page.context.cookies() == [] or {one["name"] for one in page.context.cookies()} <= {"csrf"}
    assert play.post_to(NUMBER, r"(tar kontakt med deg innen)")


def is_taken_in(ingrid: Page) -> str:
    """It waits for whoever answers; one screen makes a volunteer of her. Her record's address."""
    ingrid.goto("/frivillige/henvendelser/")
    follow(ingrid, NAME)
    clean(ingrid)
    follow(ingrid, "Ta inn som frivillig")
    ingrid.get_by_label("Noen ord til velkomst").fill("Så fint! Vi finner en dag og tar en prat.")
    press(ingrid, "Ta inn som frivillig")
    expect(ingrid.get_by_role("heading", level=1, name=NAME)).to_be_visible()
    clean(ingrid)
    return ingrid.url


def is_called_to_a_talk(play: Play, page: Page, ingrid: Page, record: str, ahead: float) -> None:
    assert play.post_to(NUMBER, r"(Vi finner en dag og tar en prat)")
    ingrid.goto(record)
    care = ingrid.get_by_role("region", name="Oppfølging")
    care.get_by_role("link", name="Avtal tid").first.click()
    day = datetime.fromtimestamp(time.time() + ahead, OSLO).date() + timedelta(days=2)
    ingrid.get_by_label("Dag", exact=True).fill(str(day))
    ingrid.get_by_label("Klokka").fill("10:00")
    ingrid.get_by_label("Sted").fill("Kafeen på Fjordheimen")
    press(ingrid, "Avtal og si fra")
    expect(care).to_contain_text("Ikke svart ennå")
    play.clock_rings()
    page.goto(play.post_to(NUMBER, r"(/svar/[^\s]+)"))
    looked_at(page)
    with page.expect_navigation():
        press(page, "Ja")
    looked_at(page)
    ingrid.goto(record)
    expect(care).to_contain_text("Passer for den frivillige")


def signs_both_with_one_code(play: Play, ingrid: Page, record: str) -> None:
    """One button on her record; one link, one code, and she reads and signs the one after the other."""
    ingrid.goto(record)
    sends_both(ingrid)
    play.clock_rings()
    phone = play.window(**PHONE)
    phone.goto(play.post_to(NUMBER, SIGN))
    looked_at(phone)
    press(phone, "Send meg en kode")
    phone.fill("#id_code", play.post_to(NUMBER, DIGITS))
    phone.get_by_role("main").locator("form [type=submit]").first.click()
    expect(phone.get_by_role("main")).to_contain_text("1 av 2 å signere")
    signs(phone)
    expect(phone.get_by_role("main")).to_contain_text("Signert. Her er den neste.")
    signs(phone)
    expect(phone.get_by_role("main")).to_contain_text("Takk, du har signert")
    looked_at(phone)


def signs(phone: Page) -> None:
    looked_at(phone)
    with phone.expect_navigation():
        press(phone, "Gå videre for å signere")
    phone.get_by_role("main").locator("[name=consent]").check()
    phone.fill("[name=name]", NAME)
    looked_at(phone)
    with phone.expect_navigation():
        press(phone, "Signer nå")


def sends_both(ingrid: Page) -> None:
    """With what nobody has written yet taken out of them."""
    with ingrid.expect_navigation():
        press(ingrid, "Send papirene til signering")
    clean(ingrid)
    if (without := ingrid.locator("[name=leave_out]")).count():
        without.check()
        with ingrid.expect_navigation():
            ingrid.get_by_role("main").locator("form [type=submit]").first.click()
    said(ingrid, "Papirene er sendt til signering.")


def comes_and_is_thanked(play: Play, ingrid: Page, record: str) -> Page:
    """She is in, says on her own page that she comes, comes, and reads what those on the spot wrote of it."""
    ingrid.goto(record)
    with ingrid.expect_navigation():
        ingrid.get_by_role("region", name="Med på").get_by_role("button", name="Er med").click()
    with ingrid.expect_navigation():
        press(ingrid, "Er i gang")
    with ingrid.expect_navigation():
        press(ingrid, "Gi tilgang til Min side")
    play.clock_rings()
    hers = play.window(**PHONE)
    hers.goto(play.post_to(NUMBER, r"(/logg-inn/[^\s]*)"))
    looked_at(hers)
    hers.get_by_label("E-post eller mobilnummer").fill(TYPED)
    press(hers, "Send meg en kode")
    hers.fill("#id_code", play.post_to(NUMBER, DIGITS))
    hers.press("#id_code", "Enter")
    hers.wait_for_url("**/min-side/")
    main = hers.get_by_role("main")
    for words in (OFFER, "Er jeg forsikret?", "Får jeg dekket utgifter?", "Hvem ringer jeg?"):
        expect(main).to_contain_text(words)
    looked_at(hers)
    with hers.expect_navigation():
        hers.get_by_role("button", name=re.compile("^Jeg kommer")).first.click()
    looked_at(hers)

    run(play, WHILE_THERE)
    place = play.signed_in("place_contact")
    place.goto("/pa-stedet/")
    comer = place.get_by_role("listitem").filter(has_text=NAME)
    expect(comer).to_contain_text("Første gang: ta imot")
    with place.expect_navigation():
        comer.get_by_role("button", name=re.compile("^Kom(?! ikke)")).click()
    comer.get_by_text("Si takk").click()
    comer.get_by_label("Noen ord").fill("Alle sang med da du spilte.")
    with place.expect_navigation():
        comer.get_by_role("button", name="Send takken").click()
    clean(place)
    play.clock_rings()
    assert play.post_to(NUMBER, r"(Alle sang med da du spilte\.)")
    hers.goto("/min-side/")
    expect(main).to_contain_text("Alle sang med da du spilte.")
    expect(main).to_contain_text("I år har du gitt")
    looked_at(hers)
    return hers


def pauses_and_returns(hers: Page, ahead: float) -> None:
    """Nobody asks why, and she is back by one press."""
    main = hers.get_by_role("main")
    with hers.expect_navigation():
        follow(hers, "Ta en pause")
    expect(main).to_contain_text("ingen spør hvorfor")
    looked_at(hers)
    back = datetime.fromtimestamp(time.time() + ahead, OSLO).date() + timedelta(days=30)
    hers.get_by_label("Når er du tilbake?").fill(str(back))
    press(hers, "Ta pause")
    said(hers, "plassen din venter på deg")
    looked_at(hers)
    press(hers, "Jeg er tilbake")
    said(hers, "Velkommen tilbake!")
    looked_at(hers)


def leaves(hers: Page, folder: Path) -> None:
    """With thanks, and with a confirmation that says what she wants it to."""
    with hers.expect_navigation():
        follow(hers, "Slutte som frivillig")
    looked_at(hers)
    press(hers, "Avslutt")
    expect(hers.get_by_role("heading", level=1, name="Takk for innsatsen")).to_be_visible()
    looked_at(hers)
    with hers.expect_navigation():
        follow(hers, "Lag en bekreftelse")
    looked_at(hers)
    form = hers.get_by_role("main").locator("form[action$='.pdf']")
    chosen = [
        ("vis", value) for value in form.locator("[name=vis]").evaluate_all("all => all.map(e => e.value)")
    ]
    answer = hers.context.request.get(f"{form.get_attribute('action')}", params=dict(chosen[:1]))
    assert answer.status == 200
    short = words_on(answer.body(), folder)
    answer = hers.context.request.get(
        f"{form.get_attribute('action')}?{'&'.join(f'{name}={value}' for name, value in chosen)}"
    )
    whole = words_on(answer.body(), folder)
    for words in ("Bekreftelse på frivillig innsats", NAME):
        assert words in short
        assert words in whole
    assert OFFER in whole
    assert len(short) < len(whole)


def takes_her_data(hers: Page) -> None:
    hers.goto("/min-konto/opplysninger/")
    looked_at(hers)
    press(hers, "Lag en kopi av alt")
    ready = hers.get_by_role("link", name=re.compile("Last ned kopien"))
    for _try in range(60):
        if ready.count():
            break
        hers.wait_for_timeout(500)
        hers.goto("/min-konto/opplysninger/")
    answer = hers.context.request.get(f"{ready.get_attribute('href')}")
    assert answer.status == 200
    with zipfile.ZipFile(io.BytesIO(answer.body())) as copy:
        text = "".join(copy.read(name).decode() for name in copy.namelist() if name.endswith(".json"))
    json.loads(text)
    for words in (NAME, NUMBER, OFFER, "Alle sang med da du spilte."):
        assert words in text, words


def is_erased(play: Play, hers: Page, ingrid: Page) -> None:
    with hers.expect_navigation():
        follow(hers, "Be om at opplysningene slettes")
    looked_at(hers)
    press(hers, "Be om sletting")
    said(hers, "Ønsket er sendt.")
    ingrid.goto("/denne-uka/")
    ingrid.get_by_text("kan vente").last.click()
    with ingrid.expect_navigation():
        follow(ingrid, f"{NAME} ber om at opplysningene slettes")
    clean(ingrid)
    with ingrid.expect_navigation():
        follow(ingrid, "Slett opplysningene")
    clean(ingrid)
    with ingrid.expect_navigation():
        press(ingrid, "Slett opplysningene")
    hers.goto("/min-side/")
    expect(hers).to_have_url(re.compile("/logg-inn/"))
    # What is signed stays for as long as the law says, with how it was signed; nothing else tells of her.
    data, _settings = play.rounds
    found = told_of_her(paths.database_owner_url(data))
    assert {name for name in found if not name.startswith("agreements_")} == set(), found


def told_of_her(database: str) -> dict[str, list[str]]:
    """In which tables her name or her number stands. A signed file is named as what is in it."""
    found: dict[str, list[str]] = {}
    with closing(psycopg2.connect(database)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(TABLES)
        for (table,) in cursor.fetchall():
            for word in (NAME, NUMBER, NUMBER.removeprefix("+47"), TYPED):
                row = sql.SQL(COUNTED + (NOT_SIGNED if table == "core_storedfile" else ""))
                cursor.execute(row.format(table=sql.Identifier(table)), [f"%{word}%"])
                if (counted := cursor.fetchone()) and counted[0]:
                    found.setdefault(table, []).append(word)
    return found
