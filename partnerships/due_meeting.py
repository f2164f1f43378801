"""What a group is told of its meetings, each in her own channel: days to choose among, a call, the minutes.

What passes through staff's hands (a letter, a call, the list of what is sent) says nothing of the citizens'
own meetings but that there is something.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import (
    Meeting,
    MeetingCall,
    MeetingSlot,
    MinutesCopy,
    Notice,
    Participant,
    Reply,
    SlotAnswer,
)
from partnerships.models.codesign import ProcessState
from partnerships.models.meeting import CallKind, MeetingState, MinutesState
from partnerships.models.notice import Answer
from partnerships.selectors.meeting import agreed_lines, group_of, link_for, when
from partnerships.services.minutes import minutes_answer
from samskaping.core.errors import StateChanged
from samskaping.core.templatetags.letters import without_links

# Long enough for a portal that stood still to tell of it when it is back.
TOLD_WITHIN = timedelta(days=14)
# «Husk møtet»: not to those who were called in this lately.
REMIND_BEFORE = timedelta(days=2)
CALLED_LATELY = timedelta(days=5)
JOINED = ("process", "municipality")


def register() -> None:
    due_source(
        DueSource(
            kind="meeting_poll",
            label=gettext_lazy("Hvilken dag passer for et møte"),
            derive=_polls,
            about=_still_asked,
            words=_poll_words,
            shown=_shown(lambda meeting: meeting, _poll_words),
        )
    )
    due_source(
        DueSource(
            kind="meeting_set",
            label=gettext_lazy("Innkalling til møte"),
            derive=lambda _until: _called(CallKind.SET),
            about=_still_called,
            words=_call_words,
            shown=_shown(lambda call: call.meeting, _call_words),
        )
    )
    due_source(
        DueSource(
            kind="meeting_changed",
            label=gettext_lazy("Et møte er flyttet eller avlyst"),
            derive=lambda _until: _called(CallKind.MOVED, CallKind.CANCELLED),
            about=_still_called,
            words=_call_words,
            shown=_shown(lambda call: call.meeting, _call_words),
            urgent=True,
        )
    )
    due_source(
        DueSource(
            kind="meeting_soon",
            label=gettext_lazy("Påminnelse om et møte"),
            derive=_soon,
            about=_still_soon,
            words=_soon_words,
        )
    )
    due_source(
        DueSource(
            kind="minutes",
            label=gettext_lazy("Referat fra et møte"),
            derive=_minutes,
            about=_still_minutes,
            words=_minutes_words,
            shown=_shown(lambda copy: copy.minutes.meeting, _minutes_words),
            answered=_minutes_answered,
        )
    )


def _shown(meeting_of: Any, words: Any) -> Any:
    """Staff who post a letter or ring are told no more of the citizens' own than that they have something."""

    def shown(notice: Notice, about: Any) -> Words:
        meeting = meeting_of(about)
        if not meeting.is_citizens_own:
            told: Words = words(notice, about)
            return told
        return Words(
            title=_("Noe nytt fra innbyggerne i gruppa"),
            lines=(
                _("Innbyggerne i «%(title)s» har noe nytt til deg.")
                % {"title": without_links(meeting.process.title)},
                _("Spør en av de andre innbyggerne i gruppa, eller åpne siden din."),
            ),
        )

    return shown


def _since() -> datetime:
    return timezone.now() - TOLD_WITHIN


def _running() -> Q:
    return ~Q(process__state=ProcessState.ENDED)


def _to_each(meeting: Meeting, group: Iterable[Participant], about: Any, day: date) -> Iterator[Due]:
    for participant in group:
        yield Due(participant.person, about, due_on=day, tell_on=day)


def _in_group(notice: Notice, meeting: Meeting) -> bool:
    return group_of(meeting).filter(person=notice.person_id).exists()


def _link(notice: Notice, meeting: Meeting, name: str = "meeting") -> str:
    """Her own account, or the page she reaches by her link."""
    path = reverse(name, args=[meeting.process_id, meeting.pk])
    return link_for(notice.person, meeting.process, path)


# --- Which day suits ------------------------------------------------------------------------------------
def _asked() -> Any:
    return Meeting.objects.filter(
        _running(), state=MeetingState.POLLING, asked_at__gt=_since(), slots__starts_at__gt=timezone.now()
    ).select_related(*JOINED)


def _unanswered(meeting: Meeting) -> Any:
    """Those who have not said what they think of every time that is left."""
    slots = meeting.slots.filter(starts_at__gt=timezone.now())
    hers = (
        SlotAnswer.objects.filter(slot__in=slots, participant=OuterRef("pk"))
        .order_by()
        .values("participant")
        .values(count=Count("pk"))
    )
    answered = group_of(meeting).annotate(answered=Subquery(hers))
    return answered.filter(Q(answered=None) | Q(answered__lt=slots.count())).select_related("person")


