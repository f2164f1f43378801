"""Where each role begins its day, what stands there, and what it costs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.access import access_of
from partnerships.models import Absence
from samskaping.accounts.permissions import Permission, Role
from samskaping.core.registries import Registry, Viewer, WorkItem, overview_cards, work_items
from tests.permissions import make
from tests.permissions.conftest import world  # noqa: F401 - the three towns
from tests.permissions.frame import Place
from tests.permissions.world import World

HOMES = {
    "coordinator": "/denne-uka/", "unit_leader": "/denne-uka/", "place_contact": "/denne-uka/",
    "staff": "/denne-uka/", "centre_leader": "/denne-uka/", "organisation_rep": "/denne-uka/",
    "chief": "/oversikt/", "sector_chief": "/oversikt/", "observer": "/oversikt/", "national": "/oversikt/",
    "guest": "/min-side/", "user": "/min-side/", "ended": "/min-side/", "superuser": "/min-side/",
}  # fmt: skip
PAGES = ("/denne-uka/", "/oversikt/", "/min-side/")


@pytest.fixture
def quiet(world: World) -> Iterator[World]:  # noqa: F811
    from tests.database import rolled_back

    with rolled_back():
        yield world


def client(world: World, actor: str) -> Client:  # noqa: F811
    return world.client(actor, csrf=False)


@pytest.mark.parametrize(("actor", "home"), HOMES.items())
def test_each_role_lands_on_its_page(quiet: World, actor: str, home: str) -> None:
    assert client(quiet, actor).get("/hjem/")["Location"] == home


@pytest.mark.parametrize("actor", HOMES)
@pytest.mark.parametrize("path", PAGES)
def test_each_page_answers_with_something_to_do(quiet: World, actor: str, path: str) -> None:
    page = client(quiet, actor).get(path).content.decode()
    main = page.split("<main", 1)[1].split("</main>")[0]
    assert main.count("<h1") == 1
    assert "<a " in main or "Hvem ringer jeg" in main, "never only «nothing here»"


@pytest.mark.parametrize("actor", HOMES)
@pytest.mark.parametrize(("path", "at_most"), [("/hjem/", 10), *((path, 20) for path in PAGES)])
def test_cost(quiet: World, actor: str, path: str, at_most: int) -> None:
    asked = client(quiet, actor)
    asked.get(path)
    with CaptureQueriesContext(connection) as queries:
        asked.get(path)
    assert len(queries) <= at_most, [q["sql"][:90] for q in queries]


def test_ten_invitations_cost_as_much_as_one(quiet: World) -> None:
    own = quiet.town(Place.OWN)
    asked = client(quiet, "coordinator")

    def cost() -> int:
        asked.get("/denne-uka/")
        with CaptureQueriesContext(connection) as queries:
            asked.get("/denne-uka/")
        return len(queries)

    before = cost()
    for number in range(10):
        make.invitation(own.municipality, Role.STAFF, unit=own.unit, name=f"Nr {number}")
        make.member(Role.STAFF, own.municipality, unit=own.unit, valid_to=timezone.localdate())
    assert cost() == before


def test_five_now_and_the_rest_can_wait(quiet: World) -> None:
    own = quiet.town(Place.OWN)
    for number in range(7):
        make.invitation(own.municipality, Role.STAFF, unit=own.unit, name=f"Nummer {number}")
    page = client(quiet, "coordinator").get("/denne-uka/").content.decode()
    now, later = page.split('<details class="ds-details">')[0], page.split('<details class="ds-details">')[1]
    assert now.split("<main")[1].count("work__row") == 5
    assert "ting kan vente" in later
    assert later.count("work__row") >= 3


def test_what_waits_for_a_coordinator(quiet: World) -> None:
    own = quiet.town(Place.OWN)
    page = client(quiet, "coordinator").get("/denne-uka/").content.decode()
    assert "egenfugl invitert har ikke svart" in page
    assert "Tilgangen til staff egenfugl går ut" in page
    assert f"/folk/roller/{own.members['staff'].pk}/" in page


def test_others_are_not_told_of_invitations(quiet: World) -> None:
    for actor in ("unit_leader", "staff", "observer", "guest", "user", "superuser", "organisation_rep"):
        for path in PAGES:
            assert "har ikke svart" not in client(quiet, actor).get(path).content.decode()


def test_deputy_is_told(quiet: World) -> None:
    page = client(quiet, "unit_leader").get("/denne-uka/").content.decode()
    assert "Du er stedfortreder for staff egen" in page


def test_absence_without_a_deputy_asks_for_one(quiet: World) -> None:
    own = quiet.town(Place.OWN)
    soon = timezone.localdate() + timedelta(days=2)
    Absence.objects.create(
        municipality=own.municipality, membership=own.members["place_contact"], away_from=soon, away_to=soon
    )
    page = client(quiet, "place_contact").get("/denne-uka/").content.decode()
    assert "Velg hvem som tar over" in page


def test_second_factor_is_asked_for_when_the_day_is_near(quiet: World) -> None:
    own = quiet.town(Place.OWN).members["centre_leader"]
    for days, asked in ((30, False), (3, True)):
        own.second_factor_from = timezone.localdate() + timedelta(days=days)
        own.save()
        page = client(quiet, "centre_leader").get("/denne-uka/").content.decode()
        assert ("Sett opp innlogging i to trinn" in page) == asked


def test_overview_counts_ones_own(quiet: World) -> None:
    page = client(quiet, "chief").get("/oversikt/").content.decode()
    people = len({m.user_id for m in quiet.town(Place.OWN).members.values() if m.ended_at is None})
    assert f'<p class="number__value">{people}</p>' in page


def test_menu_of_each_role(quiet: World) -> None:
    def menu(actor: str) -> list[str]:
        page = client(quiet, actor).get("/min-side/").content.decode()
        nav = (
            page.split('class="menu wide-only"', 1)[1].split("</nav>")[0] if "menu wide-only" in page else ""
        )
        links = [part.split("</a>")[0].split(">", 1)[1] for part in nav.split("<a ")[1:]]
        return [link.split("<")[0].strip() for link in links]

    assert menu("chief") == [
        "Oversikt",
        "Denne uka",
        "Samarbeid",
        "Frivillige",
        "Folk og lag",
        "Kalender",
        "Spørsmål og svar",
    ]
    assert menu("coordinator") == [
        "Denne uka",
        "Samarbeid",
        "Frivillige",
        "Folk og lag",
        "Kalender",
        "Spørsmål og svar",
    ]
    assert menu("staff") == menu("coordinator")
    assert menu("observer") == ["Oversikt", "Frivillige", "Folk og lag", "Kalender"]
    assert menu("user") == ["Min side", "Kalender"]


# --- The registries -------------------------------------------------------------------------------
def test_name_is_taken_once() -> None:
    registry: Registry[WorkItem] = Registry()
    registry.register("a", lambda viewer: [])
    with pytest.raises(ValueError, match="already"):
        registry.register("a", lambda viewer: [])
    with pytest.raises(ValueError, match="already"):
        registry.source("a", lambda viewer: None, lambda viewer, rows: [])


def test_work_list_asks_once_and_cards_once(quiet: World) -> None:
    """Thirty sources cost what three do: with each kind of thing waiting, there is one query for all."""
    for actor in ("coordinator", "unit_leader", "centre_leader", "organisation_rep", "chief"):
        membership = quiet.town(Place.OWN).members[actor]
        viewer = Viewer(membership.user, membership, timezone.localdate())
        access_of(membership.user).own(Permission.PARTNERSHIP_READ)
        with CaptureQueriesContext(connection) as queries:
            work_items(viewer)
            overview_cards(viewer)
        assert len(queries) == 2, [q["sql"][:90] for q in queries]


@pytest.mark.parametrize(
    ("days", "words", "late"),
    [
        (-1, "over tiden", True),
        (0, "i dag", False),
        (1, "i morgen", False),
        (6, "27.11.", False),
        (60, "20.1.2027", False),
    ],
)
def test_day_in_words(days: int, words: str, late: bool) -> None:
    from datetime import date

    today = date(2026, 11, 21)
    item: Any = WorkItem(tag="x", title="x", url="/", due_on=today + timedelta(days=days)).seen_on(today)
    assert (item.due, item.late) == (words, late)
