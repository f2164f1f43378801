"""What came of ringing somebody: noted in ten seconds, on her behalf."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import CallNote, Notice, Person
from partnerships.models.notice import Answer, CallOutcome, NoticeState
from partnerships.models.person import Channel
from partnerships.services.notice_step import another_way
from partnerships.services.reply import reply_give
from samskaping.accounts.models import User
from samskaping.core.errors import StateChanged
from samskaping.core.services.audit import audit_record
from samskaping.core.working_days import next_working_day

ONE_DAY = timedelta(days=1)


@transaction.atomic
def call_note(
    *,
    notice: Notice,
    outcome: CallOutcome,
    by: User,
    line: str = "",
    again_on: date | None = None,
    answer: Answer | None = None,
) -> CallNote:
    """Reached: she has been told. No answer: again on a day. Wrong number: the next way she is reached.

    Raises StateChanged when somebody else has rung already, or an answer comes too late.
    """
    locked = (
        Notice.objects.select_for_update(of=("self",))
        .select_related("municipality", "person")
        .get(pk=notice.pk)
    )
    if locked.state != NoticeState.LISTED or locked.channel != Channel.PHONE:
        raise StateChanged(_("Noen andre har allerede ringt, eller det trengs ikke lenger."))
    if outcome == CallOutcome.NO_ANSWER:
        again_on = again_on or next_working_day(timezone.localdate() + ONE_DAY)
        locked.tell_on = again_on
    else:
        again_on = None
        locked.done_at, locked.done_by = timezone.now(), by
        locked.state = NoticeState.SENT if outcome == CallOutcome.REACHED else NoticeState.FAILED
        locked.problem = "" if outcome == CallOutcome.REACHED else outcome.value
    locked.save(update_fields=["tell_on", "state", "problem", "done_at", "done_by"])
    note = CallNote.objects.create(
        municipality=locked.municipality, notice=locked, outcome=outcome, line=line, again_on=again_on, by=by
    )
    audit_record("call_noted", locked, by=by, on_behalf_of=locked.person, data={"outcome": outcome.value})
    if outcome == CallOutcome.REACHED and answer is not None:
        reply_give(notice=locked, answer=answer, by=by)
    if outcome == CallOutcome.WRONG_NUMBER:
        _number_is_wrong(locked)
    return note


def _number_is_wrong(notice: Notice) -> None:
    """Nobody rings there again. This goes the next way she is reached, and so does what else waited."""
    hers = Q(pk=notice.person_id)
    if notice.person.user_id:
        hers |= Q(user=notice.person.user_id)
    Person.objects.filter(hers, phone=notice.person.phone, phone_failed_at=None).update(phone_failed_at=Now())
    Notice.objects.filter(
        person__in=Person.objects.filter(hers), state=NoticeState.LISTED, channel=Channel.PHONE
    ).update(state=NoticeState.COMING)
    notice.person.refresh_from_db()
    another_way([notice])
