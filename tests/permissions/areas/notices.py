"""What is sent and coming, letters, calls and replies."""

from typing import Any

from partnerships.services.reply import reply_token
from tests.factories import notices
from tests.permissions.frame import Row

ROWS: dict[str, Row] = {
    # --- Replies, letters, calls ------------------------------------------------------------------
    # The link says which question it is, to whoever holds it, as a letter does.
    "reply_open": Row(
        get="*:200", post="*:302", foreign_get="*:200", foreign_post="*:302", shows_its_own=True,
        path=lambda world, place: {"token": reply_token(world.town(place).things["question"])},
        data=lambda _world: {"answer": "yes"},
    ),
    "reply_thanks": Row(get="*:410", post="*:410"),
}  # fmt: skip


def furnish(town: Any, word: str) -> None:
    # --- Replies, letters, calls ------------------------------------------------------------------
    town.things["question"] = notices.notice(town.people["municipal"])
