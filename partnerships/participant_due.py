"""What participants are told: that they are asked, and of a task on its way. In each one's own channel."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Notice, Participant, ProcessTask, Reply
from partnerships.models.codesign import ProcessState
from partnerships.models.notice import Answer, NoticeState
from partnerships.selectors.channel import code_channel
from partnerships.selectors.participant import place_of
from partnerships.selectors.participant_letter import letter_now, paragraphs
from partnerships.services.participant import (
    participant_decline,
    participant_join,
    participant_token,
)
from samskaping.core.templatetags.letters import without_links

INVITED = "participant_invited"
# Long enough for a portal that stood still to tell of it when it is back.
TOLD_WITHIN = timedelta(days=14)
TASK_BEFORE = timedelta(days=2)
READ_WITH = (
    "letter",
    "person",
    "process__municipality__settings",
    "process__unit",
    "process__centre",
    "process__organisation",
    "process__convener",
)


def register() -> None:
    due_source(
        DueSource(
            kind=INVITED,
            label=gettext_lazy("Invitasjon til en gruppe"),
            derive=_invited,
            about=_asked,
            words=_invitation_words,
            # She waits for no digest, and somebody may have told her that it is coming.
            urgent=True,
            answered=_answered,
        )
    )
    due_source(
        DueSource(
            kind="process_task",
            label=gettext_lazy("Oppgave i en gruppe"),
            derive=_tasks,
            about=_task,
            words=_task_words,
        )
    )


def own_url(participant: Participant) -> str:
    """Where she comes in: her place when she signs in, her link else; empty where no code reaches her."""
    if participant.person.user_id is not None:
        return reverse("participant_home", args=[participant.process_id])
    if code_channel(participant.person) is None:
        return ""
    return reverse("participant_open", args=[participant_token(participant)])


# --- Asked to take part -----------------------------------------------------------------------------------
def _invited(_day: date) -> Iterator[Due]:
    asked = _unanswered().filter(invited_at__gte=timezone.now() - TOLD_WITHIN)
    for participant in asked.iterator(chunk_size=1000):
        on = timezone.localdate(participant.invited_at)
        yield Due(participant.person, participant, due_on=on, tell_on=on)


def _unanswered() -> QuerySet[Participant]:
    return _there().filter(joined_at=None, declined_at=None)


def _there() -> QuerySet[Participant]:
    rows = Participant.objects.filter(left_at=None).exclude(process__state=ProcessState.ENDED)
    return rows.select_related(*READ_WITH)


def _asked(notice: Notice) -> Participant | None:
    """Who said no may still say yes by the same question. After a yes it is closed: the way out is behind the
    code, on her own page, so that nobody ends her part with a letter that went astray."""
    rows = _there().filter(joined_at=None) if notice.state == NoticeState.SENT else _unanswered()
    found = rows.filter(pk=notice.object_id, person=notice.person_id).first()
    if found is None or timezone.localdate(found.invited_at) != notice.due_on:
        return None
    return found


def _invitation_words(_notice: Notice, participant: Participant) -> Words:
    process = participant.process
    place, title = without_links(place_of(process)), without_links(process.title)
    letter = (participant.letter or letter_now(process)).text(get_language())
    url = own_url(participant)
    sms = _("%(place)s spør om du vil være med i gruppa «%(title)s».") % {"place": place, "title": title}
    if url:
        sms += " " + _("Les mer: %(link)s") % {"link": settings.SITE_URL + url}
    return Words(
        title=_("Vil du være med i en gruppe?"),
        lines=tuple(without_links(paragraph) for paragraph in paragraphs(letter["body"], process)),
        url=url,
        link=_("Les mer og svar"),
        sms=sms,
        question=_("Vil du være med i gruppa «%(title)s»?") % {"title": title},
    )


def _answered(reply: Reply) -> None:
    """Yes or no by the question's own link, on the telephone or on the slip."""
    participant = _there().filter(pk=reply.notice.object_id).first()
    if participant is None:
        return
    if participant.joined_at is not None:
        return
    if reply.answer == Answer.YES:
        participant_join(participant=participant, consent=False, by=reply.noted_by)
    else:
        participant_decline(participant=participant, by=reply.noted_by)


# --- A task on its way ------------------------------------------------------------------------------------
def _tasks(day: date) -> Iterator[Due]:
    for task in _open_tasks().filter(due_on__lte=day + TASK_BEFORE).iterator(chunk_size=1000):
        if task.holder is not None and task.due_on is not None:
            yield Due(task.holder.person, task, due_on=task.due_on, tell_on=task.due_on - TASK_BEFORE)


def _open_tasks() -> QuerySet[ProcessTask]:
    held = ProcessTask.objects.filter(
        done_at=None,
        due_on__gte=timezone.localdate() - TOLD_WITHIN,
        holder__left_at=None,
        holder__isnull=False,
    )
    return held.exclude(process__state=ProcessState.ENDED).select_related("process", "holder__person")


def _task(notice: Notice) -> ProcessTask | None:
    """None when it is done, has another day, or is somebody else's by now."""
    held = _open_tasks().filter(pk=notice.object_id, due_on=notice.due_on, holder__person=notice.person_id)
    return held.first()


def _task_words(_notice: Notice, task: ProcessTask) -> Words:
    day = formats.date_format(task.due_on, "j. F") if task.due_on else ""
    return Words(
        title=_("Noe du skal gjøre for gruppa"),
        lines=(
            _("I gruppa %(title)s skal du gjøre dette, til %(day)s:")
            % {"title": without_links(task.process.title), "day": day},
            without_links(task.text),
            _("Rekker du det ikke, så gi det fra deg eller ring kontaktpersonen."),
        ),
        url=own_url(task.holder) if task.holder else "",
        link=_("Til gruppa"),
    )
