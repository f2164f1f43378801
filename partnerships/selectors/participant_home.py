"""What stands on a participant's own page: the next meeting, the answers she got, and what she has to do."""

from django.db.models import QuerySet
from django.utils import timezone

from partnerships.models import Meeting, Participant, ProcessTask, Proposal
from partnerships.models.meeting import MeetingState
from partnerships.seat import Seat

AT_MOST = 5


def next_meeting(seat: Seat) -> Meeting | None:
    """The one she is to come to, until it is over; or is asked to find a day for."""
    if seat.participant is None:
        return None
    mine = Meeting.objects.open_to_participant(seat.participant)
    coming = mine.filter(state=MeetingState.SET, ends_at__gt=timezone.now())
    polling = mine.filter(state=MeetingState.POLLING)
    return coming.order_by("starts_at", "pk").first() or polling.order_by("-created_at", "-pk").first()


def answered_for(participant: Participant) -> "QuerySet[Proposal]":
    """Hers that have an answer, the newest first."""
    answered = participant.proposals.filter(answered_at__isnull=False)
    return answered.order_by("-answered_at", "-pk")[:AT_MOST]


def tasks_for(participant: Participant) -> "QuerySet[ProcessTask]":
    return participant.tasks.filter(done_at=None).order_by("due_on", "pk")
