"""Notices: deriving them from data, and letting them leave when they may (docs/adr/0025).

Both are safe to run twice, late and side by side. A notice is one row by the database's own rule, a promise
one Outbox row by its key, and a row that is about to leave is locked by the one round that takes it.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat, Left, Now
from django.utils import timezone

from partnerships.due import Due, DueSource, due_sources, source_of
from partnerships.models import Membership, Notice, Person
from partnerships.models.notice import NoticeState
from partnerships.models.person import Channel, Digest
from partnerships.selectors.absence import people_away
from partnerships.selectors.channel import channel_for
from samskaping.accounts.permissions import HAS_WEEK
from samskaping.core.models import Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.services.outbox import outbox_add_many
from samskaping.core.working_days import (
    OSLO,
    is_working_day,
    may_send,
    may_send_digest,
    next_week_begins,
    next_working_day,
    week_begins,
    working_day_before,
)

logger = logging.getLogger("samskaping.notice")

# How far ahead staff see what is coming, and can stop it or let it wait.
AHEAD = timedelta(days=14)
AT_A_TIME = 1000
LISTS = (Channel.LETTER, Channel.PHONE)


# --- What is due -------------------------------------------------------------------------------------
def notices_derive(today: date) -> int:
    """Makes the rows of everything to be told within AHEAD; how many were not there before."""
    made = 0
    for source in due_sources():
        try:
            dues = iter(source.derive(today + AHEAD))
            while batch := list(islice(dues, AT_A_TIME)):
                made += _keep(source, batch, today)
        except Exception:
            # One part's trouble keeps nobody from hearing of the others'.
            logger.exception("notice source failed", extra={"kind": source.kind})
    return made


def _keep(source: DueSource, dues: list[Due], today: date) -> int:
    """Those that are there already, on whatever channel, are left alone: she was told, or will be."""
    people = {due.person.pk for due in dues}
    known = set(
        Notice.objects.filter(kind=source.kind, person__in=people).values_list(
            "object_type", "object_id", "due_on", "person"
        )
    )
    new = [
        _notice(source, due, today)
        for due in dues
        if (due.about._meta.label_lower, str(due.about.pk), due.due_on, due.person.pk) not in known
    ]
    Notice.objects.bulk_create(new, ignore_conflicts=True, batch_size=AT_A_TIME)
    return len(new)


def _notice(source: DueSource, due: Due, today: date) -> Notice:
    channel = channel_for(due.person)
    nowhere = channel is None
    return Notice(
        municipality_id=due.person.municipality_id,
        person=due.person,
        kind=source.kind,
        object_type=due.about._meta.label_lower,
        object_id=str(due.about.pk),
        due_on=due.due_on,
        channel=channel or due.person.channel,
        tell_on=_day_to_tell(due, today, urgent=source.urgent),
        # Kept, so that staff see whom nothing reaches.
        state=NoticeState.FAILED if nowhere else NoticeState.COMING,
        problem="no_address" if nowhere else "",
        done_at=timezone.now() if nowhere else None,
    )


def _day_to_tell(due: Due, today: date, *, urgent: bool) -> date:
    """The working day that comes; the one before where that would be too late."""
    day = max(due.tell_on, today)
    if urgent:
        return day
    moved = next_working_day(day)
    if day < due.due_on <= moved:
        earlier = working_day_before(due.due_on)
        return earlier if earlier >= today else day
    return moved


# --- What may leave ------------------------------------------------------------------------------------
def notices_queue(now: datetime) -> int:
    """Promises or lists everything that is to leave now; how many notices did."""
    today = now.astimezone(OSLO).date()
    _give_up()
    left, last = 0, 0
    while True:
        with transaction.atomic():
            batch = list(
                _ready(today)
                .filter(pk__gt=last)
                .select_for_update(of=("self",), skip_locked=True)
                .select_related("person")
                .order_by("pk")[:AT_A_TIME]
            )
            if not batch:
                break
            last = batch[-1].pk
            left += _leave(batch, now, today)
    if may_send_digest(now):
        _queue_digests(today)
    return left


def _urgent_kinds() -> list[str]:
    return [source.kind for source in due_sources() if source.urgent]


def _ready(today: date) -> QuerySet[Notice]:
    """What has its day; nobody who is away is reminded before she is back, unless it cannot wait."""
    return Notice.objects.filter(
        Q(kind__in=_urgent_kinds()) | ~Exists(people_away(today)),
        state=NoticeState.COMING,
        tell_on__lte=today,
    )


def _leave(batch: list[Notice], now: datetime, today: date) -> int:
    urgent = set(_urgent_kinds())
    keys = [_digest_key(notice.person, today) for notice in batch]
    # One that has not left yet takes along what comes meanwhile.
    left = Outbox.objects.exclude(state__in=(OutboxState.WAITING, OutboxState.LEASED))
    had = set(left.filter(kind="digest", key__in=keys).values_list("key", flat=True))
    nowhere: list[int] = []
    listed: list[Notice] = []
    sent: list[Notice] = []
    for notice in batch:
        channel = channel_for(notice.person)
        if channel is None:
            nowhere.append(notice.pk)
            continue
        _settle(notice, channel)
        if notice.channel in LISTS:
            if is_working_day(today):
                listed.append(notice)
        elif may_send(now, urgent=notice.kind in urgent) and (
            notice.kind in urgent or not _waits_for_digest(notice, today, had)
        ):
            sent.append(notice)
    Notice.objects.filter(pk__in=nowhere).update(
        state=NoticeState.FAILED, problem="no_address", done_at=Now()
    )
    return _list(listed) + _promise(sent)


def _settle(notice: Notice, channel: Channel) -> None:
    """Moves the notice to the channel she is reached on now, unless it went that way before and failed."""
    same = Notice.objects.filter(
        kind=notice.kind,
        object_type=notice.object_type,
        object_id=notice.object_id,
        due_on=notice.due_on,
        person=notice.person_id,
        channel=channel,
    )
    if notice.channel != channel and not same.exists():
        Notice.objects.filter(pk=notice.pk).update(channel=channel)
        notice.channel = channel


def _waits_for_digest(notice: Notice, today: date, had: set[str]) -> bool:
    """Only e-mail is gathered, and never what would be too late in the next digest.

    `had`: today's that have left.
    """
    if notice.channel != Channel.EMAIL or notice.person.digest == Digest.AT_ONCE:
        return False
    if _gets_digest(notice.person, today) and _digest_key(notice.person, today) not in had:
        return True
    daily = notice.person.digest == Digest.DAILY
    following = next_working_day(today + timedelta(days=1)) if daily else next_week_begins(today)
    return not today <= notice.due_on <= following


def _gets_digest(person: Person, day: date) -> bool:
    if person.digest == Digest.DAILY:
        return is_working_day(day)
    return person.digest == Digest.MONDAY and day == week_begins(day)


def _list(notices: list[Notice]) -> int:
    """On the list of letters or calls, if there still is a reason: paper and people's time cost most."""
    gone = [notice.pk for notice in notices if not still_needed(notice)]
    kept = [notice.pk for notice in notices if notice.pk not in gone]
    Notice.objects.filter(pk__in=gone).update(state=NoticeState.DROPPED, done_at=Now())
    return Notice.objects.filter(pk__in=kept).update(state=NoticeState.LISTED)


