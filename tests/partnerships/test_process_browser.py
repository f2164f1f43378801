"""A process, tried as a new convener would: stopped kindly, back by level 1, and all the way to two offers.

And from below: a club begins its own, and meets no level-1 box on its way. The real portal, worker and post,
at nine on a Monday.
"""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from samskaping.embedded import paths
from tests.embedded.running import environment
from tests.partnerships.test_first_day_browser import PASSWORD, Scene
from tests.partnerships.test_participant_browser import PHONE, Play, fits, invite, playing, sit_down
from tests.partnerships.test_thread_browser import follow, press, said
from tests.partnerships.test_trace_day_browser import _until_monday

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BEGIN = """
import os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samskaping.settings")
django.setup()
"""
# A municipality with a coordinator, and a club with a representative.
PEOPLE = f"""
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
# The days go by, and the meeting has been: nothing else is done behind anybody's back. It was so long ago
# that it has been by the database's clock, too.
HELD = """
from datetime import timedelta
from django.utils import timezone
from partnerships.models import Meeting
start = timezone.now() - timedelta(days=14)
held = {"starts_at": start, "ends_at": start + timedelta(hours=2)}
Meeting.objects.filter(title="Hva er et godt måltid?").update(**held)
"""
NORA = "nora@walk.example"
CITIZENS = ("Nora Vik", "Odd Vik", "Pia Vik", "Ragna Vik", "Sigurd Vik")
EMPLOYEES = ("Anne Kjøkken", "Bente Kjøkken", "Cato Kjøkken")


def run(play: Scene, script: str) -> None:
    assert isinstance(play, Play)
    data, settings = play.rounds
    command = [sys.executable, "-c", BEGIN + script]
    subprocess.run(command, cwd=paths.REPOSITORY, env=environment(data, **settings), check=True)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    with playing(tmp_path_factory.mktemp("process"), _until_monday()) as play:
        run(play, PEOPLE)
        yield play


def test_from_a_kind_stop_to_two_offers(scene: Play) -> None:
    marit = scene.signed_in("marit")
    partnership = start_partnership(marit, "Middag i Nysund")
    follow(marit, "Start en prosess")
    process = start_process(marit, "Noen å spise med")

    is_stopped_and_fixes_it(marit, process, partnership)
    rewrite(marit, process)
    ask_all_eight(marit, process)
    nora = comes_by_link(scene, process)
    all_are_in(scene, marit, process)
    meeting = find_a_day(scene, marit, nora, process)
    hold_it(scene, marit, nora, meeting)
    give_proposals(marit, nora, process)
    answer_all(marit, process)
    is_answered(scene, nora, process)
    make_offers(marit, process, partnership)


def is_stopped_and_fixes_it(page: Page, process: str, partnership: str) -> None:
    """About to invite citizens, and stopped: reasons, what lacks, and the way back to level 1."""
    follow(page, "Inviter dem det gjelder")
    expect(page.get_by_role("heading", name="Vent litt før dere inviterer")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Hva er forankret?")
    follow(page, "Gå til forankringen")
    expect(page).to_have_url(f"{partnership}rammer/")
    page.fill("[name=decided_by]", "Kommunalsjefen for helse og omsorg")
    page.fill("[name=mandate]", "Gruppa velger sted og dag.")
    press(page, "Lagre rammene")
    said(page, "Rammene er lagret.")

    # Back at the process nothing stops her any more.
    follow(page, "Noen å spise med")
    follow(page, "Inviter dem det gjelder")
    expect(page).to_have_url(f"{process}deltakere/inviter/")


def ask_all_eight(page: Page, process: str) -> None:
    """Five citizens, of whom two have no e-mail, and three employees."""
    citizen, employee = "Innbygger", "Ansatt i kommunen"
    for name in CITIZENS[:3]:
        email = f"{name.split()[0].lower()}@walk.example"
        invite(page, process, name, citizen, "E-post", email=email)
    address = {"street": "Fjordveien 1", "postal_code": "9999", "post_town": "Nysund"}
    invite(page, process, "Ragna Vik", citizen, "Brev", **address)
    invite(page, process, "Sigurd Vik", citizen, "Telefon", phone="55 50 10 78")
    for name in EMPLOYEES:
        email = f"{name.split()[0].lower()}@walk.example"
        invite(page, process, name, employee, "E-post", email=email)


def comes_by_link(play: Play, process: str) -> Page:
    """On her phone, with the link and the code she is sent."""
    play.clock_rings()
    nora = play.window(**PHONE)
    sit_down(play, nora, NORA)
    expect(nora).to_have_url(re.compile(re.escape(process)))
    nora.get_by_label("Ja, jeg vil være med").check()
    press(nora, "Send svaret")
    said(nora, "Så fint at du er med!")
    return nora


def all_are_in(play: Play, page: Page, process: str) -> None:
    """Who has no e-mail is reached all the same; what the others say is noted on their behalf."""
    for at, name in (("/brev/", "Ragna Vik"), ("/ringeliste/", "Sigurd Vik")):
        page.goto(at)
        expect(page.get_by_role("main")).to_contain_text(name)
    for name in (*CITIZENS[1:], *EMPLOYEES):
        page.goto(f"{process}deltakere/")
        follow(page, name)
        press(page, "Noter ja")
        said(page, f"på vegne av {name}")
    page.goto(process)
    group = page.get_by_role("region", name="Gruppa")
    expect(group).to_contain_text("Innbygger: 5")
    expect(group).to_contain_text("Ansatt i kommunen: 3")


def find_a_day(play: Play, page: Page, nora: Page, process: str) -> str:
    follow(page, "Finn en dag for det første møtet")
    page.fill("[name=title]", "Hva er et godt måltid?")
    page.fill("[name=agenda]", "Dag og tid\nHvem lager maten?")
    press(page, "Lagre møtet")
    for number, day in enumerate(("2030-03-26", "2030-04-02")):
        page.fill(f"[name=tid{number}-day]", day)
        page.fill(f"[name=tid{number}-from_time]", "17:00")
        page.fill(f"[name=tid{number}-to_time]", "19:00")
    press(page, "Spør gruppa")
    meeting = page.url

    nora.goto(process)
    follow(nora, "Si hvilken dag som passer for deg")
    nora.get_by_role("radio", name="Passer", exact=True).first.check()
    press(nora, "Send svaret")

    page.goto(meeting)
    expect(page.get_by_role("main")).to_contain_text("1 av 8 har svart")
    press(page, "Velg denne")
    expect(page.get_by_role("main")).to_contain_text("Dagen er satt")
    return meeting


def hold_it(play: Play, page: Page, nora: Page, meeting: str) -> None:
    """Who came, what was agreed, and the one who was there says that it is so."""
    run(play, HELD)
    page.goto(meeting)
    follow(page, "Kryss av hvem som var der")
    for name in (*CITIZENS, *EMPLOYEES[:2]):
        page.get_by_label(name).check()
    press(page, "Lagre oppmøtet")
    page.goto(meeting)
    expect(page.get_by_role("main")).to_contain_text("7 var der")
    follow(page, "Skriv referat")
    page.locator("textarea").nth(0).fill("Onsdager klokka fem.")
    press(page, "Lagre referatet")
    page.goto(f"{meeting}referat/")
    press(page, "Send referatet")
    nora.goto(f"{meeting}referat/")
    expect(nora.get_by_role("main")).to_contain_text("Onsdager klokka fem.")
    nora.get_by_role("radio", name="Ja, det stemmer").check()
    press(nora, "Send svaret")
    expect(nora.get_by_role("main")).to_contain_text("1 av 7 som var der, sier at det stemmer")


def give_proposals(page: Page, nora: Page, process: str) -> None:
    """By herself on the phone, by telephone, and on paper notes."""
    nora.goto(process)
    fits(nora)
    follow(nora, "Gi et innspill")
    nora.get_by_label("Hva vil du foreslå?").fill("Spis ute om sommeren")
    press(nora, "Send innspillet")
    said(nora, "Innspillet er sendt")

    page.goto(process)
    follow(page, "Gi et innspill")
    page.get_by_label("Innspillet, med den andres egne ord").fill("Noen må hente meg")
    page.get_by_label("På telefon").check()
    page.get_by_label("Hvem er det fra?").select_option(label="Sigurd Vik")
    press(page, "Send innspillet")
    page.goto(f"{process}innspill/")
    follow(page, "Skriv av lapper")
    page.get_by_label("Lappene").fill("Middagen må være gratis\n\nFisk på onsdager")
    press(page, "Legg inn lappene")
    said(page, "2 lapper er lagt inn.")


def answer_all(page: Page, process: str) -> None:
    answers = ("Tatt inn", "Delvis tatt inn", "Ikke nå", "Ikke vårt å bestemme")
    for given, outcome in enumerate(answers):
        page.goto(process)
        follow(page, f"Svar på {len(answers) - given} innspill")
        page.locator("main .work__row a").first.click()
        text = page.locator(".said--large").inner_text()
        follow(page, "Svar")
        page.get_by_label(outcome, exact=True).check()
        page.get_by_label("Begrunnelse").fill(f"Vi har snakket om «{text}», og svaret er: {outcome}.")
        press(page, "Send svaret")
        said(page, "Svaret er gitt")
    page.goto(process)
    expect(page.get_by_role("region", name="Innspill")).to_contain_text("4 innspill")
    expect(page.get_by_role("main")).not_to_contain_text("venter på svar")
    expect(page.get_by_role("main").get_by_role("link", name=re.compile("Svar på"))).to_have_count(0)


def is_answered(play: Play, nora: Page, process: str) -> None:
    """On her own page, and in her own channel."""
    nora.goto(f"{process}min-plass/")
    expect(nora.get_by_role("main")).to_contain_text("Vi har snakket om «Spis ute om sommeren»")
    play.clock_rings()
    assert play.post_to(NORA, "(Vi har snakket om «Spis ute om sommeren»)")


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
    expect(page.get_by_role("main")).to_contain_text("Utviklet sammen (1 møte, 4 innspill)")
    page.goto(partnership)
    expect(page.get_by_role("main")).to_contain_text("Kokkekurs for nybegynnere")


def test_going_on_anyway_is_one_sentence(scene: Play) -> None:
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


def test_from_below_nothing_stops(scene: Play) -> None:
    oskar = scene.signed_in("oskar")
    oskar.goto("/prosesser/")
    follow(oskar, "Start en prosess")
    process = start_process(oskar, "Stier for alle")
    main = oskar.get_by_role("main")
    expect(main).not_to_contain_text("forankr")
    expect(main).not_to_contain_text("Gjør klart")
    oskar.goto(f"{process}deltakere/inviter/")
    expect(oskar).to_have_url(f"{process}deltakere/inviter/")
