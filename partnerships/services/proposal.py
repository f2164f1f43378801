"""«Innspill»: given in her own words, supported, talked of, put together, and answered with a reason."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import (
    CodesignProcess,
    Participant,
    Person,
    Proposal,
    ProposalComment,
    ProposalGroup,
    ProposalSupport,
)
from partnerships.models.codesign import ProcessState
from partnerships.models.proposal import GivenBy, ProposalOutcome
from partnerships.services.editing import count, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record
from samskaping.core.working_days import working_days_later

# Working days to answer in, before it climbs.
ANSWER_WITHIN = 10
AT_MOST_NOTES = 60


def answer_by(today: date) -> date:
    return working_days_later(today, ANSWER_WITHIN)


@transaction.atomic
def proposal_give(
    *,
    process: CodesignProcess,
    text: str,
    given_by: GivenBy,
    participant: Participant | None,
    by: User | None,
) -> Proposal:
    """`by` None: herself, by her link. Written by another than her, it is noted on whose behalf.

    Raises StateChanged when the process is over or she has left, DomainError for nothing.
    """
    _check_open(process)
    if participant is not None and (not participant.takes_part or participant.process_id != process.pk):
        raise StateChanged(_("Deltakeren er ikke lenger med i gruppa."))
    if not text.strip():
        raise DomainError(_("Skriv innspillet."))
    herself = participant is not None and (by is None or participant.person.user_id == by.pk)
    proposal = Proposal.objects.create(
        municipality=process.municipality,
        process=process,
        text=text,
        given_by=given_by,
        participant=participant,
        entered_by=None if herself else by,
        answer_by=answer_by(timezone.localdate()),
    )
    data = {"given_by": given_by.value}
    audit_record("proposal_given", proposal, by=_signs(participant, by), data=data)
    return proposal


@transaction.atomic
def proposals_from_notes(*, process: CodesignProcess, notes: Sequence[str], by: User) -> list[Proposal]:
    """One for each paper note; nobody is named on them. Raises StateChanged, DomainError for none or many."""
    if not notes or len(notes) > AT_MOST_NOTES:
        raise DomainError(_("Skriv fra én til seksti lapper om gangen."))
    return [
        proposal_give(process=process, text=text, given_by=GivenBy.PAPER, participant=None, by=by)
        for text in notes
    ]


@transaction.atomic
def proposal_change(*, proposal: Proposal, version: int, text: str, by: User | None) -> Proposal:
    """Her own words, until they are answered. Raises ChangedMeanwhile and StateChanged."""
    locked = _lock(proposal)
    unchanged_since(locked, version)
    if locked.answered_at is not None:
        raise StateChanged(_("Innspillet er besvart. Skriv et nytt hvis du vil si mer."))
    if not text.strip():
        raise DomainError(_("Skriv innspillet."))
    if locked.text != text:
        locked.text = text
        count(locked, by=by, fields=["text"])
        audit_record("proposal_changed", locked, by=_signs(locked.participant, by))
    return locked


@transaction.atomic
def proposal_take_back(*, proposal: Proposal, by: User | None) -> None:
    """Takes it away, with its talk, while nobody has answered. Raises StateChanged."""
    locked = _lock(proposal)
    if locked.answered_at is not None:
        raise StateChanged(_("Innspillet er besvart, og blir stående sammen med svaret."))
    audit_record("proposal_taken_back", locked, by=_signs(locked.participant, by))
    locked.delete()


@transaction.atomic
def proposal_answer(
    *,
    proposal: Proposal,
    version: int,
    outcome: ProposalOutcome,
    reason: str,
    answered_by: Person | None,
    by: User,
) -> Proposal:
    """Never without a reason; a notice tells the giver. An answer may be given anew.

    Raises ChangedMeanwhile, and DomainError without a reason.
    """
    if proposal.group_id is not None:
        _lock_themes(proposal)
    locked = _lock(proposal)
    unchanged_since(locked, version)
    if not reason.strip():
        raise DomainError(_("Et svar må ha en begrunnelse."))
    locked.outcome, locked.reason = outcome, reason
    locked.answered_by, locked.answered_at = answered_by, timezone.now()
    count(locked, by=by, fields=["outcome", "reason", "answered_by", "answered_at"])
    audit_record("proposal_answered", locked, by=by, data={"outcome": outcome.value})
    return locked


@transaction.atomic
def proposals_answer_together(
    *,
    proposals: Sequence[Proposal],
    outcome: ProposalOutcome,
    reason: str,
    answered_by: Person | None,
    by: User,
) -> list[Proposal]:
    """One answer to all that say the same. Those somebody answered meanwhile keep theirs, and one that was
    taken back is gone."""
    answered = []
    for locked in _locked(pk__in=[proposal.pk for proposal in proposals]).order_by("pk"):
        if locked.answered_at is None:
            answered.append(
                proposal_answer(
                    proposal=locked,
                    version=locked.version,
                    outcome=outcome,
                    reason=reason,
                    answered_by=answered_by,
                    by=by,
                )
            )
    return answered


@transaction.atomic
def proposal_group_set(*, proposal: Proposal, title: str, by: User) -> Proposal:
    """Puts it with others about the same; a new theme is made by being named, an empty one goes.

    Raises StateChanged when it was taken back, or the process is over.
    """
    _lock_themes(proposal)
    locked = _lock(proposal)
    _check_open(locked.process)
    before, title = locked.group, " ".join(title.split())
    group = None
    if title:
        group = ProposalGroup.objects.filter(process=locked.process_id, title__iexact=title).first()
        group = group or ProposalGroup.objects.create(
            municipality=locked.municipality, process=locked.process, title=title
        )
    if group != before:
        locked.group = group
        locked.save(update_fields=["group"])
        if before is not None and not before.proposals.exists():
            before.delete()
        audit_record("proposal_grouped", locked, by=by)
    return locked


@transaction.atomic
def proposal_support(*, proposal: Proposal, participant: Participant, supports: bool) -> None:
    """«Jeg støtter dette», and not any more; twice is as once. Raises StateChanged when it is over."""
    _check_open(proposal.process)
    if supports:
        ProposalSupport.objects.get_or_create(
            proposal=proposal, participant=participant, defaults={"municipality": proposal.municipality}
        )
    else:
        ProposalSupport.objects.filter(proposal=proposal, participant=participant).delete()


@transaction.atomic
def comment_write(*, proposal: Proposal, text: str, person: Person, by: User | None) -> ProposalComment:
    """Raises StateChanged when the process is over, DomainError for nothing."""
    _check_open(proposal.process)
    if not text.strip():
        raise DomainError(_("Skriv noe først."))
    comment = ProposalComment.objects.create(
        municipality=proposal.municipality, proposal=proposal, text=text, person=person
    )
    audit_record("comment_written", proposal, by=_signs(_in_group(comment), by))
    return comment


@transaction.atomic
def comment_take_away(*, comment: ProposalComment, by: User | None) -> None:
    audit_record("comment_taken_away", comment.proposal, by=_signs(_in_group(comment), by))
    comment.delete()


def _in_group(comment: ProposalComment) -> Participant | None:
    hers = Participant.objects.filter(process=comment.proposal.process_id, person=comment.person_id)
    return hers.select_related("person").order_by("-pk").first()


def _signs(participant: Participant | None, by: User | None) -> User | None:
    """Who stands in the trace. It is read by those who see no names: what she did herself, nobody signs, and
    it says who typed for her and not for whom. The rows themselves know both.
    """
    herself = participant is not None and by is not None and participant.person.user_id == by.pk
    return None if herself else by


def _check_open(process: CodesignProcess) -> None:
    if process.state == ProcessState.ENDED:
        raise StateChanged(_("Prosessen er avsluttet."))


def _lock_themes(proposal: Proposal) -> None:
    """The process is the lock of its themes: two who name one, or answer all of one, take turns."""
    CodesignProcess.objects.select_for_update(of=("self",), no_key=True).get(pk=proposal.process_id)


def _lock(proposal: Proposal) -> Proposal:
    """Raises StateChanged when it was taken back meanwhile."""
    locked: Proposal | None = _locked(pk=proposal.pk).first()
    if locked is None:
        raise StateChanged(_("Innspillet er trukket tilbake."))
    return locked


def _locked(**lookup: Any) -> QuerySet[Proposal]:
    rows = Proposal.objects.select_for_update(of=("self",))
    return rows.select_related("municipality", "process", "group", "participant__person").filter(**lookup)
