"""Offers and processes as lists, and one offer: what is written once gives what `visible_to` gives."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from partnerships.access import access_of, forget_access
from partnerships.models import (
    CodesignProcess,
    Membership,
    Offer,
    OfferRequirement,
    Partnership,
    ProcessResult,
)
from partnerships.selectors.offer import offer_page, offer_seen, offers_here, own_offers
from partnerships.selectors.offer_list import offers_page
from partnerships.selectors.process import came_from, processes_here
from partnerships.selectors.process_list import processes_page
from samskaping.accounts.models import User
from samskaping.core.text import sort_key
from tests.factories.codesign import ParticipantFactory
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.partnerships.test_query_counts import grow
from tests.permissions import make
from tests.permissions.conftest import world  # noqa: F401 - the three towns
from tests.permissions.frame import Place
from tests.permissions.world import World

ACTORS = (
    "user", "superuser", "ended", "coordinator", "chief", "sector_chief", "unit_leader", "place_contact",
    "staff", "centre_leader", "organisation_rep", "observer", "guest", "national",
)  # fmt: skip


@pytest.fixture(scope="module")
def full(world: World, django_db_blocker: Any) -> Iterator[World]:  # noqa: F811
    """Some held by each side, some with the towns next door, one ended, and what came of a process."""
    from tests.database import rolled_back

    with django_db_blocker.unblock(), rolled_back():
        own, neighbour = world.town(Place.OWN), world.town(Place.NEIGHBOUR)
        for town in (own, neighbour):
            grow(town, range(1))
            made = [
                OfferFactory.create(partnership=town.partnership, title="Ærlig 100 % (prøve)", **side)
                for side in (
                    {"unit": town.unit},
                    {"centre": town.centre},
                    {"organisation": town.organisation},
                )
            ]
            OfferFactory.create(partnership__municipality=town.municipality, title="Helse", areas=["health"])
            OfferFactory.create(
                partnership=town.partnership, title="Over", state="ended", ended_on=timezone.localdate()
            )
            ProcessResult.objects.create(
                municipality=town.municipality, process=town.things["process"], offer=made[0], kind="offer",
                title="Et tilbud",
            )  # fmt: skip
        shared = make.partnership(neighbour.municipality, "med en enhet hos oss")
        make.party(shared, unit=own.other_unit)
        OfferFactory.create(partnership=shared, title="Delt")
        make.process(shared, "delt")
        # A user who has no role, and takes part in one.
        nobody = world.users["user"]
        ParticipantFactory.create(process=own.things["process"], person__user=nobody)
        yield world


def who(world: World, actor: str) -> tuple[User, Membership | None]:  # noqa: F811
    user = world.users[actor]
    assert user is not None
    forget_access([user])
    memberships = access_of(user).memberships
    return user, memberships[0] if memberships else None


def addresses(rows: Any) -> list[str]:
    return sorted(row.url for row in rows)


OFFERS: tuple[tuple[dict[str, Any], Callable[[User, Membership | None], Q]], ...] = (
    ({}, lambda _user, _role: ~Q(state="ended")),
    ({"state": "ended"}, lambda _user, _role: Q(state="ended")),
    ({"q": "ærlig 100"}, lambda _user, _role: Q(title__startswith="Ærlig")),
    ({"q": "(prøve)"}, lambda _user, _role: Q(title_key__contains=sort_key("(prøve)")) & ~Q(state="ended")),
    ({"area": "health"}, lambda _user, _role: Q(areas__contains=["health"]) & ~Q(state="ended")),
    ({"mine": True}, lambda user, role: own_offers(user, role) & ~Q(state="ended")),
)


@pytest.mark.parametrize("actor", ACTORS)
def test_offers_are_those_she_sees_here(full: World, actor: str) -> None:
    user, role = who(full, actor)
    for chosen, wanted in OFFERS:
        page = offers_page(user, role, None, **chosen)
        expected = offers_here(user, role).filter(wanted(user, role))
        assert page.paginator.count == expected.count()
        assert addresses(page.object_list) == sorted(f"/tilbud/{offer.pk}/" for offer in expected)


PROCESSES: tuple[dict[str, Any], ...] = ({}, {"state": "running"}, {"duration": "long"}, {"q": "delt"})


@pytest.mark.parametrize("actor", ACTORS)
def test_processes_are_those_she_sees_here(full: World, actor: str) -> None:
    user, role = who(full, actor)
    for chosen in PROCESSES:
        page = processes_page(user, role, None, **chosen)
        fields = {"title_key__contains" if name == "q" else name: value for name, value in chosen.items()}
        expected = processes_here(user, role).filter(**fields)
        assert page.paginator.count == expected.count()
        assert addresses(page.object_list) == sorted(f"/prosesser/{process.pk}/" for process in expected)


@pytest.mark.parametrize("actor", ACTORS)
def test_an_offer_is_given_to_those_who_see_it_and_nobody_else(full: World, actor: str) -> None:
    user, _role = who(full, actor)
    seen = set(Offer.objects.visible_to(user).values_list("pk", flat=True))
    for wanted in Offer.objects.all():
        if wanted.pk not in seen:
            with pytest.raises(Http404):
                offer_seen(user, wanted.pk)
            continue
        found = offer_seen(user, wanted.pk)
        assert set(found.partnership.parties.all()) == set(wanted.partnership.parties.all())
        page = offer_page(found, user)
        partnership = Partnership.objects.visible_to(user).filter(pk=wanted.partnership_id)
        assert page.sees_partnership == partnership.exists()
        assert page.came_from == came_from(user, offer=wanted)


def test_world_has_what_is_compared(full: World) -> None:
    """Some see an offer whose partnership or process they do not; nobody sees all."""
    some = [Offer.objects.visible_to(who(full, actor)[0]).count() for actor in ACTORS]
    assert min(some) == 0 < max(some) < Offer.objects.count()
    coordinator, role = who(full, "coordinator")
    assert CodesignProcess.objects.visible_to(coordinator).count() < CodesignProcess.objects.count()
    assert processes_page(who(full, "user")[0], None, None).paginator.count == 1
    assert all(offers_page(coordinator, role, None, **chosen).paginator.count for chosen, _ in OFFERS[:5])


def test_page_of_an_offer_shows_what_is_its_own(full: World) -> None:
    coordinator = who(full, "coordinator")[0]
    offer = full.town(Place.OWN).things["offer"]
    begins = timezone.now() + timedelta(days=3)
    later = OccurrenceFactory.create(
        offer=offer, day=None, starts_at=begins, ends_at=begins + timedelta(hours=1)
    )
    page = offer_page(offer_seen(coordinator, offer.pk), coordinator)
    now = timezone.now()
    times = offer.occurrences.all()
    assert later in page.coming
    assert page.coming == list(times.filter(ends_at__gt=now).order_by("starts_at", "pk")[:6])
    assert page.been == list(times.filter(ends_at__lte=now).order_by("-starts_at", "pk")[:4])
    assert page.news == list(offer.news.all()[:5])
    assert page.requirements == list(OfferRequirement.objects.filter(offer=offer, removed_at=None))
    assert page.news
    assert page.requirements


def test_beyond_the_last_page_is_the_last(full: World) -> None:
    user, role = who(full, "coordinator")
    assert offers_page(user, role, "900").number == 1
    assert offers_page(user, role, "tull").object_list == offers_page(user, role, None).object_list
