"""A process in every partnership that is being developed, and large ones where there are many."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from partnerships.models import CodesignProcess, Meeting, Participant, Partnership, Person, Proposal
from partnerships.models.codesign import ProcessState
from partnerships.models.meeting import MeetingState
from partnerships.models.participant import Side
from partnerships.models.partnership import Phase
from partnerships.national.nation import Nation
from partnerships.national.words import PURPOSES, key, person

ORDER = 60
# Municipalities with so many partnerships have a large process, as large as we promise to be quick with.
LARGE_FROM = 350
PARTICIPANTS, MEETINGS, PROPOSALS = 60, 30, 500
SIDES = (Side.CITIZEN, Side.RECIPIENT, Side.VOLUNTEER, Side.CITIZEN, Side.STAFF)


def load(nation: Nation) -> None:
    if nation.has(CodesignProcess.objects.all()):
        return
    developing = Partnership.objects.filter(municipality__is_demo=False, phase=Phase.DEVELOPMENT)
    made = nation.write(
        CodesignProcess,
        (
            CodesignProcess(
                municipality_id=one.municipality_id, partnership=one, title=one.title,
                title_key=key(one.title), problem=one.purpose, state=ProcessState.RUNNING,
            )
            for one in developing.order_by("pk").only("municipality_id", "title", "purpose")
        ),
    )  # fmt: skip
    first = {one.municipality_id: one for one in reversed(made)}
    for town, process in first.items():
        if nation.partnerships[town] >= LARGE_FROM:
            _fill(nation, process)


def _fill(nation: Nation, process: CodesignProcess) -> None:
    now = timezone.now()
    of_it: dict[str, Any] = {"municipality_id": process.municipality_id, "process": process}
    people = nation.write(Person, _people(nation, process))
    taking_part = nation.write(
        Participant,
        (
            Participant(**of_it, person=one, side=SIDES[number % len(SIDES)], joined_at=now, consent_at=now)
            for number, one in enumerate(people)
        ),
    )
    nation.write(
        Meeting,
        (
            Meeting(
                **of_it, title=f"Møte {number + 1}", state=MeetingState.SET,
                starts_at=now + timedelta(days=14 * (3 - number)),
                ends_at=now + timedelta(days=14 * (3 - number), hours=2),
            )
            for number in range(MEETINGS)
        ),
    )  # fmt: skip
    nation.write(
        Proposal,
        (
            Proposal(
                **of_it, text=nation.random.choice(PURPOSES), participant=nation.random.choice(taking_part),
                answer_by=nation.days_on(20),
            )
            for _number in range(PROPOSALS)
        ),
    )  # fmt: skip


def _people(nation: Nation, process: CodesignProcess) -> Iterator[Person]:
    for _number in range(PARTICIPANTS):
        name = person(nation.random)
        yield Person(municipality_id=process.municipality_id, name=name, name_key=key(name))
