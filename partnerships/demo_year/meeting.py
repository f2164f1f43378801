"""Meetings of the demo's groups: held, awaited, to come, a day to find, and one of the citizens' own."""

from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from partnerships.models import (
    AgendaItem,
    Attendance,
    CodesignProcess,
    Meeting,
    MeetingCall,
    MeetingSlot,
    Minutes,
    MinutesCopy,
    Participant,
    SlotAnswer,
)
from partnerships.models.meeting import CallKind, MeetingKind, MeetingState, MinutesState, SlotChoice
from partnerships.models.notice import Answer
from partnerships.selectors.meeting import group_of
from partnerships.services.minutes import words_of

# After the processes and those who take part in them.
ORDER = 96


class Told(NamedTuple):
    """One meeting: its theme, how many weeks from now, where, and what was agreed under each item."""

    theme: str
    weeks: int
    place: str
    host: str
    food: str
    items: tuple[tuple[str, str], ...]
    kind: MeetingKind = MeetingKind.JOINT
    minutes: MinutesState | None = None
    is_polled: bool = False


# By the town and the title of the process.
TOLD: dict[tuple[str, str], tuple[Told, ...]] = {
    ("9901", "Kveldene på Fjordheimen"): (
        Told(
            "Hva er en god kveld?", -6, "Peisestua på Fjordheimen", "Fjordheimen", "Middag",
            (
                ("Hvem er vi?", "Vi presenterte oss for hverandre. Alle sier fra hvis noe blir vanskelig."),
                ("Når blir kveldene lange?", "Mellom klokka sju og ni. Det er da vi vil gjøre noe."),
                ("Hva kan vi bestemme selv?", "Gruppa bestemmer hva som skjer. Bemanningen ligger fast."),
            ),
            minutes=MinutesState.APPROVED,
        ),
        Told(
            "Slik prøver vi det", -1, "Lokalet til helselaget", "Helselaget", "Kaffe og vafler",
            (
                ("Dag og tid", "Vi prøver tirsdager klokka 18.30 til 20, i åtte uker."),
                ("Hvem tar imot?", "To frivillige møter en halvtime før. Avdelingen sier hvem som kommer."),
                ("Hvordan får folk vite om det?", "Vi henger opp plakater. De ansatte sier det til folk."),
            ),
            minutes=MinutesState.SENT,
        ),
        Told(
            "Bare oss innbyggere", -3, "Hjemme hos en av oss", "En av oss", "Lapskaus",
            (("Hva synes vi selv?", "Vi vil ikke ha påmelding. Det skal være lett å bare komme."),),
            kind=MeetingKind.CITIZENS, minutes=MinutesState.APPROVED,
        ),
        Told(
            "Vi ser på de første kveldene", 3, "Peisestua på Fjordheimen", "", "",
            (("Hvor mange kom?", ""), ("Hva gjør vi annerledes?", "")),
            is_polled=True,
        ),
    ),
    ("9902", "Vinter på ungdomshuset"): (
        Told(
            "Kva skal huset brukast til?", -3, "Ungdomshuset", "Ungdomslaget", "Pizza",
            (
                ("Kven er vi?", "Vi fortalde kven vi er. Alle seier frå om noko blir vanskeleg."),
                ("Når vil folk møtast?", "Fredagar. Bussen går ikkje då, så vi må finne skyss."),
            ),
            minutes=MinutesState.APPROVED,
        ),
        Told(
            "Skyss heim", 1, "Ungdomshuset", "Ungdomslaget", "Kakao og skillingsbollar",
            (("Kven kan køyre?", ""), ("Kva gjer vi når vegen er stengd?", "")),
        ),
    ),
}  # fmt: skip


def load() -> None:
    for (number, title), meetings in TOLD.items():
        process = CodesignProcess.objects.filter(municipality__number=number, title=title).first()
        if process is None:
            continue
        for told in meetings:
            if not Meeting.objects.filter(process=process, title=told.theme).exists():
                _meeting(process, told)


def _meeting(process: CodesignProcess, told: Told) -> None:
    place: dict[str, Any] = {"municipality": process.municipality}
    day = timezone.localdate() + timedelta(weeks=told.weeks)
    start = timezone.make_aware(datetime.combine(day, time(18)))
    when = {} if told.is_polled else {"starts_at": start, "ends_at": start + timedelta(hours=2)}
    made = Meeting.objects.create(
        **place,
        process=process,
        kind=told.kind,
        title=told.theme,
        state=MeetingState.POLLING if told.is_polled else MeetingState.SET,
        place=told.place,
        host=told.host,
        food=told.food,
        asked_at=timezone.now() - timedelta(days=2) if told.is_polled else None,
        **when,
    )
    for order, (text, agreed) in enumerate(told.items, 1):
        AgendaItem.objects.create(**place, meeting=made, order=order, text=text, agreed=agreed)
    group = list(group_of(made).order_by("pk"))
    if told.is_polled:
        _poll(made, group, start)
    elif told.minutes is not None:
        _minutes(made, group, told.minutes)
    elif told.weeks > 0:
        call = MeetingCall.objects.create(**place, meeting=made, number=0, kind=CallKind.SET)
        MeetingCall.objects.filter(pk=call.pk).update(at=timezone.now() - timedelta(days=20))


def _poll(made: Meeting, group: list[Participant], start: datetime) -> None:
    """Three days, and half of the group has said what suits."""
    choices = (SlotChoice.YES, SlotChoice.IF_NEEDED, SlotChoice.NO, SlotChoice.YES)
    for number in range(3):
        begins = start + timedelta(days=number * 2)
        slot = MeetingSlot.objects.create(
            municipality=made.municipality,
            meeting=made,
            starts_at=begins,
            ends_at=begins + timedelta(hours=2),
        )
        for place, participant in enumerate(group[: max(1, len(group) // 2)]):
            SlotAnswer.objects.create(
                municipality=made.municipality,
                slot=slot,
                participant=participant,
                choice=choices[(place + number) % len(choices)],
            )


def _minutes(made: Meeting, group: list[Participant], state: MinutesState) -> None:
    """All but the last were there; where it is to be approved, one has said yes."""
    there = group[:-1] or group
    is_done = state == MinutesState.APPROVED
    sent_at = (made.ends_at or timezone.now()) + timedelta(days=1)
    place = {"municipality": made.municipality}
    minutes = Minutes.objects.create(
        **place,
        meeting=made,
        state=state,
        number=1,
        sent_at=sent_at,
        approved_at=sent_at if is_done else None,
        approved=words_of(made) if is_done else None,
    )
    for number, participant in enumerate(group):
        was_there = participant in there
        answered = was_there and (is_done or number == 0)
        copy = MinutesCopy.objects.create(
            **place,
            minutes=minutes,
            participant=participant,
            number=1,
            was_there=was_there,
            answer=Answer.YES if answered else "",
            answered_at=sent_at if answered else None,
        )
        MinutesCopy.objects.filter(pk=copy.pk).update(sent_at=sent_at)
        if was_there:
            Attendance.objects.create(**place, meeting=made, participant=participant)
