"""What is kept of those who take part in a process: shown in a copy, erased, and when it goes by itself."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import (
    Adaptation,
    FollowUp,
    Participant,
    Person,
    ProcessTask,
    Proposal,
    ProposalComment,
)
from partnerships.models.codesign import ProcessState
from partnerships.retention import person_tie
from samskaping.core.models import Municipality
from samskaping.core.privacy import PersonalRows, personal_rows
from samskaping.core.retention import Rule, retention_rule


def register() -> None:
    for rows in ROWS:
        personal_rows(rows)
    person_tie("participants", _takes_part)
    for rule in RULES:
        retention_rule(rule)


def _forget_proposals(person: Person) -> None:
    """Her words are what the group answered, and stay without her; what nobody has answered goes."""
    hers = Proposal.objects.filter(participant__person=person)
    hers.filter(answered_at=None).delete()
    hers.update(participant=None)
    Proposal.objects.filter(answered_by=person).update(answered_by=None)


ROWS = (
    PersonalRows(
        "adaptations",
        _("Tilrettelegging i grupper"),
        lambda person: Adaptation.objects.filter(participant__person=person),
        ("participant__process__title", "text", "consent_at"),
        only_to_herself=True,
        erase=lambda person: Adaptation.objects.filter(participant__person=person).delete(),
    ),
    PersonalRows(
        "follow_ups",
        _("Samtaler mellom møtene i grupper"),
        lambda person: FollowUp.objects.filter(participant__person=person),
        ("participant__process__title", "line", "next_on", "at"),
        only_to_herself=True,
        erase=lambda person: FollowUp.objects.filter(participant__person=person).delete(),
    ),
    PersonalRows(
        "proposals",
        _("Innspill, og svarene på dem"),
        lambda person: Proposal.objects.filter(participant__person=person).select_related("process"),
        ("process__title", "text", "given_by", "given_at", "outcome", "reason", "answered_at"),
        erase=_forget_proposals,
    ),
    PersonalRows(
        "proposal_comments",
        _("Kommentarer til innspill"),
        lambda person: ProposalComment.objects.filter(person=person),
        ("text", "at"),
        erase=lambda person: ProposalComment.objects.filter(person=person).delete(),
    ),
    PersonalRows(
        "process_tasks",
        _("Oppgaver i grupper"),
        lambda person: ProcessTask.objects.filter(holder__person=person),
        ("text", "due_on", "done_at"),
        erase=lambda person: ProcessTask.objects.filter(holder__person=person).update(holder=None),
    ),
    PersonalRows(
        "participants",
        _("Deltaker i grupper"),
        lambda person: Participant.objects.filter(person=person).select_related("process"),
        ("process__title", "side", "invited_at", "joined_at", "declined_at", "left_at", "consent_at"),
        erase=lambda person: Participant.objects.filter(person=person).delete(),
    ),
)


# --- What keeps somebody known ------------------------------------------------------------------------
def _takes_part(_before: datetime) -> Q:
    """Also one who has not answered; no longer once she has said no, left, or the process is over."""
    there = Participant.objects.filter(person=OuterRef("pk"), left_at=None, declined_at=None)
    return Q(Exists(there.exclude(process__state=ProcessState.ENDED)))


# --- What goes by itself ------------------------------------------------------------------------------
def _over(town: Municipality, before: datetime) -> QuerySet[Participant]:
    """Who has left or said no, and everybody when the process is over."""
    over = Q(left_at__lt=before) | Q(declined_at__lt=before)
    ended = Q(process__state=ProcessState.ENDED, process__ended_on__lt=timezone.localdate(before))
    return Participant.objects.filter(over | ended, municipality=town)


RULES = (
    Rule(
        "participants",
        _("Deltakere i grupper som er avsluttet, og de som har gått ut"),
        _("Navnene trengs mens gruppa arbeider. Innspillene og svarene blir stående uten navn."),
        least_days=30,
        most_days=730,
        find=lambda town, before: _over(town, before).filter(person__held_since=None),
        erase=lambda rows: rows.delete()[1].get("partnerships.Participant", 0),
        held=lambda town, before: _over(town, before).exclude(person__held_since=None).count(),
    ),
)
