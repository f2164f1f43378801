"""Proposals as a seat may see them: lines of a list, one with its talk, and the list of answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.models import (
    CodesignProcess,
    Membership,
    Participant,
    Proposal,
    ProposalComment,
    ProposalSupport,
)
from partnerships.models.proposal import GivenBy, ProposalOutcome
from partnerships.process_asked import PROCESS, TODAY, OfSeat
from partnerships.seat import Seat
from partnerships.selectors.participant import name_for

READ_WITH = ("group", "participant__person", "answered_by")
OUTCOME_COLORS = {
    ProposalOutcome.TAKEN_IN: "success",
    ProposalOutcome.PARTLY: "success",
    ProposalOutcome.NOT_NOW: "neutral",
    ProposalOutcome.NOT_OURS: "neutral",
}
SHOWN = {
    "venter": gettext_lazy("Venter på svar"),
    "besvart": gettext_lazy("Besvart"),
    "mine": gettext_lazy("Mine"),
}


@dataclass(frozen=True)
class Line:
    """One proposal, as its page tells of it."""

    author: str
    state: str
    color: str
    support: int
    supported: bool


def proposals_of(seat: Seat) -> QuerySet[Proposal]:
    return Proposal.objects.filter(process=seat.process)


def with_support(seat: Seat) -> QuerySet[Proposal]:
    """As `line_of` reads them: how many support each, and whether she does."""
    rows = proposals_of(seat).select_related(*READ_WITH)
    return rows.annotate(support_count=counted_of(ProposalSupport), supported=Exists(_hers(seat)))


def line_of(seat: Seat, row: Any) -> Line:
    state, color = state_of(row)
    return Line(author_of(seat, row), state, color, row.support_count, row.supported)


def counted_of(model: type[ProposalSupport] | type[ProposalComment]) -> Coalesce:
    counted = (
        model._default_manager.filter(proposal=OuterRef("pk"))
        .order_by()
        .values("proposal")
        .values(number=Count("pk"))
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _hers(seat: Seat) -> QuerySet[ProposalSupport]:
    hers = ProposalSupport.objects.filter(proposal=OuterRef("pk"))
    return hers.filter(participant=seat.participant) if seat.participant else hers.none()


def author_of(seat: Seat, proposal: Proposal) -> str:
    if proposal.participant is None and proposal.given_by != GivenBy.PAPER:
        return _("En deltaker")
    return name_for(seat, proposal.participant)


def state_of(proposal: Proposal) -> tuple[str, str]:
    if not proposal.outcome:
        return _("Venter på svar"), "info"
    outcome = ProposalOutcome(proposal.outcome)
    return str(outcome.label), OUTCOME_COLORS[outcome]


# --- One -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Said:
    """One comment, and whether this seat may take it away."""

    comment: ProposalComment
    author: str
    may_take_away: bool


def talk_of(seat: Seat, proposal: Proposal) -> list[Said]:
    comments = list(proposal.comments.select_related("person").order_by("at", "pk"))
    people = {comment.person_id for comment in comments}
    # Those who have left, too: what they said stays, and their names do not.
    been = Participant.objects.filter(process=seat.process, person__in=people, joined_at__isnull=False)
    participants = {one.person_id: one for one in been.select_related("person").order_by("pk")}
    working = set(Membership.objects.current().filter(person__in=people).values_list("person", flat=True))
    return list(_said(seat, comments, participants, working))


def _said(
    seat: Seat, comments: Iterable[ProposalComment], participants: dict[int, Participant], working: set[int]
) -> Iterator[Said]:
    mine = seat.person
    for comment in comments:
        hers = participants.get(comment.person_id)
        if mine is not None and comment.person_id == mine.pk:
            author = _("Du")
        elif hers is not None:
            author = name_for(seat, hers)
        # Who runs the process signs with her name, as she does in a letter.
        elif seat.sees_staff and (seat.convenes or comment.person_id in working):
            author = comment.person.name or _("En deltaker")
        else:
            author = _("En deltaker")
        yield Said(comment, author, seat.convenes or (mine is not None and comment.person_id == mine.pk))


def is_hers(seat: Seat, proposal: Proposal) -> bool:
    return seat.participant is not None and proposal.participant_id == seat.participant.pk


def may_change(seat: Seat, proposal: Proposal) -> bool:
    """Her own words until they are answered; who typed it from a note or the telephone mends it, too."""
    if proposal.answered_at is not None:
        return False
    typed = seat.user is not None and proposal.entered_by_id == seat.user.pk
    return is_hers(seat, proposal) or typed


# --- Answers --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Answered:
    """All with one outcome."""

    label: str
    color: str
    proposals: list[Proposal]


def answers_of(process: CodesignProcess) -> list[Answered]:
    """Every answered proposal, by outcome and theme; nobody is named."""
    rows = (
        Proposal.objects.filter(process=process, answered_at__isnull=False)
        .select_related("group")
        .order_by("group__title", "given_at", "pk")
    )
    by_outcome: dict[str, list[Proposal]] = {outcome: [] for outcome in ProposalOutcome}
    for row in rows:
        by_outcome[row.outcome].append(row)
    return [
        Answered(str(outcome.label), OUTCOME_COLORS[outcome], by_outcome[outcome])
        for outcome in ProposalOutcome
        if by_outcome[outcome]
    ]


@dataclass(frozen=True)
class Counted:
    all: int
    waiting: int
    late: int


NUMBERS = OfSeat(
    lambda: (
        Proposal.objects.filter(process=PROCESS)
        .order_by()
        .values("process")
        .annotate(
            given=Count("pk"),
            waiting=Count("pk", filter=Q(answered_at=None)),
            late=Count("pk", filter=Q(answered_at=None, answer_by__lt=TODAY)),
        )
        .values_list("given", "waiting", "late")
    )
)


def counted(seat: Seat) -> Counted:
    return Counted(*next(iter(NUMBERS.of(seat)), (0, 0, 0)))
