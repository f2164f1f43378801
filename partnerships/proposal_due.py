"""Who gave a proposal is told of the answer, and that it was lifted; who is to answer is reminded."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Notice, Person, Proposal
from partnerships.models.codesign import ProcessState
from partnerships.participant_due import TOLD_WITHIN, own_url
from partnerships.selectors.proposal_receiver import receivers
from samskaping.core.models import AuditEvent
from samskaping.core.templatetags.letters import without_links

ANSWERED = "proposal_answered"
REMIND_BEFORE = timedelta(days=2)
SHOWN_AT_MOST = 300


def register() -> None:
    due_source(
        DueSource(
            kind=ANSWERED,
            label=gettext_lazy("Svar på innspill"),
            derive=_answered,
            about=_answer,
            words=_answer_words,
        )
    )
    due_source(
        DueSource(
            kind="proposal_climbed",
            label=gettext_lazy("Innspill som er løftet"),
            derive=_climbed,
            about=_still_climbed,
            words=_climbed_words,
        )
    )
    due_source(
        DueSource(
            kind="proposal_waits",
            label=gettext_lazy("Innspill uten svar"),
            derive=_waiting,
            about=_still_waits,
            words=_waits_words,
        )
    )


# --- To who gave it ---------------------------------------------------------------------------------------
def _given() -> QuerySet[Proposal]:
    hers = Proposal.objects.filter(participant__isnull=False, participant__person__erased_at=None)
    return hers.select_related("process", "participant__person", "answered_by")


def _answered(_day: date) -> Iterator[Due]:
    """Also who has left the group: she gave it, and is owed the answer.

    The notice is about the answer as the trace has it: one that is given anew the same day is another.
    """
    since = timezone.now() - TOLD_WITHIN
    its_answers = _answers().filter(object_id=Cast(OuterRef("pk"), CharField())).order_by("-pk")
    answered = _given().filter(answered_at__gte=since).annotate(answer=Subquery(its_answers.values("pk")[:1]))
    for proposal in answered.iterator(chunk_size=1000):
        if proposal.participant is not None and proposal.answered_at is not None and proposal.answer:
            on = timezone.localdate(proposal.answered_at)
            yield Due(proposal.participant.person, AuditEvent(pk=proposal.answer), due_on=on, tell_on=on)


def _answer(notice: Notice) -> Proposal | None:
    """None when it was answered anew: that answer is told of instead."""
    told = _answers().filter(pk=notice.object_id).first()
    if told is None or _answers().filter(object_id=told.object_id, pk__gt=told.pk).exists():
        return None
    return _given().filter(pk=told.object_id, answered_at__isnull=False).first()


def _answers() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(verb=ANSWERED, object_type=Proposal._meta.label_lower)


def _answer_words(_notice: Notice, proposal: Proposal) -> Words:
    answered_by = proposal.answered_by
    return Words(
        title=_("Du har fått svar på innspillet ditt"),
        lines=(
            _("I gruppa %(title)s foreslo du:") % {"title": without_links(proposal.process.title)},
            "«" + _short(proposal.text) + "»",
            _("Svaret er: %(outcome)s.") % {"outcome": proposal.get_outcome_display()},
            *_lines(proposal.reason),
            *((without_links(answered_by.name),) if answered_by is not None else ()),
        ),
        url=_hers(proposal),
        link=_("Se innspillet og svaret"),
    )


def _climbed(_day: date) -> Iterator[Due]:
    since = timezone.now() - TOLD_WITHIN
    lifted = _given().filter(answered_at=None, climbed_at__gte=since, participant__left_at=None)
    for proposal in lifted.iterator(chunk_size=1000):
        if proposal.participant is not None and proposal.climbed_at is not None:
            on = timezone.localdate(proposal.climbed_at)
            yield Due(proposal.participant.person, proposal, due_on=on, tell_on=on)


def _still_climbed(notice: Notice) -> Proposal | None:
    return _given().filter(pk=notice.object_id, answered_at=None, climbed_at__date=notice.due_on).first()


def _climbed_words(_notice: Notice, proposal: Proposal) -> Words:
    return Words(
        title=_("Innspillet ditt er løftet"),
        lines=(
            _("Ingen svarte på innspillet ditt i tide. Nå er det gått videre til den neste."),
            "«" + _short(proposal.text) + "»",
            _("Svaret skal komme innen %(day)s.") % {"day": formats.date_format(proposal.answer_by, "j. F")},
        ),
        url=_hers(proposal),
        link=_("Se innspillet"),
    )


# --- To who is to answer ----------------------------------------------------------------------------------
def _waiting(day: date) -> Iterator[Due]:
    """Before its day, and to whoever it climbed to."""
    # One nobody answers on the last rung is not looked up for ever: whoever holds it was told.
    near = _unanswered().filter(answer_by__lte=day + REMIND_BEFORE, answer_by__gte=day - TOLD_WITHIN)
    # Asked once for those who wait at the same rung.
    known: dict[tuple[int, int], list[Person]] = {}
    for proposal in near.iterator(chunk_size=1000):
        rung = (proposal.process_id, proposal.climbed)
        if rung not in known:
            known[rung] = list(receivers(proposal))
        for person in known[rung]:
            tell_on = timezone.localdate() if proposal.climbed else proposal.answer_by - REMIND_BEFORE
            yield Due(person, proposal, due_on=proposal.answer_by, tell_on=tell_on)


def _unanswered() -> QuerySet[Proposal]:
    waiting = Proposal.objects.filter(answered_at=None).exclude(process__state=ProcessState.ENDED)
    return waiting.select_related("process__centre", "process__convener")


def _still_waits(notice: Notice) -> Proposal | None:
    found = _unanswered().filter(pk=notice.object_id, answer_by=notice.due_on).first()
    if found is None or not receivers(found).filter(pk=notice.person_id).exists():
        return None
    return found


def _waits_words(notice: Notice, proposal: Proposal) -> Words:
    signs_in = notice.person.user_id is not None
    return Words(
        title=_("Et innspill venter på svar"),
        lines=(
            _("Noen i gruppa %(title)s foreslo dette, og skal ha svar innen %(day)s:")
            % {
                "title": without_links(proposal.process.title),
                "day": formats.date_format(proposal.answer_by, "j. F"),
            },
            "«" + _short(proposal.text) + "»",
            _("Alle svar har en begrunnelse, også når svaret er nei."),
        ),
        url=reverse("proposal_answer", args=[proposal.process_id, proposal.pk]) if signs_in else "",
        link=_("Svar på innspillet"),
    )


# --- Words they share -------------------------------------------------------------------------------------
def _hers(proposal: Proposal) -> str:
    participant = proposal.participant
    if participant is None or participant.left_at is not None:
        return ""
    if participant.person.user_id is not None:
        return reverse("proposal", args=[proposal.process_id, proposal.pk])
    return own_url(participant)


def _short(text: str) -> str:
    plain = without_links(text)
    return plain if len(plain) <= SHOWN_AT_MOST else plain[: SHOWN_AT_MOST - 1] + "…"


def _lines(text: str) -> tuple[str, ...]:
    return tuple(without_links(line) for line in text.splitlines() if line.strip())
