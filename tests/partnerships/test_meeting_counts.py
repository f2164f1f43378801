"""A large group that has met often: its pages ask the database no more than those of a small one."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.models import (
    Attendance,
    Meeting,
    MeetingSlot,
    Minutes,
    MinutesCopy,
    Participant,
    SlotAnswer,
)
from partnerships.models.meeting import MeetingState, MinutesState, SlotChoice
from tests.factories.codesign import AgendaItemFactory, MeetingFactory, ParticipantFactory
from tests.partnerships.meetings import Group, by_account, by_link, make_group, url
from tests.partnerships.test_query_counts import AT_MOST_LIST, AT_MOST_PAGE

pytestmark = pytest.mark.django_db
PARTICIPANTS, MEETINGS = 60, 30


@pytest.fixture
def group(town: Any) -> Group:
    return make_group(town)


def met(group: Group) -> Meeting:
    """Held, with minutes that wait for a yes from everybody."""
    held = MeetingFactory.create(process=group.process)
    AgendaItemFactory.create(meeting=held, agreed="Vi koker suppe.")
    Minutes.objects.create(
        municipality=held.municipality,
        meeting=held,
        state=MinutesState.SENT,
        number=1,
        sent_at=timezone.now(),
    )
    came(held, group.process.participants.all())
    return held


def came(held: Meeting, people: Iterable[Participant]) -> None:
    place: dict[str, Any] = {"municipality": held.municipality}
    for hers in people:
        Attendance.objects.create(**place, meeting=held, participant=hers)
        MinutesCopy.objects.create(**place, minutes=held.minutes, participant=hers, number=1, was_there=True)


def asked(group: Group) -> Meeting:
    """Three days are asked about."""
    poll = MeetingFactory.create(
        process=group.process, state=MeetingState.POLLING, starts_at=None, ends_at=None,
        asked_at=timezone.now(),
    )  # fmt: skip
    for days in (9, 10, 11):
        start = timezone.now() + timedelta(days=days)
        MeetingSlot.objects.create(
            municipality=poll.municipality, meeting=poll, starts_at=start, ends_at=start + timedelta(hours=2)
        )
    answered(poll, group.process.participants.all())
    return poll


def answered(poll: Meeting, people: Iterable[Participant]) -> None:
    """The first of the days: the others are awaited still."""
    slot = poll.slots.earliest("starts_at")
    SlotAnswer.objects.bulk_create(
        SlotAnswer(municipality=poll.municipality, slot=slot, participant=hers, choice=SlotChoice.YES)
        for hers in people
    )


def test_a_large_group_asks_as_a_small_one(group: Group) -> None:
    held, poll = met(group), asked(group)
    addresses = {
        "meetings": reverse("meetings", args=[group.process.pk]),
        "meeting, held": url("meeting", held),
        "meeting, asked about": url("meeting", poll),
        **{name: url(name, held) for name in ("minutes", "minutes_write", "meeting_calendar")},
    }
    convening = {
        "meeting_days": url("meeting_days", poll),
        "meeting_attendance": url("meeting_attendance", held),
    }
    hers = {"meeting_own_answer": url("meeting_own_answer", poll)}
    seats: tuple[tuple[Client, dict[str, str]], ...] = (
        (by_account(group.coordinator), addresses | convening),
        (by_link(group.asta), addresses | hers),
        (by_account(group.dina.person), addresses | hers),
    )
    few = [counts(client, pages) for client, pages in seats]
    new = ParticipantFactory.create_batch(PARTICIPANTS - 4, process=group.process)
    for _more in range(MEETINGS - 2):
        met(group)
    came(held, new)
    answered(poll, new)
    many = [counts(client, pages) for client, pages in seats]
    assert many == few
    assert all(found["meetings"] <= AT_MOST_LIST for found in many), many
    assert all(number <= AT_MOST_PAGE for found in many for number in found.values()), many


def counts(client: Client, pages: dict[str, str]) -> dict[str, int]:
    found = {}
    for name, address in pages.items():
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200, name
        found[name] = sum("SAVEPOINT" not in one["sql"] for one in captured.captured_queries)
    return found
