"""What is sent and coming, letters, calls and replies."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from partnerships.models import PrintRun
from partnerships.models.notice import NoticeState
from partnerships.models.person import Channel
from partnerships.services.reply import reply_token
from tests.factories import notices
from tests.permissions import make
from tests.permissions.frame import Place, Row

SENDERS = "coordinator,centre_leader,organisation_rep"
OWN_GET = "coordinator:200 anonymous:login *:404"
OWN_POST = "coordinator:302 anonymous:login *:404"


def _thing(name: str) -> Callable[[Any, Place], Mapping[str, Any]]:
    return lambda world, place: {"pk": world.town(place).things[name].pk}


ROWS: dict[str, Row] = {
    # --- Sent and coming ---------------------------------------------------------------------------
    "notices": Row(get=f"{SENDERS}:200 anonymous:login *:403"),
    "notice_page": Row(get=OWN_GET, path=_thing("coming")),
    "notice_snooze": Row(post=OWN_POST, path=_thing("coming")),
    "notice_stop": Row(get=OWN_GET, post=OWN_POST, path=_thing("coming")),
    "notice_again": Row(post=OWN_POST, path=_thing("coming")),
    # --- Replies, letters, calls ------------------------------------------------------------------
    # The link says which question it is, to whoever holds it, as a letter does.
    "reply_open": Row(
        get="*:200", post="*:302", foreign_get="*:200", foreign_post="*:302", shows_its_own=True,
        path=lambda world, place: {"token": reply_token(world.town(place).things["question"])},
        data=lambda _world: {"answer": "yes"},
    ),
    "reply_thanks": Row(get="*:410", post="*:410"),
    # The municipality's own people: only its coordinator writes to them and rings them.
    "letters": Row(get=f"{SENDERS}:200 anonymous:login *:403"),
    "letters_print": Row(post=f"{SENDERS}:302 anonymous:login *:403"),
    "print_run": Row(get=OWN_GET, path=_thing("print_run")),
    "print_run_posted": Row(get=OWN_GET, post=OWN_POST, path=_thing("print_run")),
    "print_run_not_posted": Row(post=OWN_POST, path=_thing("print_run")),
    "letter_answer": Row(
        get=OWN_GET, post=OWN_POST, path=_thing("letter"), data=lambda _world: {"answer": "yes"}
    ),
    # Who sees her but does not send for her may not write where she lives.
    "post_address": Row(
        get="coordinator:200 chief:403 anonymous:login *:404",
        post="coordinator:302 chief:403 anonymous:login *:404",
        path=lambda world, place: {"pk": world.town(place).people["municipal"].pk},
        data=lambda _world: {"street": "Veien 1", "postal_code": "9901", "post_town": "Byen"},
    ),
    "calls": Row(get=f"{SENDERS}:200 anonymous:login *:403"),
    "call": Row(
        get=OWN_GET, post=OWN_POST, path=_thing("call"), data=lambda _world: {"outcome": "reached"}
    ),
}  # fmt: skip


def furnish(town: Any, word: str) -> None:
    # --- Sent and coming ---------------------------------------------------------------------------
    later = timezone.localdate() + timedelta(days=20)
    town.things["coming"] = notices.notice(town.people["municipal"], due_on=later, state=NoticeState.COMING)
    # Somebody else's to send: nobody but their keepers may see that they are there.
    for keeper in ("organisation", "centre"):
        notices.notice(town.people[keeper], state=NoticeState.COMING)
    # --- Replies, letters, calls ------------------------------------------------------------------
    town.things["question"] = notices.notice(town.people["municipal"])
    reader = make.person(
        town.municipality, f"{word} leser", street=f"{word}veien 2", postal_code="9901", post_town=word,
        channel=Channel.LETTER, phone="+4755500999",
    )  # fmt: skip
    town.things["print_run"] = PrintRun.objects.create(municipality=town.municipality)
    town.things["letter"] = notices.notice(
        reader, channel=Channel.LETTER, state=NoticeState.LISTED, print_run=town.things["print_run"]
    )
    town.things["call"] = notices.notice(reader, channel=Channel.PHONE, state=NoticeState.LISTED)
    # Posted, and waiting for an answer.
    notices.notice(town.people["municipal"], channel=Channel.LETTER)
    # Of people whom the organisation and the centre keep: on nobody else's lists.
    for keeper in ("organisation", "centre"):
        for channel in (Channel.LETTER, Channel.PHONE):
            notices.notice(town.people[keeper], channel=channel, state=NoticeState.LISTED)
