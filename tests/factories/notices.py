"""Notices, and a due-source of the tests' own whose reason stands as long as its person's name does."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.due import DueSource, Words, due_source, source_of
from partnerships.models import Notice, Person, Reply
from partnerships.models.notice import NoticeState
from partnerships.models.person import Channel

KIND = "prove.question"
GONE = "Borte"
ANSWERS: list[str] = []


def _about(notice: Notice) -> Any:
    return Person.objects.filter(pk=notice.object_id).exclude(name=GONE).first()


def _words(_notice: Notice, person: Any) -> Words:
    return Words(
        title=_("Møte"),
        lines=("Du er bedt til prøvemøtet på torsdag kl. 18.00.", "Vi møtes på biblioteket."),
        question="Kommer du på torsdag?",
    )


def _answered(reply: Reply) -> None:
    ANSWERS.append(reply.answer)


if source_of(KIND) is None:
    due_source(
        DueSource(
            kind=KIND, label="Prøve", derive=lambda _day: (), about=_about, words=_words, answered=_answered
        )
    )


def notice(person: Person, **fields: Any) -> Notice:
    """To this person about herself, sent by e-mail yesterday."""
    today = timezone.localdate()
    state = fields.pop("state", NoticeState.SENT)
    open_still = state in (NoticeState.COMING, NoticeState.LISTED, NoticeState.QUEUED)
    return Notice.objects.create(
        **{
            "municipality": person.municipality,
            "person": person,
            "kind": KIND,
            "object_type": "partnerships.person",
            "object_id": str(person.pk),
            "due_on": today + timedelta(days=10),
            "tell_on": today,
            "channel": Channel.EMAIL,
            "state": state,
            "done_at": None if open_still else timezone.now(),
            **fields,
        }
    )
