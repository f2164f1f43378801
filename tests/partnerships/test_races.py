"""Two who press at the same moment. Real transactions on connections of their own."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from partnerships.models import (
    AgendaItem,
    Attendance,
    Invitation,
    Meeting,
    Membership,
    Minutes,
    MinutesCopy,
    Organisation,
    Person,
)
from partnerships.models.meeting import MinutesState
from partnerships.models.notice import Answer
from partnerships.services.actor import actor_find_or_add
from partnerships.services.invitation import invitation_accept, invitation_send
from partnerships.services.membership import membership_end
from partnerships.services.minutes import agenda_write, minutes_answer, minutes_send
from partnerships.services.settings import settings_change
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError
from tests.factories.codesign import AgendaItemFactory, MeetingFactory, ParticipantFactory
from tests.factories.partnerships import member
from tests.partnerships.conftest import Town, make_town

# One worker runs these: they empty the tables afterwards.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
ROUNDS = 5


@pytest.fixture
def shared() -> Town:
    return make_town()


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Runs the steps at the same moment; gives what each returned, or the domain error it met."""
    start = Barrier(len(steps))
    outcome: list[Any] = [None] * len(steps)

    def run(number: int, step: Callable[[], Any]) -> None:
        start.wait()
        try:
            outcome[number] = step()
        except DomainError as error:
            outcome[number] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(n, step)) for n, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome


def refused(outcome: list[Any]) -> int:
    return sum(isinstance(o, DomainError) for o in outcome)


def fresh(model: Any, pk: int) -> Any:
    return model.objects.get(pk=pk)


def test_two_accept_the_same_invitation(shared: Town) -> None:
    for number in range(ROUNDS):
        invitation = invitation_send(
            municipality=shared.municipality,
            role=Role.OBSERVER,
            name="Ny Person",
            email=f"ny{number}@prove.example",
            by=shared.coordinator.user,
        )
        outcome = at_once(
            *[partial(invitation_accept, invitation=fresh(Invitation, invitation.pk), user=None)] * 3
        )
        assert refused(outcome) == 2
        assert Membership.objects.filter(person__email=f"ny{number}@prove.example").count() == 1
        assert User.objects.filter(email=f"ny{number}@prove.example").count() == 1


def test_two_coordinators_end_each_other(shared: Town) -> None:
    for _round in range(ROUNDS):
        mine = Membership.objects.current().get(municipality=shared.municipality, role=Role.COORDINATOR)
        hers = member(shared.municipality, Role.COORDINATOR)
        outcome = at_once(
            partial(membership_end, membership=mine, by=fresh(User, hers.user_id)),
            partial(membership_end, membership=hers, by=fresh(User, mine.user_id)),
        )
        assert refused(outcome) == 1
        left = Membership.objects.current().filter(municipality=shared.municipality, role=Role.COORDINATOR)
        assert left.count() == 1


def test_the_same_person_is_invited_twice_at_once(shared: Town) -> None:
    outcome = at_once(
        *[
            lambda: invitation_send(
                municipality=shared.municipality,
                role=Role.OBSERVER,
                name="Ny Person",
                email="samtidig@prove.example",
                by=fresh(User, shared.coordinator.user_id),
            )
        ]
        * 3
    )
    assert refused(outcome) == 2
    assert Person.objects.filter(email="samtidig@prove.example").count() == 1


def test_two_type_the_same_new_name(shared: Town) -> None:
    at_once(
        *[
            lambda: actor_find_or_add(
                Organisation,
                municipality=shared.municipality,
                name="Nytt lag",
                by=fresh(User, shared.coordinator.user_id),
            )
        ]
        * 3
    )
    assert Organisation.objects.filter(name="Nytt lag").count() == 1


def test_two_save_the_settings(shared: Town) -> None:
    outcome = at_once(
        *[
            lambda word=word: settings_change(
                municipality=shared.municipality,
                version=0,
                changes={"contact_name": word},
                by=fresh(User, shared.coordinator.user_id),
            )
            for word in ("Kari", "Ola")
        ]
    )
    assert refused(outcome) == 1
    shared.settings.refresh_from_db()
    assert shared.settings.version == 1


# --- Minutes --------------------------------------------------------------------------------------------
def write(pk: int, words: str) -> Callable[[], Any]:
    """As she does who read the item before anybody had written."""
    return lambda: agenda_write(item=fresh(AgendaItem, pk), version=0, changes={"agreed": words}, by=None)


def test_two_write_under_one_item_at_once_and_neither_is_overwritten() -> None:
    meeting = MeetingFactory.create()
    for number in range(ROUNDS):
        item = AgendaItemFactory.create(meeting=meeting, text=f"Sak {number}", agreed="")
        outcome = at_once(write(item.pk, "Biblioteket"), write(item.pk, "Samfunnshuset"))
        assert refused(outcome) == 1
        kept = next(saved for saved in outcome if isinstance(saved, AgendaItem))
        assert fresh(AgendaItem, item.pk).agreed == kept.agreed


def test_two_write_under_different_items_at_once_and_both_stand() -> None:
    meeting = MeetingFactory.create()
    for number in range(ROUNDS):
        items = [AgendaItemFactory.create(meeting=meeting, text=f"{number}", agreed="") for _two in range(2)]
        assert refused(at_once(*(write(item.pk, f"Ord {item.pk}") for item in items))) == 0
        assert all(fresh(AgendaItem, item.pk).agreed == f"Ord {item.pk}" for item in items)


def test_minutes_are_sent_once_and_the_last_two_yes_approve_them() -> None:
    meeting = MeetingFactory.create()
    AgendaItemFactory.create(meeting=meeting, agreed="Vi koker suppe.")
    place = {"municipality": meeting.municipality, "meeting": meeting}
    for _two in range(2):
        hers = ParticipantFactory.create(process=meeting.process)
        Attendance.objects.create(**place, participant=hers)
    outcome = at_once(*[lambda: minutes_send(meeting=fresh(Meeting, meeting.pk), by=None)] * 2)
    assert refused(outcome) == 1
    assert MinutesCopy.objects.count() == 2
    copies = MinutesCopy.objects.select_related("minutes__meeting")
    at_once(*(partial(minutes_answer, copy=copy, answer=Answer.YES, by=None) for copy in copies))
    assert Minutes.objects.get().state == MinutesState.APPROVED