def _newest(meeting: Meeting) -> MeetingSlot:
    """What the question is about: other times asked about, also on the same day, are another question."""
    newest: MeetingSlot = meeting.slots.latest("pk")
    return newest


def _polls(_until: date) -> Iterator[Due]:
    for meeting in _asked().distinct():
        if meeting.asked_at is not None:
            day = timezone.localdate(meeting.asked_at)
            yield from _to_each(meeting, _unanswered(meeting), _newest(meeting), day)


def _still_asked(notice: Notice) -> Meeting | None:
    meeting: Meeting | None = _asked().filter(slots=notice.object_id).first()
    if meeting is None or meeting.asked_at is None or timezone.localdate(meeting.asked_at) != notice.due_on:
        return None
    if str(_newest(meeting).pk) != notice.object_id:
        return None
    return meeting if _unanswered(meeting).filter(person=notice.person_id).exists() else None


def _poll_words(notice: Notice, meeting: Meeting) -> Words:
    slots = meeting.slots.filter(starts_at__gt=timezone.now())
    return Words(
        title=_("Hvilken dag passer for deg?"),
        lines=(
            _("Gruppa «%(title)s» skal møtes om «%(theme)s».")
            % {"title": without_links(meeting.process.title), "theme": without_links(meeting.title)},
            _("Si fra hvilke av disse tidene som passer:"),
            *(f"– {when(slot.starts_at, slot.ends_at)}" for slot in slots),
        ),
        url=_link(notice, meeting),
        link=_("Svar her"),
    )


# --- Called in, moved, called off -----------------------------------------------------------------------
def _called(*kinds: CallKind) -> Iterator[Due]:
    """The newest call of each meeting: who hears of a move need not hear when it was to have been."""
    newest = MeetingCall.objects.filter(meeting=OuterRef("meeting")).order_by("-number").values("pk")[:1]
    calls = MeetingCall.objects.filter(
        Q(meeting__ends_at=None) | Q(meeting__ends_at__gt=timezone.now()),
        # That it is called off is told also when it was because all of it ended.
        ~Q(meeting__process__state=ProcessState.ENDED) | Q(kind=CallKind.CANCELLED),
        pk=Subquery(newest),
        kind__in=kinds,
        at__gt=_since(),
    ).select_related("meeting__process", "meeting__municipality")
    for call in calls:
        group = group_of(call.meeting).select_related("person")
        yield from _to_each(call.meeting, group, call, timezone.localdate(call.at))


def _still_called(notice: Notice) -> MeetingCall | None:
    call = (
        MeetingCall.objects.select_related("meeting__process", "meeting__municipality")
        .filter(pk=notice.object_id)
        .first()
    )
    if call is None or call.meeting.calls.filter(number__gt=call.number).exists():
        return None
    over = call.meeting.ends_at is not None and call.meeting.ends_at < timezone.now()
    return call if not over and _in_group(notice, call.meeting) else None


def _call_words(notice: Notice, call: MeetingCall) -> Words:
    meeting, url = call.meeting, _link(notice, call.meeting)
    told = {"title": without_links(meeting.process.title), "theme": without_links(meeting.title)}
    before = [_("Møtet skulle vært %(when)s.") % {"when": when(call.was_at)}] if call.was_at else []
    if call.kind == CallKind.CANCELLED:
        return Words(
            title=_("Møtet er avlyst"),
            lines=(_("Møtet om «%(theme)s» i gruppa «%(title)s» er avlyst.") % told, *before),
            url=url,
            link=_("Se møtet"),
            sms=_sms(_("Møtet er avlyst"), call.was_at, None, "", url) if call.was_at else "",
        )
    moved = call.kind == CallKind.MOVED
    first = (
        _("Møtet om «%(theme)s» i gruppa «%(title)s» er endret.")
        if moved
        else _("Gruppa «%(title)s» møtes om «%(theme)s».")
    ) % told
    title = _("Møtet er endret") if moved else _("Velkommen til møte")
    return Words(
        title=title,
        lines=(first, *(before if moved and call.was_at != meeting.starts_at else ()), *_facts(meeting)),
        url=url,
        link=_("Se møtet"),
        sms=_sms(title, meeting.starts_at, meeting.ends_at, meeting.place, url) if meeting.starts_at else "",
    )


