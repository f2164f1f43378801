"""What is sent twice at the same moment is there once, with real transactions."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone

from partnerships.models import Initiative
from partnerships.services.initiative import Giver, initiative_give
from samskaping.core.models import AuditEvent
from tests.factories.offers import OfferFactory
from tests.factories.volunteers import VolunteerFactory
from tests.factories.work import PartnershipFactory
from tests.partnerships.conftest import Town, make_town
from tests.partnerships.test_races import at_once
from volunteers.models import Errand, Expense, SignUp, VolunteerShare
from volunteers.models.errand import ErrandKind
from volunteers.models.shift import ExpenseKind
from volunteers.models.sign_up import SignUpKind
from volunteers.services.assignment import volunteer_share
from volunteers.services.errand import errand_cancel, errand_post
from volunteers.services.expense import expense_note
from volunteers.services.sign_up import Somebody, Words, sign_up_make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
ROUNDS = 3
WHO = Somebody(
    name="Prøve Nygård", email="nygaard@prove.example", about=Words(words="Når?", free=["evening"])
)


@pytest.fixture
def shared() -> Town:
    return make_town()


def question(town: Town) -> Callable[[], Any]:
    return partial(sign_up_make, municipality=town.municipality, kind=SignUpKind.QUESTION, who=WHO)


def idea(town: Town) -> Callable[[], Any]:
    giver = Giver(phone="+4790212345")
    return partial(initiative_give, municipality=town.municipality, title="Benk ved brua", giver=giver)


def expense(town: Town) -> Callable[[], Any]:
    volunteer = VolunteerFactory.create(person__municipality=town.municipality)
    day, km = timezone.localdate(), Decimal("12.5")
    return partial(expense_note, volunteer=volunteer, kind=ExpenseKind.DRIVING, day=day, km=km, by=None)


def errand(town: Town, name: str = "Borghild") -> Callable[[], Any]:
    starts_at = timezone.now().replace(microsecond=0) + timedelta(days=2)
    return partial(
        errand_post, unit=town.unit, kind=ErrandKind.WALK, starts_at=starts_at, first_name=name,
        ends_at=starts_at + timedelta(hours=1), meet_at="Rom 12", by=town.coordinator.user,
    )  # fmt: skip


def share(town: Town) -> Callable[[], Any]:
    offer = OfferFactory.create(partnership=PartnershipFactory.create(municipality=town.municipality))
    volunteer = VolunteerFactory.create(person__municipality=town.municipality)
    return partial(volunteer_share, volunteer=volunteer, offer=offer, by_herself=True, by=None)


SENT: dict[str, tuple[type[Model], Callable[[Town], Callable[[], Any]]]] = {
    "question": (SignUp, question),
    "idea": (Initiative, idea),
    "expense": (Expense, expense),
    "errand": (Errand, errand),
    "share": (VolunteerShare, share),
}


@pytest.mark.parametrize("name", SENT)
def test_twice_at_once_is_once(shared: Town, name: str) -> None:
    model, of = SENT[name]
    for _round in range(ROUNDS):
        model._default_manager.all().delete()
        send = of(shared)
        first, second = at_once(send, send)
        assert first == second == model._default_manager.get()
        assert send() == first
        assert AuditEvent.objects.filter(object_id=str(first.pk), verb__endswith=ENDS[name]).count() == 1


ENDS = {"question": "made", "idea": "given", "expense": "noted", "errand": "posted", "share": "shared"}


def test_what_is_not_the_same_is_two(shared: Town) -> None:
    send = errand(shared)
    first = send()
    assert errand(shared, "Solveig")() != first
    errand_cancel(errand=first, by=shared.coordinator.user)
    assert send() != first
    ask = question(shared)
    asked = ask()
    SignUp.objects.update(at=timezone.now() - timedelta(minutes=2))
    assert ask() != asked
