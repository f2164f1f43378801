"""Two who take the last place at the same moment, with real transactions.

A few rounds here; `make proof` runs the same at full numbers (tests/proof/sign_up.py).
"""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import OperationalError

from samskaping.core.models import Municipality
from tests.agreements.tally import rounds, tally
from tests.factories.volunteers import light_opening
from tests.factories.work import PartnershipFactory
from tests.partnerships.conftest import Town, make_town
from tests.partnerships.test_races import at_once
from volunteers.models import Assignment, Opening, SignUp
from volunteers.models.sign_up import SignUpKind
from volunteers.services.sign_up import Somebody, sign_up_confirm, sign_up_make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
ROUNDS = rounds(3)


@pytest.fixture
def shared() -> Town:
    return make_town()


def wanted(town: Municipality, number: int = 1) -> Opening:
    return light_opening(at={"partnership": PartnershipFactory.create(municipality=town)}, wanted=number)


def somebody(opening: Opening, name: str) -> SignUp:
    who = Somebody(name=f"Prøve {name}", email=f"{name}-{opening.pk}@prove.example")
    made = sign_up_make(municipality=opening.municipality, kind=SignUpKind.AT_ONCE, who=who, opening=opening)
    return SignUp.objects.get(pk=made.pk)


def last_place(town: Municipality, number: int) -> str:
    """What went wrong; empty when it held."""
    opening = wanted(town)
    told = at_once(*[partial(confirmed, somebody(opening, f"nr{n}")) for n in range(number)])
    there = Assignment.objects.filter(offer=opening.offer).count()
    waiting = SignUp.objects.waiting().filter(opening=opening, kind=SignUpKind.INTEREST).count()
    is_full = Opening.objects.get(pk=opening.pk).closed_at is not None
    held = (there, waiting, is_full) == (1, number - 1, True)
    return "" if held else f"{there} in, {waiting} of {number - 1} waiting, closed: {is_full}, told {told}"


def confirmed(sign_up: SignUp) -> SignUp | OperationalError:
    """As her browser does it. On a machine with too much to do the database may let nobody wait longer for
    the lock: all of the request is undone, also that the code was used, and the page says to press again."""
    for _press in range(3):
        try:
            return sign_up_confirm(sign_up=sign_up)
        except OperationalError as error:
            refused = error
    return refused


def pressed_twice(town: Municipality) -> str:
    opening = wanted(town, 5)
    hers = somebody(opening, "hun")
    outcome = at_once(*[partial(sign_up_confirm, sign_up=hers) for _press in range(2)])
    there = Assignment.objects.filter(offer=opening.offer).count()
    return "" if there == 1 and all(isinstance(one, SignUp) for one in outcome) else f"{there} in: {outcome}"


TRIED: dict[str, Callable[[Municipality], str]] = {
    "two": partial(last_place, number=2),
    "four": partial(last_place, number=4),
    "pressed twice": pressed_twice,
}


@pytest.mark.parametrize("name", TRIED)
def test_never_overbooked(shared: Town, name: str) -> None:
    failures = [wrong for _round in range(ROUNDS) if (wrong := TRIED[name](shared.municipality))]
    tally(ROUNDS, [f"{name}: {wrong}" for wrong in failures])
    assert failures == []
