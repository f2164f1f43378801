"""A group with everybody in it, and ways to sit down as each of them."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import (
    Attendance,
    CodesignProcess,
    Meeting,
    MeetingSlot,
    Membership,
    Minutes,
    MinutesCopy,
    Participant,
    SlotAnswer,
)
from partnerships.models.meeting import MeetingKind, MeetingState, SlotChoice
from partnerships.models.participant import Side
from partnerships.seat import IN_SESSION, seat_proof
from partnerships.services.meeting import Time
from samskaping.accounts.permissions import Role
from tests.factories.accounts import UserFactory
from tests.factories.codesign import AgendaItemFactory, MeetingFactory, ParticipantFactory, ProcessFactory
from tests.factories.partnerships import member

OSLO = ZoneInfo("Europe/Oslo")


@dataclass
class Group:
    process: CodesignProcess
    coordinator: Membership
    # By link, by account, by paper, and one who works there.
    asta: Participant
    birk: Participant
    carl: Participant
    dina: Participant


def make_group(town: Any) -> Group:
    """The coordinator convenes; three citizens and an employee have said yes."""
    process = ProcessFactory.create(
        municipality=town.municipality, title="Kveldskafé", convener=town.coordinator.person
    )
    place: dict[str, Any] = {"process": process}
    staff = member(town.municipality, Role.STAFF, unit=town.unit, name="Dina Ansatt")
    return Group(
        process=process,
        coordinator=town.coordinator,
        asta=ParticipantFactory.create(**place, person__name="Asta Eng"),
        birk=ParticipantFactory.create(
            **place, person__name="Birk Vik", person__user=UserFactory.create(), side=Side.RECIPIENT
        ),
        carl=ParticipantFactory.create(
            **place,
            person__name="Carl Lid",
            person__email="",
            person__channel="letter",
            person__street="Bakken 1",
            person__postal_code="9901",
            person__post_town="Prøvevik",
            consent_at=None,
        ),
        dina=ParticipantFactory.create(**place, person=staff.person, side=Side.STAFF),
    )


def by_link(participant: Participant) -> Client:
    """Somebody who has opened her link and written her code."""
    client = Client()
    session, now = client.session, time.time()
    session[IN_SESSION] = {"id": participant.pk, "proof": seat_proof(participant), "since": now, "seen": now}
    session.save()
    return client


def by_account(who: Any) -> Client:
    client = Client()
    client.force_login(getattr(who, "user", who))
    return client


def url(name: str, meeting: Meeting, *more: Any) -> str:
    return reverse(name, args=[meeting.process_id, meeting.pk, *more])


def own_meeting(group: Group, **fields: Any) -> Meeting:
    """The citizens' own, held, with words of theirs in it."""
    made = MeetingFactory.create(
        process=group.process, kind=MeetingKind.CITIZENS, title="Bare vi innbyggere", **fields
    )
    AgendaItemFactory.create(meeting=made, text="Hemmelig sak", agreed="Hemmelig enighet")
    return made


def wall(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=OSLO)


def coming(days: int = 10, hours: int = 2) -> Time:
    start = timezone.now().replace(microsecond=0) + timedelta(days=days)
    return Time(start, start + timedelta(hours=hours))


def in_the_meetings(town: Any) -> None:
    """One more of each in the permission table's process: a participant, a meeting of each sort, answers."""
    process, place = town.things["process"], {"municipality": town.municipality}
    hers = ParticipantFactory.create(process=process)
    for held in (town.things["meeting"], MeetingFactory.create(process=process)):
        AgendaItemFactory.create(meeting=held, agreed="En prøve")
        Attendance.objects.create(**place, meeting=held, participant=hers)
        minutes, _made = Minutes.objects.get_or_create(**place, meeting=held)
        MinutesCopy.objects.create(**place, minutes=minutes, participant=hers, number=1, was_there=True)
    MeetingFactory.create(process=process, starts_at=timezone.now() + timedelta(days=3))
    MeetingFactory.create(process=process, state=MeetingState.POLLING, starts_at=None)
    poll = town.things["poll"]
    begins = timezone.now() + timedelta(days=20, minutes=poll.slots.count())
    slot = MeetingSlot.objects.create(
        **place, meeting=poll, starts_at=begins, ends_at=begins + timedelta(hours=2)
    )
    SlotAnswer.objects.create(**place, slot=slot, participant=hers, choice=SlotChoice.IF_NEEDED)