def _promise(notices: list[Notice]) -> int:
    outbox_add_many(
        "notice",
        {notice_key(notice): {"notice": notice.pk} for notice in notices},
        municipality_ids={notice_key(notice): notice.municipality_id for notice in notices},
    )
    promised = Outbox.objects.filter(
        kind="notice",
        key=Concat(Cast(OuterRef("pk"), CharField()), Value(":"), Cast(OuterRef("nonce"), CharField())),
    )
    return Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
        state=NoticeState.QUEUED, outbox=Subquery(promised.values("pk")[:1])
    )


def notice_key(notice: Notice) -> str:
    """One promise for each try: somebody who tries again renews the nonce."""
    return f"{notice.pk}:{notice.nonce}"


def still_needed(notice: Notice) -> bool:
    """A kind that only a newer portal knows is that one's to judge."""
    source = source_of(notice.kind)
    return source is None or source.about(notice) is not None


# --- Digests and Monday's e-mail -----------------------------------------------------------------------
def _queue_digests(today: date) -> int:
    """One promise for each human and day; what it says is gathered when it leaves."""
    people: dict[str, Person] = {}
    for person in (*_with_digest_waiting(today), *_with_week(today)):
        people.setdefault(_digest_key(person, today), person)
    with transaction.atomic():
        return outbox_add_many(
            "digest",
            {key: {"person": person.pk, "day": today.isoformat()} for key, person in people.items()},
            municipality_ids={key: person.municipality_id for key, person in people.items()},
        )


def _digest_key(person: Person, day: date) -> str:
    """Who has several rows, one for each who keeps something about her, gets one e-mail all the same."""
    return f"user-{person.user_id}:{day}" if person.user_id else f"person-{person.pk}:{day}"


def digest_waiting(today: date) -> QuerySet[Notice]:
    """What goes in a digest of this day, whoever it is for."""
    digests = [Digest.DAILY]
    if today == week_begins(today):
        digests.append(Digest.MONDAY)
    return (
        _ready(today)
        .filter(channel=Channel.EMAIL, person__digest__in=digests)
        .exclude(kind__in=_urgent_kinds())
    )


def _with_digest_waiting(today: date) -> Iterable[Person]:
    return Person.objects.filter(pk__in=digest_waiting(today).values("person")).order_by("pk")


def _with_week(today: date) -> Iterator[Person]:
    """On the week's first working day: whoever has a «Denne uka» since before today, and reads e-mail."""
    if today != week_begins(today):
        return
    held = with_week(today).select_related("person").order_by("person")
    for membership in held:
        if membership.person is not None and channel_for(membership.person) == Channel.EMAIL:
            yield membership.person


def with_week(today: date) -> QuerySet[Membership]:
    """Roles whose work list is sent this week: not on their first day, and nobody's who is away."""
    return Membership.objects.current().filter(
        ~Exists(people_away(today)),
        role__in=sorted(HAS_WEEK),
        user__is_active=True,
        person__isnull=False,
        granted_at__lt=datetime.combine(today, datetime.min.time(), tzinfo=OSLO),
    )


# --- What came to nothing --------------------------------------------------------------------------------
def _give_up() -> None:
    """A promise the outbox gave up is a notice that did not arrive, and staff must see it."""
    problem = Outbox.objects.filter(pk=OuterRef("outbox")).values(short=Left("problem", 60))
    Notice.objects.filter(state=NoticeState.QUEUED, outbox__state=OutboxState.DEAD).update(
        state=NoticeState.FAILED, problem=Subquery(problem), done_at=Now()
    )


def notices_check() -> int:
    """Takes away what there no longer is a reason for, so that lists are true; how many."""
    dropped = 0
    waiting = Notice.objects.filter(state__in=(NoticeState.COMING, NoticeState.LISTED))
    for notice in waiting.order_by("pk").iterator(chunk_size=AT_A_TIME):
        if not still_needed(notice):
            dropped += waiting.filter(pk=notice.pk).update(state=NoticeState.DROPPED, done_at=Now())
    return dropped