def _sms(title: str, starts_at: datetime, ends_at: datetime | None, place: str, url: str) -> str:
    """When and where in the message itself: many read nothing but that."""
    parts = [f"{title}: {when(starts_at, ends_at)}", *([without_links(place)] if place else [])]
    return f"{', '.join(parts)}. {settings.SITE_URL}{url}"


def _facts(meeting: Meeting) -> Iterator[str]:
    """Place and host may be written by anybody in the group, and are no links in a message."""
    if meeting.starts_at is not None:
        yield _("Når: %(when)s") % {"when": when(meeting.starts_at, meeting.ends_at)}
    for sentence, value in (
        (_("Hvor: %(what)s"), meeting.place),
        (_("Vert: %(what)s"), meeting.host),
        (_("Mat: %(what)s"), meeting.food),
    ):
        if value:
            yield sentence % {"what": without_links(value)}


# --- Soon -----------------------------------------------------------------------------------------------
def _coming() -> Any:
    """Those staff may know of: the day a letter is about would tell them of the others."""
    return (
        Meeting.objects.for_everybody()
        .filter(_running(), state=MeetingState.SET, starts_at__gt=timezone.now())
        .select_related(*JOINED)
    )


def _soon(until: date) -> Iterator[Due]:
    last = MeetingCall.objects.filter(meeting=OuterRef("pk")).order_by("-number").values("at")[:1]
    coming = _coming().filter(starts_at__date__lte=until + REMIND_BEFORE).annotate(called_at=Subquery(last))
    for meeting in coming.filter(called_at__lt=F("starts_at") - CALLED_LATELY):
        day = timezone.localdate(meeting.starts_at)
        for participant in group_of(meeting).select_related("person"):
            yield Due(participant.person, meeting, due_on=day, tell_on=day - REMIND_BEFORE)


def _still_soon(notice: Notice) -> Meeting | None:
    meeting: Meeting | None = _coming().filter(pk=notice.object_id).first()
    if meeting is None or meeting.starts_at is None or timezone.localdate(meeting.starts_at) != notice.due_on:
        return None
    return meeting if _in_group(notice, meeting) else None


def _soon_words(notice: Notice, meeting: Meeting) -> Words:
    assert meeting.starts_at is not None  # noqa: S101 - meeting_set_has_time holds
    url = _link(notice, meeting)
    return Words(
        title=_("Husk møtet"),
        lines=(
            _("Gruppa «%(title)s» møtes om «%(theme)s».")
            % {"title": without_links(meeting.process.title), "theme": without_links(meeting.title)},
            *_facts(meeting),
        ),
        url=url,
        link=_("Se møtet"),
        sms=_sms(_("Husk møtet"), meeting.starts_at, meeting.ends_at, meeting.place, url),
    )


# --- The minutes ----------------------------------------------------------------------------------------
def _sent() -> Any:
    """The newest sending, until she has answered."""
    return MinutesCopy.objects.filter(
        number=F("minutes__number"), answer="", sent_at__gt=_since(), participant__left_at=None
    ).exclude(minutes__state=MinutesState.DRAFT)


def _minutes(_until: date) -> Iterator[Due]:
    for copy in _sent().select_related("participant__person"):
        day = timezone.localdate(copy.sent_at)
        yield Due(copy.participant.person, copy, due_on=day, tell_on=day)


def _still_minutes(notice: Notice) -> MinutesCopy | None:
    """Also after her answer, so that she may change it by the same link while the same words stand."""
    return (
        MinutesCopy.objects.filter(
            pk=notice.object_id, number=F("minutes__number"), participant__left_at=None
        )
        .exclude(minutes__state=MinutesState.DRAFT)
        .select_related("minutes__meeting__process", "minutes__meeting__municipality", "participant")
        .first()
    )


def _minutes_words(notice: Notice, copy: MinutesCopy) -> Words:
    meeting = copy.minutes.meeting
    day = formats.date_format(timezone.localdate(meeting.starts_at)) if meeting.starts_at else ""
    return Words(
        title=_("Referat fra møtet"),
        lines=(
            _("Dette ble vi enige om %(day)s, i gruppa «%(title)s»:")
            % {"day": day, "title": without_links(meeting.process.title)},
            *(without_links(line) for line in agreed_lines(meeting)),
        ),
        url=_link(notice, meeting, "minutes"),
        link=_("Les referatet"),
        question=_("Stemmer referatet?") if copy.was_there else "",
    )


def _minutes_answered(reply: Reply) -> None:
    copy = _still_minutes(reply.notice)
    if copy is None:
        raise StateChanged(gettext_lazy("Referatet er endret siden du ble spurt. Du blir spurt på nytt."))
    minutes_answer(copy=copy, answer=Answer(reply.answer), by=reply.noted_by)
