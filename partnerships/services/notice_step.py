"""What happens to one notice after it was made: staff's steps, and an address that says no for good."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.due import is_hidden, source_of
from partnerships.models import Notice
from partnerships.models.notice import OPEN, NoticeState
from partnerships.selectors.channel import channel_for
from partnerships.services.notice import LISTS, notice_key, still_needed
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import Outbox
from samskaping.core.services.audit import audit_record
from samskaping.core.services.outbox import outbox_add
from samskaping.core.working_days import next_sending_time, next_working_day

SNOOZE = timedelta(days=7)


@transaction.atomic
def notice_snooze(*, notice: Notice, by: User) -> Notice:
    """A week later, on a working day.

    Raises StateChanged when it has left already, DomainError for what citizens tell each other.
    """
    locked = _lock(notice)
    _may_be_held_back(locked)
    if locked.state not in (NoticeState.COMING, NoticeState.LISTED):
        raise StateChanged(_("Beskjeden er allerede på vei, eller ferdig."))
    locked.state = NoticeState.COMING
    locked.tell_on = next_working_day(max(timezone.localdate(), locked.tell_on) + SNOOZE)
    locked.save(update_fields=["state", "tell_on"])
    audit_record("notice_snoozed", locked, by=by)
    return locked


@transaction.atomic
def notice_stop(*, notice: Notice, by: User) -> Notice:
    """Not sent at all, and not made again.

    Raises StateChanged when it has left already, DomainError for what citizens tell each other.
    """
    locked = _lock(notice)
    _may_be_held_back(locked)
    if locked.state not in OPEN:
        raise StateChanged(_("Beskjeden er allerede ferdig."))
    locked.state, locked.problem = NoticeState.DROPPED, "stopped"
    locked.done_at, locked.done_by = timezone.now(), by
    locked.save(update_fields=["state", "problem", "done_at", "done_by"])
    audit_record("notice_stopped", locked, by=by)
    return locked


def _may_be_held_back(locked: Notice) -> None:
    if is_hidden(locked):
        raise DomainError(_("Dette sier innbyggerne til hverandre. Andre kan ikke stoppe det."))


@transaction.atomic
def notice_again(*, notice: Notice, by: User) -> Notice:
    """Once more, the way she is reached now.

    Raises StateChanged when it did not fail, or the reason to tell of it is gone; DomainError when nothing
    reaches her.
    """
    locked = _lock(notice)
    if locked.state != NoticeState.FAILED:
        raise StateChanged(_("Beskjeden er allerede sendt, eller på vei."))
    if not still_needed(locked):
        raise StateChanged(_("Det er ikke lenger noe å minne om."))
    channel = channel_for(locked.person)
    if channel is None:
        raise DomainError(_("Vi mangler en adresse som virker. Rett den først, og prøv så igjen."))
    same = Notice.objects.filter(
        kind=locked.kind, object_type=locked.object_type, object_id=locked.object_id, due_on=locked.due_on,
        person=locked.person_id, channel=channel,
    )  # fmt: skip
    if same.exclude(pk=locked.pk).exists():
        raise StateChanged(_("Beskjeden er allerede sendt på en annen måte."))
    locked.channel, locked.nonce = channel, uuid.uuid4()
    locked.problem, locked.done_at, locked.outbox = "", None, None
    locked.state = NoticeState.LISTED if channel in LISTS else NoticeState.QUEUED
    if channel not in LISTS:
        source, now = source_of(locked.kind), timezone.now()
        wait = next_sending_time(now, urgent=source is not None and source.urgent) - now
        locked.outbox = outbox_add(
            "notice",
            notice_key(locked),
            payload={"notice": locked.pk},
            municipality=locked.municipality,
            after=wait or None,
        )
    locked.save()
    audit_record("notice_tried_again", locked, by=by)
    return locked


@transaction.atomic
def notices_refused(row: Outbox, what: str) -> None:
    """The address failed for good, and is noted on the person: the same is told the next way she is reached.

    Also when the supplier tells so afterwards: what we believed was sent, was not.
    """
    failed = list(
        Notice.objects.select_for_update(of=("self",))
        .filter(outbox=row, state__in=(NoticeState.QUEUED, NoticeState.SENT))
        .select_related("person")
    )
    Notice.objects.filter(pk__in=[notice.pk for notice in failed]).update(
        state=NoticeState.FAILED, problem=f"{what}_refused", done_at=Now()
    )
    for notice in failed:
        source = source_of(notice.kind)
        if source is not None and source.bounced is not None:
            source.bounced(notice)
    another_way(failed)


def another_way(failed: list[Notice]) -> None:
    """The same once more, the next way each is reached; nothing where there is none."""
    others = [
        Notice(
            municipality_id=notice.municipality_id,
            person_id=notice.person_id,
            kind=notice.kind,
            object_type=notice.object_type,
            object_id=notice.object_id,
            due_on=notice.due_on,
            channel=channel,
            tell_on=timezone.localdate(),
        )
        for notice in failed
        if (channel := channel_for(notice.person)) is not None
    ]
    Notice.objects.bulk_create(others, ignore_conflicts=True)


def _lock(notice: Notice) -> Notice:
    return (
        Notice.objects.select_for_update(of=("self",))
        .select_related("person", "municipality")
        .get(pk=notice.pk)
    )
