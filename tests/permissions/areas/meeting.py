"""Meetings of a process. The citizens' own have a test of their own (test_citizens_own.py)."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from partnerships.models import Attendance, Meeting, MeetingSlot, Minutes, MinutesCopy, SlotAnswer
from partnerships.models.meeting import MeetingKind, MeetingState, MinutesState
from tests.factories.codesign import AgendaItemFactory, MeetingFactory
from tests.permissions.areas.participant import of_process
from tests.permissions.frame import Place, Row

CITIZENS = "participant,by_link"
# The unit convenes, and its leader leads; the parties of its partnership hold it together with them.
EDITORS = "coordinator,unit_leader,place_contact,staff,centre_leader,organisation_rep"
ONLY_READ = "chief,sector_chief"
NOBODY = "*:404 anonymous:login"
READ = f"{EDITORS},{ONLY_READ},{CITIZENS}:200 {NOBODY}"
ARRANGE = f"{EDITORS}:{{}} {ONLY_READ},{CITIZENS}:403 {NOBODY}"
WRITE = f"{EDITORS},{CITIZENS}:{{}} {ONLY_READ}:403 {NOBODY}"
BESIDE = "coordinator,place_contact,staff,centre_leader,organisation_rep"
BEHALF = f"unit_leader:{{}} {BESIDE},{ONLY_READ},{CITIZENS}:403 {NOBODY}"
THEMSELVES = f"{CITIZENS}:{{}} {EDITORS},{ONLY_READ}:403 {NOBODY}"


def of(name: str, **more: str) -> Callable[[Any, Place], Mapping[str, Any]]:
    """A meeting among the things, and what else stands in the address."""

    def path(world: Any, place: Place) -> Mapping[str, Any]:
        things = world.town(place).things
        found = {"pk": things["process"].pk, "meeting": things[name].pk}
        return found | {word: things[thing].pk for word, thing in more.items()}

    return path


HELD, POLL, COMING = of("meeting"), of("poll"), of("coming_meeting")
ITEM = of("meeting", item="agenda_item")

ROWS: dict[str, Row] = {
    "meetings": Row(get=READ, path=of_process()),
    "meeting_new": Row(
        get=f"{EDITORS},{CITIZENS}:200 {ONLY_READ}:403 {NOBODY}",
        post=f"{EDITORS},{CITIZENS}:200 {ONLY_READ}:403 {NOBODY}",
        path=of_process(),
    ),
    "meeting": Row(get=READ, path=HELD),
    "meeting_calendar": Row(get=READ, path=COMING),
    "meeting_edit": Row(get=ARRANGE.format(200), post=ARRANGE.format(200), path=COMING),
    "meeting_days": Row(get=ARRANGE.format(200), post=ARRANGE.format(200), path=POLL),
    "meeting_own_answer": Row(get=THEMSELVES.format(200), post=THEMSELVES.format(200), path=POLL),
    "meeting_answer_for": Row(
        get=BEHALF.format(200), post=BEHALF.format(200), path=of("poll", participant="by_link")
    ),
    "meeting_choose": Row(post=ARRANGE.format(302), path=POLL),
    "meeting_cancel": Row(get=ARRANGE.format(200), post=ARRANGE.format(302), path=COMING),
    # A joint one is shown to all already, and the page says so.
    "meeting_share": Row(get=ARRANGE.format(200), post=ARRANGE.format(302), path=COMING),
    "meeting_item_add": Row(post=WRITE.format(302), path=HELD, data=lambda _world: {"text": "Ny sak"}),
    "meeting_item_move": Row(post=WRITE.format(302), path=ITEM),
    "meeting_item_remove": Row(post=WRITE.format(302), path=ITEM),
    "meeting_attendance": Row(get=ARRANGE.format(200), post=ARRANGE.format(302), path=HELD),
    "meeting_was_there": Row(post=THEMSELVES.format(302), path=HELD),
    "minutes": Row(get=READ, path=HELD),
    "minutes_write": Row(get=WRITE.format(200), post=WRITE.format(302), path=HELD),
    "minutes_send": Row(post=ARRANGE.format(302), path=HELD),
    "minutes_own_answer": Row(post=THEMSELVES.format(200), path=HELD),
    "minutes_answer_for": Row(
        get=BEHALF.format(200), post=BEHALF.format(200), path=of("meeting", participant="by_link")
    ),
}  # fmt: skip


def furnish(town: Any, word: str) -> None:
    from tests.permissions.world import ALONE_CANARY, OWN_WORD

    process, hers = town.things["process"], town.things["by_link"]
    held = meeting(process, f"{word} møte", place=f"{word} hus")
    poll = meeting(
        process, f"{word} dag", state=MeetingState.POLLING, starts_at=None, asked_at=timezone.now()
    )
    coming = meeting(process, f"{word} kommer", starts_at=timezone.now() + timedelta(days=5))
    alone = ALONE_CANARY if word == OWN_WORD else word
    own = meeting(process, f"{alone} møte", kind=MeetingKind.CITIZENS, place=f"{alone} stue")
    own_poll = meeting(
        process,
        f"{alone} dag",
        kind=MeetingKind.CITIZENS,
        state=MeetingState.POLLING,
        starts_at=None,
        asked_at=timezone.now(),
    )
    own_coming = meeting(
        process, f"{alone} kommer", kind=MeetingKind.CITIZENS, starts_at=timezone.now() + timedelta(days=5)
    )
    town.things |= {
        "meeting": held,
        "poll": poll,
        "coming_meeting": coming,
        "own_meeting": own,
        "own_poll": own_poll,
        "own_coming": own_coming,
        "agenda_item": AgendaItemFactory.create(meeting=held, text=f"{word} sak", agreed=f"{word} enighet"),
        "own_agenda_item": AgendaItemFactory.create(
            meeting=own, text=f"{alone} sak", agreed=f"{alone} enighet"
        ),
        "slot": slot(poll, hers),
        "own_slot": slot(own_poll, hers),
        "minutes": minutes(held, hers, word),
        "own_minutes": minutes(own, hers, alone),
    }
    awaited(town.things["minutes"], town.things["participant"])


def meeting(process: Any, title: str, **fields: Any) -> Meeting:
    return MeetingFactory.create(process=process, municipality=process.municipality, title=title, **fields)


def slot(poll: Meeting, participant: Any) -> MeetingSlot:
    start = timezone.now() + timedelta(days=9)
    place = {"municipality": poll.municipality}
    made = MeetingSlot.objects.create(
        **place, meeting=poll, starts_at=start, ends_at=start + timedelta(hours=2)
    )
    SlotAnswer.objects.create(**place, slot=made, participant=participant, choice="yes")
    return made


def minutes(held: Meeting, participant: Any, word: str) -> Minutes:
    """Sent to her, who was there and would have it otherwise."""
    place, now = {"municipality": held.municipality}, timezone.now()
    Attendance.objects.create(**place, meeting=held, participant=participant)
    made = Minutes.objects.create(**place, meeting=held, state=MinutesState.SENT, number=1, sent_at=now)
    MinutesCopy.objects.create(
        **place, minutes=made, participant=participant, number=1, was_there=True, answer="no",
        answered_at=now, objection=f"{word} annerledes",
    )  # fmt: skip
    return made


def awaited(sent: Minutes, participant: Any) -> None:
    """She was there, and has not answered yet."""
    place = {"municipality": sent.municipality}
    Attendance.objects.create(**place, meeting=sent.meeting, participant=participant)
    MinutesCopy.objects.create(**place, minutes=sent, participant=participant, number=1, was_there=True)
