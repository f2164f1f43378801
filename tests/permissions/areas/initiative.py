"""Ideas: anybody's to give, and to answer for those who start partnerships, or whom it was given to."""

from typing import Any

from partnerships.services.initiative import Giver, initiative_give, initiative_token
from tests.permissions.frame import Row

EVERYWHERE = "coordinator,chief"


def _idea(world: Any, place: Any) -> dict[str, Any]:
    return {"pk": world.town(place).things["idea"].pk}


def _answers(*, get: int = 0, post: int = 0, who: str = EVERYWHERE, **data: Any) -> Row:
    others = "" if who == EVERYWHERE else " chief:403"
    cell = f"{who}:%s{others} *:404 anonymous:login"
    return Row(
        get=cell % get if get else "",
        post=cell % post if post else "",
        path=_idea,
        data=lambda _world: data,
    )


def _given(world: Any) -> dict[str, Any]:
    town = next(iter(world.towns.values())).municipality
    return {"town": town.number, "title": "Benk ved brua", "reach": "ide@prove.example"}


ROWS: dict[str, Row] = {
    "idea": Row(get="*:200", post="*:302", data=_given, is_public=True),
    "idea_thanks": Row(
        get="*:200", foreign_get="*:200", shows_its_own=True,
        path=lambda world, place: {"token": initiative_token(world.town(place).things["idea"])},
    ),
    "ideas": Row(get=f"{EVERYWHERE}:200 anonymous:login *:403"),
    "initiative": _answers(get=200),
    "initiative_yes": _answers(post=302, text="Ja"),
    "initiative_answer": _answers(get=200, post=302, state="answered", text="Takk"),
    # A form that says too little comes back.
    "initiative_hand_over": _answers(get=200, post=200),
    "initiative_to_partnership": _answers(get=200, post=302, title="Benk", template="samarbeid-tomt"),
    "initiative_to_process": _answers(get=200, post=302, who="coordinator", title="Benk"),
}  # fmt: skip


def furnish(town: Any, word: str) -> None:
    town.things["idea"] = initiative_give(
        municipality=town.municipality,
        title=f"{word} benk",
        text=f"{word} ved elva",
        where=f"{word} brua",
        giver=Giver(name=f"{word} giver", email=f"{word}-giver@prove.example"),
    )
