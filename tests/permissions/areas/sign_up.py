"""The open pages, openings, and those who wrote: each controller's are nobody else's."""

from typing import Any

from partnerships.models import Offer
from partnerships.selectors.task_check import questions_now
from tests.factories.offers import OfferFactory
from tests.factories.volunteers import OpeningFactory, SignUpFactory, light_opening
from tests.factories.work import PartnershipFactory
from tests.permissions.areas.offers import RUNS, SEEN, SEES
from tests.permissions.frame import Place, Row
from volunteers.services.sign_up import sign_up_token

# The municipality's own to answer; others' stand in tests/volunteers/test_sign_up.py.
ANSWERS = "coordinator:%s *:404 anonymous:login"


def _thing(name: str) -> Any:
    return lambda world, place: {"pk": world.town(place).things[name].pk}


def _number(world: Any, place: Place) -> dict[str, Any]:
    return {"number": world.town(place).municipality.number}


def _offer(world: Any, place: Place) -> dict[str, Any]:
    return {"pk": world.town(place).things["offer"].pk}


def _open(path: Any = None, **data: Any) -> Row:
    """For everybody; with data, a form that is sent."""
    return Row(
        get="*:200",
        post="*:302" if data else "",
        foreign_get="*:200",
        foreign_post="*:302",
        path=path,
        data=lambda _world: data,
        is_public=True,
    )


def _runs(path: Any, *, get: bool = True, **data: Any) -> Row:
    cell = f"{RUNS}:%s {SEES}:403 *:404 anonymous:login"
    return Row(get=cell % 200 if get else "", post=cell % 302, path=path, data=lambda _world: data)


def _answers(name: str = "sign_up", **data: Any) -> Row:
    return Row(get=ANSWERS % 200, post=ANSWERS % 302, path=_thing(name), data=lambda _world: data)


WHO = {"name": "Prøve Ny", "reach": "ny@prove.example"}
OPENING: dict[str, Any] = {"title": "Koke kaffe", "how_much": "once", "wanted": 2, "version": 0}
ROWS: dict[str, Row] = {
    "municipality": _open(_number),
    "municipality_ask": _open(_number, words="Når?", **WHO),
    "municipality_interest": _open(_number, **WHO),
    "municipality_ics": _open(_number),
    "municipality_rss": _open(_number),
    "municipality_json": _open(_number),
    "become_volunteer": _open(),
    "public_opening": _open(_thing("opening")),
    "opening_ask": _open(_thing("opening"), words="Når?", **WHO),
    "opening_interest": _open(_thing("opening"), **WHO),
    "opening_join": _open(_thing("light_opening"), **WHO),
    # Nobody here has asked for a code.
    "sign_up_code": Row(get="*:410", post="*:410"),
    "sign_up_thanks": Row(
        get="*:200", post="*:200", foreign_get="*:200", foreign_post="*:200", shows_its_own=True,
        path=lambda world, place: {"token": sign_up_token(world.town(place).things["sign_up"])},
    ),
    "opening_new": _runs(_offer, **OPENING),
    "opening": Row(get=SEEN, path=_thing("opening")),
    "opening_edit": _runs(_thing("opening"), **OPENING),
    "opening_close": _runs(_thing("opening"), get=False),
    "opening_reopen": _runs(_thing("opening"), get=False),
    "opening_poster": Row(get=SEEN, path=_thing("opening")),
    "offer_poster": Row(get=SEEN, path=_offer),
    "municipality_poster": Row(get="user,superuser,ended,national,participant:403 anonymous:login *:200"),
    # Whoever answers for nobody has no list.
    "sign_ups": Row(get="coordinator,centre_leader,organisation_rep:200 anonymous:login *:403"),
    "sign_up": Row(get=ANSWERS % 200, path=_thing("sign_up")),
    "sign_up_answer": _answers(text="Hei"),
    "sign_up_not_now": _answers(text="Takk"),
    "sign_up_take_in": _answers(text="Velkommen"),
}  # fmt: skip


def furnish(town: Any, word: str) -> None:
    offer: Offer = town.things["offer"]
    opening = OpeningFactory.create(offer=offer, title=f"{word} leser høyt", about=f"{word} bøker")
    light = PartnershipFactory.create(municipality=town.municipality, title=f"{word} kaffelag")
    town.things |= {
        "opening": opening,
        "light_opening": light_opening(
            offer=OfferFactory.create(partnership=light, title=f"{word} kaffe"),
            title=f"{word} koker",
            # Somebody opens the answers, too.
            questions=questions_now(town.municipality),
        ),
        "sign_up": SignUpFactory.create(
            opening=opening, name=f"{word} interessert", email=f"{word}-ny@prove.example", words=f"{word} vil"
        ),
    }
