"""Looking for somebody: who may, when one may begin without a talk, and the poster."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Offer
from partnerships.models.task_check import TaskOutcome
from partnerships.services.offer_requirement import offer_requirement_add
from samskaping.core.errors import DomainError
from tests.factories.offers import OfferFactory
from tests.factories.volunteers import OpeningFactory, light_opening
from tests.factories.work import PartnershipFactory, RequirementKindFactory, TaskCheckFactory
from tests.partnerships.conftest import Town
from volunteers.models import Opening
from volunteers.selectors.opening import is_light
from volunteers.services.opening import opening_add, opening_close, opening_reopen

pytestmark = pytest.mark.django_db
TYPED = {"title": "Koke kaffe", "how_much": "once", "wanted": 2, "version": 0}


@pytest.fixture
def offer(town: Town) -> Offer:
    return OfferFactory.create(partnership=PartnershipFactory.create(municipality=town.municipality))


@pytest.fixture
def staff(town: Town, client: Client) -> Client:
    client.force_login(town.coordinator.user)
    return client


def shown(client: Client, name: str, pk: int) -> str:
    return client.get(reverse(name, args=[pk])).content.decode()


def test_put_out_changed_taken_down_and_out_again(town: Town, offer: Offer, staff: Client) -> None:
    assert "Finn frivillige" in shown(staff, "offer", offer.pk)
    staff.post(reverse("opening_new", args=[offer.pk]), {**TYPED, "languages": ["uk"]})
    opening = Opening.objects.get()
    assert (opening.title, opening.languages, opening.at_once) == ("Koke kaffe", ["uk"], False)
    public = reverse("public_opening", args=[opening.pk])
    assert Client().get(public).status_code == 200
    staff.post(reverse("opening_edit", args=[opening.pk]), {**TYPED, "title": "Koke te"})
    assert "Koke te" in shown(staff, "offer", offer.pk)
    staff.post(reverse("opening_close", args=[opening.pk]))
    assert Client().get(public).status_code == 404
    assert "Tatt ned" in shown(staff, "opening", opening.pk)
    staff.post(reverse("opening_reopen", args=[opening.pk]))
    assert Client().get(public).status_code == 200


def test_a_day_that_has_passed_does_not_come_along(town: Town, offer: Offer) -> None:
    opening = OpeningFactory.create(offer=offer, closes_on=timezone.localdate() - timedelta(days=1))
    assert not Opening.objects.public().exists()
    opening_reopen(opening=opening, by=town.coordinator.user)
    assert Opening.objects.public().exists()


def test_closing_twice_is_once(town: Town, offer: Offer) -> None:
    opening = OpeningFactory.create(offer=offer)
    first = opening_close(opening=opening, by=town.coordinator.user).closed_at
    assert opening_close(opening=opening, by=town.coordinator.user).closed_at == first


def test_two_who_edit(town: Town, offer: Offer, staff: Client) -> None:
    opening = OpeningFactory.create(offer=offer)
    url = reverse("opening_edit", args=[opening.pk])
    staff.post(url, {**TYPED, "title": "Den første"})
    page = staff.post(url, {**TYPED, "title": "Den andre"}).content.decode()
    assert "Den første" in page
    assert "Den andre" in page
    opening.refresh_from_db()
    assert opening.title == "Den første"


# --- Without a talk first -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outcomes", "light"),
    [
        ([], False),
        ([TaskOutcome.YES], True),
        ([TaskOutcome.YES, TaskOutcome.YES_WHEN_AGREED], False),
        ([TaskOutcome.MUNICIPAL], False),
    ],
)
def test_only_where_the_check_is_light(offer: Offer, outcomes: list[TaskOutcome], light: bool) -> None:
    for outcome in outcomes:
        TaskCheckFactory.create(partnership=offer.partnership, outcome=outcome)
    assert is_light(offer) is light


def test_a_requirement_makes_it_heavy(town: Town, staff: Client) -> None:
    opening = light_opening(at={"partnership": PartnershipFactory.create(municipality=town.municipality)})
    assert "opening_join" not in shown(staff, "opening", opening.pk)
    join = reverse("opening_join", args=[opening.pk])
    assert join in shown(Client(), "public_opening", opening.pk)
    kind = RequirementKindFactory.create(municipality=town.municipality)
    offer_requirement_add(offer=opening.offer, kind=kind, because="Trygt", by=town.coordinator.user)
    assert not is_light(opening.offer)
    assert join not in shown(Client(), "public_opening", opening.pk)
    assert Client().get(join)["Location"] == reverse("opening_interest", args=[opening.pk])


def test_the_service_refuses_too(town: Town, offer: Offer, staff: Client) -> None:
    about: dict[str, Any] = {"title": "Kjøre", "at_once": True}
    with pytest.raises(DomainError):
        opening_add(offer=offer, by=town.coordinator.user, **about)
    page = shown(staff, "opening_new", offer.pk)
    assert "får en samtale med dere først" in page
    assert 'name="at_once"' not in page
    staff.post(reverse("opening_new", args=[offer.pk]), {**TYPED, "at_once": "on"})
    assert Opening.objects.get().at_once is False


# --- On paper -----------------------------------------------------------------------------
def test_posters(town: Town, offer: Offer, staff: Client) -> None:
    opening = OpeningFactory.create(offer=offer)
    for url in (
        reverse("opening_poster", args=[opening.pk]),
        reverse("offer_poster", args=[offer.pk]),
        reverse("municipality_poster"),
    ):
        answer = staff.get(url)
        assert answer["Content-Type"] == "application/pdf", url
        assert answer.content.startswith(b"%PDF")
