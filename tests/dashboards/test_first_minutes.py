"""The first ten minutes: ticks that are remembered, steps that can be skipped, one sheet at the end."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement
from partnerships.models import FirstMinutes, Organisation, Partnership, RegisterFetch
from partnerships.models.partnership import Phase
from samskaping.accounts.permissions import Role
from samskaping.core.models import Outbox
from samskaping.dashboards.selectors.together import together
from tests.factories.core import MunicipalityFactory
from tests.factories.partnerships import OrganisationFactory, SettingsFactory, member
from tests.factories.work import PartnershipFactory, PartyFactory, RegisteredFactory
from tests.partnerships.conftest import deliver

pytestmark = pytest.mark.django_db
TICK = reverse("first_minutes_organisations")


@pytest.fixture
def place() -> Any:
    """A municipality with nothing in it but its settings."""
    municipality = MunicipalityFactory.create()
    SettingsFactory.create(municipality=municipality)
    return municipality


@pytest.fixture
def boss(place: Any, client: Client) -> Client:
    client.force_login(member(place, Role.COORDINATOR, name="Ingrid Prøve").user)
    return client


def registered(place: Any, count: int) -> list[Any]:
    return [
        RegisteredFactory.create(municipality=place, name=f"Prøvelag {n:03}", icnpo="1100")
        for n in range(count)
    ]


def post_page(client: Client, lines: list[Any], ticked: list[Any], go: str, **more: str) -> Any:
    data = {"shown": [x.pk for x in lines], "ticked": [x.pk for x in ticked], "go": go, **more}
    return client.post(TICK, data)


# --- Step 1 -----------------------------------------------------------------------------------------------
def test_ticks_are_remembered_from_page_to_page(place: Any, boss: Client) -> None:
    lines = registered(place, 60)
    first, second = lines[:50], lines[50:]
    response = post_page(boss, first, first[:2], "page-2")
    assert response.headers["Location"] == f"{TICK}?q=&page=2"
    page = boss.get(response.headers["Location"])
    assert [row["line"] for row in page.context["rows"]] == second
    post_page(boss, second, second[:1], "page-1")
    back = boss.get(TICK)
    assert [row["line"] for row in back.context["rows"] if row["ticked"]] == first[:2]
    # One is taken away again, and the rest go in.
    post_page(boss, first, first[1:2], "done", names="Uten nummer\n\nPrøvelag 050")
    names = set(Organisation.objects.filter(municipality=place).values_list("name", flat=True))
    assert names == {"Prøvelag 001", "Prøvelag 050", "Uten nummer"}
    assert Organisation.objects.get(name="Prøvelag 050").number == second[0].number
    assert FirstMinutes.objects.get(municipality=place).step == 2
    assert boss.get(TICK).context["chosen"] == 0


def test_all_on_the_page_and_none(place: Any, boss: Client) -> None:
    lines = registered(place, 55)
    post_page(boss, lines[:50], [], "all")
    assert boss.get(TICK).context["chosen"] == 50
    post_page(boss, lines[:50], lines[:50], "none")
    assert boss.get(TICK).context["chosen"] == 0


def test_a_search_keeps_the_ticks_and_finds_inside_words(place: Any, boss: Client) -> None:
    lines = registered(place, 3)
    choir = RegisteredFactory.create(municipality=place, name="Fjordvik mannskor")
    response = post_page(boss, lines, lines[:1], "search", q="KOR")
    page = boss.get(response.headers["Location"])
    assert [row["line"] for row in page.context["rows"]] == [choir]
    assert page.context["chosen"] == 1


def test_twice_is_once(place: Any, boss: Client) -> None:
    lines = registered(place, 2)
    for _again in range(2):
        post_page(boss, lines, lines, "done", names="Et lag")
    assert Organisation.objects.filter(municipality=place).count() == 3
    assert all(row["line"].is_here for row in boss.get(TICK).context["rows"])


def test_another_municipalitys_line_is_not_taken_in(place: Any, boss: Client) -> None:
    foreign = RegisteredFactory.create()
    post_page(boss, [foreign], [foreign], "done")
    assert not Organisation.objects.filter(number=foreign.number).exists()


# --- Steps 2 and 3 ----------------------------------------------------------------------------------------
def test_what_goes_on_is_in_operation_with_nobody_to_wait_for(place: Any, boss: Client) -> None:
    data = {"title": "Turgruppa", "since": "2019", "area": "outdoors", "party_1": "Prøve turlag"}
    assert boss.post(reverse("first_minutes_partnerships"), data).status_code == 302
    made = Partnership.objects.get(municipality=place)
    assert (made.phase, made.running_since.year, made.areas) == (Phase.OPERATION, 2019, ["outdoors"])  # type: ignore[union-attr]
    assert [party.actor.name for party in made.parties.taking_part()] == ["Prøve turlag"]
    page = boss.get(reverse("first_minutes_partnerships")).content.decode()
    assert "Turgruppa" in page
    assert "Videre til avtalene" in page


def test_a_year_that_has_not_been_is_refused(place: Any, boss: Client) -> None:
    data = {"title": "Turgruppa", "since": str(timezone.localdate().year + 1)}
    page = boss.post(reverse("first_minutes_partnerships"), data).content.decode()
    assert "Skriv i år eller et år som har vært." in page
    assert "Turgruppa" in page


def test_an_agreement_with_a_name_and_an_end(place: Any, boss: Client) -> None:
    data = {"party_1": "Prøve turlag", "ends_on": "2027-06-30"}
    assert boss.post(reverse("first_minutes_agreements"), data).status_code == 302
    assert Agreement.objects.get(municipality=place).title == "Avtale med Prøve turlag"
    again = boss.post(reverse("first_minutes_agreements"), {"title": "Uten noen"}).content.decode()
    assert "Skriv hvem avtalen er med." in again


# --- Left, come back to, done -------------------------------------------------------------------------------
def test_the_home_page_begins_there_until_it_is_done(place: Any, boss: Client) -> None:
    week = reverse("this_week")
    assert "Kom i gang på ti minutter" in boss.get(week).content.decode()
    assert boss.get(reverse("first_minutes")).headers["Location"] == TICK
    assert not FirstMinutes.objects.exists()
    for step, page in enumerate(("partnerships", "agreements"), start=1):
        boss.post(reverse("first_minutes_onwards", args=[step]))
        assert boss.get(reverse("first_minutes")).headers["Location"] == reverse(f"first_minutes_{page}")
    assert "Fortsett der du slapp" in boss.get(week).content.decode()
    boss.post(reverse("first_minutes_onwards", args=[1]))
    assert FirstMinutes.objects.get(municipality=place).step == 3
    boss.post(reverse("first_minutes_finish"))
    page = boss.get(week).content.decode()
    assert "ti minutter" not in page
    assert "Fortsett der du slapp" not in page
    assert "De første stegene" in page


def test_a_municipality_in_use_is_never_asked(place: Any, boss: Client) -> None:
    PartnershipFactory.create(municipality=place)
    assert "ti minutter" not in boss.get(reverse("this_week")).content.decode()


@pytest.mark.parametrize("step", [0, 4, 99])
def test_there_is_no_such_step(boss: Client, step: int) -> None:
    assert boss.post(reverse("first_minutes_onwards", args=[step])).status_code == 404


# --- The five steps -----------------------------------------------------------------------------------------
def test_steps_tick_themselves_off(place: Any, boss: Client) -> None:
    def done() -> list[bool]:
        return [step.done for step in boss.get(reverse("first_steps")).context["beginning"].steps]

    assert done() == [False] * 5
    boss.post(reverse("first_minutes_agreements"), {"party_1": "Prøve turlag"})
    assert done() == [False, False, False, False, True]
    PartyFactory.create(partnership=PartnershipFactory.create(municipality=place))
    assert done() == [False, False, True, False, True]


def test_steps_are_put_away_and_taken_out(place: Any, boss: Client) -> None:
    boss.post(reverse("first_minutes_finish"))
    away, week = reverse("first_steps_away"), reverse("this_week")
    boss.post(away, {"away": "1"})
    assert "De første stegene" not in boss.get(week).content.decode()
    boss.post(away, {"away": "0"})
    assert "De første stegene" in boss.get(week).content.decode()


# --- The sheet ----------------------------------------------------------------------------------------------
def full(place: Any) -> None:
    club = OrganisationFactory.create(municipality=place, name="Prøve turlag", email="turlag@prove.example")
    OrganisationFactory.create(municipality=place, name="Prøve kor", areas=["culture"])
    OrganisationFactory.create(municipality=place, name="Prøve skytterlag")
    tour = PartnershipFactory.create(municipality=place, title="Turgruppa", areas=["outdoors"])
    PartyFactory.create(partnership=tour, organisation=club)
    over = PartnershipFactory.create(
        municipality=place, title="Slutt", phase=Phase.ENDED, ended_on=timezone.localdate()
    )
    PartyFactory.create(partnership=over, organisation=club)
    OrganisationFactory.create(name="Naboens lag")


def test_the_sheet_has_it_all_by_area(place: Any, boss: Client, django_assert_max_num_queries: Any) -> None:
    full(place)
    boss.post(reverse("first_minutes_agreements"), {"party_1": "Prøve turlag", "title": "Turavtalen"})
    with django_assert_max_num_queries(4):
        sheet = together(place)
    areas = {area.title: area for area in sheet.areas}
    assert [line.title for line in areas["Idrett og friluftsliv"].partnerships] == ["Turgruppa"]
    assert areas["Kultur"].organisations == ["Prøve kor"]
    assert [agreement.title for agreement in areas["Uten område"].agreements] == ["Turavtalen"]
    assert sheet.others == ["Prøve skytterlag"]
    assert (sheet.organisations, sheet.partnerships, sheet.agreements) == (3, 1, 1)
    page = boss.get(reverse("together")).content.decode()
    assert "Turgruppa" in page
    assert "Naboens lag" not in page


def test_a_long_sheet_shows_the_first_of_each_area_and_is_whole_on_paper(
    place: Any, boss: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samskaping.dashboards.selectors.together.LINES_ON_A_SHEET", 11)
    for nth in range(12):
        PartnershipFactory.create(municipality=place, title=f"Turgruppe {nth:02}", areas=["outdoors"])
    page = boss.get(reverse("together")).content.decode()
    assert "Turgruppe 09" in page
    assert "Turgruppe 10" not in page
    assert 'href="/samarbeid/?area=outdoors">og 2 til<' in page
    assert "Hele arket er i PDF-en" in page
    assert "12 samarbeid" in page
    assert [len(area.partnerships) for area in together(place, on_paper=True).areas] == [12]
    monkeypatch.setattr("samskaping.dashboards.selectors.together.LINES_ON_PAPER", 11)
    assert [(len(area.partnerships), area.more) for area in together(place, on_paper=True).areas] == [(10, 2)]
    assert "Hele arket er i PDF-en" not in boss.get(reverse("together")).content.decode()


def test_the_sheet_on_paper_is_one_page(place: Any, boss: Client) -> None:
    import io

    import pikepdf

    full(place)
    for line in registered(place, 43):
        OrganisationFactory.create(municipality=place, name=line.name, number=line.number)
    response = boss.get(reverse("together_pdf"))
    assert response.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(response.content)) as paper:
        assert len(paper.pages) == 1


def test_the_sheet_is_sent_to_those_who_are_chosen(place: Any, boss: Client) -> None:
    full(place)
    colleague = member(place, Role.CHIEF, name="Torbjørn Prøve").person
    assert colleague is not None
    club = Organisation.objects.get(name="Prøve turlag")
    data = {"people": [colleague.pk], "organisations": [club.pk]}
    for _twice in range(2):
        assert boss.post(reverse("together_send"), data).status_code == 302
    assert Outbox.objects.filter(kind="together").count() == 2
    deliver()
    assert sorted(one.to[0] for one in mail.outbox) == sorted([colleague.email, "turlag@prove.example"])
    assert "Turgruppa" in mail.outbox[0].body
    assert mail.outbox[0].subject == "Dette har vi sammen"


def test_nobody_chosen_and_strangers_are_refused(place: Any, boss: Client) -> None:
    full(place)
    stranger = OrganisationFactory.create(email="fremmed@prove.example")
    for data in ({}, {"organisations": [stranger.pk]}):
        assert boss.post(reverse("together_send"), data).status_code == 200
    assert not Outbox.objects.filter(kind="together").exists()


def test_only_for_who_answers_for_the_municipality(place: Any, client: Client) -> None:
    organisation = OrganisationFactory.create(municipality=place)
    client.force_login(member(place, Role.ORGANISATION_REP, organisation=organisation).user)
    for name in ("first_minutes", "together", "together_pdf", "together_send", "first_steps"):
        assert client.get(reverse(name)).status_code == 403
    assert "ti minutter" not in client.get(reverse("this_week")).content.decode()


def test_the_list_is_asked_for_once_and_read_as_it_stands(place: Any, boss: Client) -> None:
    assert ">Hent lista<" in boss.get(TICK).content.decode()
    for _twice in range(2):
        assert boss.post(reverse("first_minutes_fetch")).status_code == 302
    assert Outbox.objects.filter(kind="register_list").count() == 1
    page = boss.get(TICK).content.decode()
    assert "Vi henter lista fra registeret." in page
    assert ">Hent lista<" not in page
    registered(place, 1)
    RegisterFetch.objects.update(done_at=timezone.now())
    waited = boss.get(TICK, headers={"HX-Request": "true"}).content.decode()
    assert "Lista er kommet." in waited
    assert "Lista er kommet." not in boss.get(TICK).content.decode()
