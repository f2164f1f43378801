"""Pages and feeds for anybody: what they show, what never stands on them, and that nobody is remembered."""

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Offer
from partnerships.models.offer import OfferState
from partnerships.models.strategy import StrategyState
from tests.factories.codesign import ProcessFactory
from tests.factories.core import MunicipalityFactory
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.partnerships import PersonFactory
from tests.factories.volunteers import AssignmentFactory, OpeningFactory, SignUpFactory
from tests.factories.work import PartnershipFactory, StrategyFactory
from tests.ics import read
from tests.partnerships.conftest import Town
from tests.queries import assert_constant_queries
from volunteers.models import Opening
from volunteers.models.volunteer import HowMuch

pytestmark = pytest.mark.django_db


BY_AGREEMENT: dict[str, Any] = {"first_on": None, "from_time": None, "to_time": None, "rule": ""}


def offer_in(town: Town, **fields: Any) -> Offer:
    partnership = PartnershipFactory.create(municipality=town.municipality)
    return OfferFactory.create(partnership=partnership, **{"state": OfferState.RUNNING, **fields})


def page(client: Client, name: str = "municipality", *args: Any, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def here(client: Client, town: Town) -> str:
    return page(client, "municipality", town.municipality.number)


# --- A municipality's page -----------------------------------------------------------------------------
def test_what_it_shows(town: Town, client: Client) -> None:
    offer = offer_in(town, title="Prøvetur", place="Brua", ring="+4790000001")
    OpeningFactory.create(offer=offer, title="Gå bakerst")
    ProcessFactory.create(municipality=town.municipality, title="Kveldskafé", public_at=timezone.now())
    StrategyFactory.create(
        municipality=town.municipality, title="Frivilligmeldinga", state=StrategyState.IN_FORCE,
        decided_on=timezone.localdate(),
    )  # fmt: skip
    town.settings.contact_name, town.settings.contact_phone = "Servicetorget", "+4722334455"
    town.settings.save()
    shown = here(client, town)
    for words in ("Prøvetur", "Gå bakerst", "Kveldskafé", "Frivilligmeldinga", "Servicetorget", "223 34 455"):
        assert words in shown, words


def test_what_is_not_open_does_not_stand_there(town: Town, neighbour: Town, client: Client) -> None:
    contact = PersonFactory.create(municipality=town.municipality, name="Kanari Kontakt", phone="+4790000099")
    offer = offer_in(town, title="Vanlig tilbud", contact=contact)
    AssignmentFactory.create(offer=offer, volunteer__person__name="Kanari Frivillig")
    SignUpFactory.create(opening__offer=offer, name="Kanari Interessert", words="kanari ord")
    OpeningFactory.create(offer=offer, title="kanari stengt", closed_at=timezone.now())
    OpeningFactory.create(
        offer=offer, title="kanari utløpt", closes_on=timezone.localdate() - timedelta(days=1)
    )
    offer_in(town, title="kanari avsluttet", state=OfferState.ENDED, ended_on=timezone.localdate())
    offer_in(town, title="kanari pause", state=OfferState.PAUSED)
    ProcessFactory.create(municipality=town.municipality, title="kanari lukket")
    StrategyFactory.create(municipality=town.municipality, title="kanari kladd")
    OpeningFactory.create(offer=offer_in(neighbour, title="kanari nabotilbud"), title="kanari nabo")
    assert "Vanlig tilbud" in here(client, town)
    number = town.municipality.number
    for name in ("municipality", "municipality_rss", "municipality_ics", "municipality_json"):
        shown = page(client, name, number)
        assert "kanari" not in shown.lower(), name
        assert "90000099" not in shown
    assert "kanari" not in page(client, "become_volunteer", kommune=number).lower()


def test_an_empty_one_says_what_one_can_do(town: Town, client: Client) -> None:
    shown = here(client, town)
    assert "Ingen oppdrag er lagt ut akkurat nå" in shown
    assert reverse("municipality_interest", args=[town.municipality.number]) in shown


@pytest.mark.parametrize("number", ["0000", "12", "abcd", "99999"])
def test_what_is_not_in_use_is_not_there(client: Client, number: str) -> None:
    MunicipalityFactory.create()
    for name in ("municipality", "municipality_rss", "municipality_ask", "municipality_json"):
        assert client.get(reverse(name, args=[number])).status_code == 404


def test_nobody_is_remembered(town: Town, client: Client) -> None:
    opening = OpeningFactory.create(offer=offer_in(town))
    for url in (
        reverse("municipality", args=[town.municipality.number]),
        reverse("become_volunteer") + "?kommune=1234&q=kaffe&tid=evening",
        reverse("public_opening", args=[opening.pk]),
        reverse("opening_interest", args=[opening.pk]),
        reverse("idea"),
    ):
        client.get(url)
    assert set(client.cookies) <= {"csrf"}, "and that one is needed by no page that is only read"


def test_few_queries(town: Town, client: Client) -> None:
    for number in range(12):
        OpeningFactory.create(offer=offer_in(town, title=f"Tilbud {number}"))
    for url in (
        reverse("municipality", args=[town.municipality.number]),
        reverse("become_volunteer"),
        reverse("municipality_rss", args=[town.municipality.number]),
        reverse("municipality_json", args=[town.municipality.number]),
    ):
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        assert len(asked) <= 10, f"{url}: {len(asked)}"


def test_constant_queries(town: Town, client: Client) -> None:
    url = reverse("become_volunteer")
    assert_constant_queries(client, url, lambda: OpeningFactory.create(offer=offer_in(town)))


# --- Finding -----------------------------------------------------------------------------
def found(client: Client, **query: str) -> set[str]:
    shown = page(client, "become_volunteer", **query)
    return {title for title in Opening.objects.values_list("title", flat=True) if title in shown}


def test_filters(town: Town, neighbour: Town, client: Client) -> None:
    friday_evening = timezone.localtime().replace(hour=18, minute=0) + timedelta(days=1)
    while friday_evening.weekday() != 4:
        friday_evening += timedelta(days=1)
    evening = offer_in(town, place="Biblioteket", areas=["culture"], first_on=timezone.localdate(),
                       from_time="18:00", to_time="20:00")  # fmt: skip
    OccurrenceFactory.create(offer=evening, starts_at=friday_evening)
    OpeningFactory.create(offer=evening, title="Om kvelden", languages=["uk"], how_much=HowMuch.REGULAR)
    OpeningFactory.create(
        offer=offer_in(town, areas=["elderly"], **BY_AGREEMENT), title="Etter avtalen", how_much="once"
    )
    OpeningFactory.create(offer=offer_in(neighbour, **BY_AGREEMENT), title="Hos naboen", languages=["pl"])
    assert found(client) == {"Om kvelden", "Etter avtalen", "Hos naboen"}
    assert found(client, kommune=town.municipality.number) == {"Om kvelden", "Etter avtalen"}
    assert found(client, q="biblioteket") == {"Om kvelden"}
    assert found(client, tema="elderly") == {"Etter avtalen"}
    # What has no fixed times fits whenever one has time.
    assert found(client, tid="evening") == {"Om kvelden", "Etter avtalen", "Hos naboen"}
    assert found(client, tid="weekend") == {"Etter avtalen", "Hos naboen"}
    assert found(client, tid="weekday") == {"Etter avtalen", "Hos naboen"}
    assert found(client, mye="regular") == {"Om kvelden"}
    assert found(client, sprak="pl") == {"Etter avtalen", "Hos naboen"}


def test_odd_choices_are_none(town: Town, client: Client) -> None:
    OpeningFactory.create(offer=offer_in(town))
    assert len(found(client, tid="midnatt", page="x", kommune="0000")) == 1


def test_the_holders_own_way_in_comes_first(town: Town, client: Client) -> None:
    offer = offer_in(town, sign_up_url="https://lag.example/bli-med", organisation=town.organisation)
    shown = page(client, "public_opening", OpeningFactory.create(offer=offer).pk)
    own = shown.index("https://lag.example/bli-med")
    assert own < shown.index("/meld-interesse/")
    assert f"Meld deg på hos {town.organisation.name}" in shown


# --- Feeds -----------------------------------------------------------------------------
def test_feeds(town: Town, client: Client) -> None:
    offer = offer_in(town, title="Kafé & <b>kaker</b>", place="Brua, Nes")
    opening = OpeningFactory.create(offer=offer, title="Bake & <smake>", about="Kontroll\x08tegn")
    OccurrenceFactory.create(offer=offer)
    number = town.municipality.number
    feed = client.get(reverse("municipality_rss", args=[number]))
    (item,) = ElementTree.fromstring(feed.content).iter("item")  # noqa: S314 - ours
    assert item.findtext("title") == "Bake & <smake>"
    assert item.findtext("link", "").endswith(f"/bli-frivillig/{opening.pk}/")
    data = json.loads(client.get(reverse("municipality_json", args=[number])).content)
    assert [one["title"] for one in data["openings"]] == ["Bake & <smake>"]
    assert [one["title"] for one in data["offers"]] == ["Kafé & <b>kaker</b>"]
    (event,) = read(client.get(reverse("municipality_ics", args=[number])).content)
    assert event["SUMMARY"] == "Kafé & <b>kaker</b>"
    for name in ("municipality_rss", "municipality_json", "municipality_ics"):
        answer = client.get(reverse(name, args=[number]))
        assert answer["Cache-Control"] == "public, max-age=900"
        assert not answer.cookies


def test_the_page_leads_to_its_feeds(town: Town, client: Client) -> None:
    shown = here(client, town)
    for name in ("municipality_rss", "municipality_ics", "municipality_json"):
        address = reverse(name, args=[town.municipality.number])
        assert f'href="{address}"' in shown.partition("</head>")[0]
