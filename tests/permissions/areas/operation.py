"""Technical pages of operators."""

from typing import Any

from django.utils import timezone

from samskaping.core.models import Outbox
from samskaping.core.models.outbox import OutboxState
from tests.permissions.frame import Row

OPERATOR = "superuser:302 anonymous:login *:403"

ROWS: dict[str, Row] = {
    # --- The outbox -------------------------------------------------------------------------------
    "outbox": Row(get="superuser:200 anonymous:login *:403"),
    # Technical rows of all municipalities: the same for whosever they are.
    **{
        name: Row(
            post=OPERATOR, foreign_post=OPERATOR,
            path=lambda world, place: {"pk": world.town(place).things["dead"].pk},
        )
        for name in ("outbox_try_again", "outbox_put_away")
    },
}  # fmt: skip


def furnish(town: Any, word: str) -> None:
    # --- The outbox -------------------------------------------------------------------------------
    town.things["dead"] = Outbox.objects.create(
        kind="sms_status", key=f"{word} dead", payload={"outbox": 0, "nth": 0},
        municipality=town.municipality, state=OutboxState.DEAD, problem="OSError", attempts=10,
        finished_at=timezone.now(),
    )  # fmt: skip
