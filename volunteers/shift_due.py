"""What volunteers are asked and told of shifts, in each one's own channel. Answered without signing in.

The link in the message names the question and nothing else; looking at it changes nothing (docs/adr/0026).
Who takes the call or opens the letter answers on her behalf by the same question.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Notice, Occurrence, Person, Reply
from partnerships.models.notice import Answer, NoticeState
from partnerships.models.offer import OfferState
from partnerships.models.person import Channel
from samskaping.core.templatetags.letters import without_links
from volunteers.models import Assignment, Shift, Volunteer
from volunteers.models.assignment import AssignmentState
from volunteers.models.shift import ShiftState
from volunteers.models.volunteer import VolunteerState
from volunteers.selectors.module import with_shifts
from volunteers.services.shift import AWAY, shift_answer, shift_take

STILL = "shift_still"
# Long enough for a portal that stood still to tell of it when it is back.
TOLD_WITHIN = timedelta(days=14)
# A letter takes days to come, and a slip days to come back.
BY_LETTER, BY_ALL = timedelta(days=7), timedelta(days=1)
# A long weekend and its eve.
LOOKS_AHEAD = timedelta(days=5)


def register() -> None:
    from volunteers import shift_news_due

    due_source(
        DueSource(
            "shift_asked",
            gettext_lazy("Kan du komme?"),
            _asked,
            _asked_still,
            _asked_words,
            answered=_answered,
            outcome=_outcome,
        )
    )
    due_source(
        DueSource(
            STILL,
            gettext_lazy("Kan du fortsatt?"),
            _day_before,
            _not_confirmed,
            _day_before_words,
            answered=_answered,
            outcome=_outcome,
        )
    )
    due_source(
        DueSource(
            "shift_moved_up",
            gettext_lazy("Det ble plass"),
            _moved_up,
            _moved_up_still,
            _moved_up_words,
            urgent=True,
            answered=_answered,
            outcome=_outcome,
        )
    )
    due_source(
        DueSource(
            "shift_swap",
            gettext_lazy("Kan du ta over?"),
            _swaps,
            _swap_still,
            _swap_words,
            urgent=True,
            answered=_swap_answered,
            outcome=_swap_outcome,
        )
    )
    shift_news_due.register()


# --- What they share --------------------------------------------------------------------------------------
def _shifts() -> QuerySet[Shift]:
    """Those of times to come that take place, of people who are still with us."""
    return (
        Shift.objects.filter(
            with_shifts(),
            occurrence__ends_at__gt=timezone.now(),
            occurrence__cancelled_at=None,
            volunteer__person__erased_at=None,
        )
        .exclude(occurrence__offer__state=OfferState.ENDED)
        .exclude(volunteer__state=VolunteerState.ENDED)
        .select_related("occurrence__offer", "volunteer__person")
    )


def _one(notice: Notice) -> Shift | None:
    """Hers, at the day it was about: one that was moved is asked of anew."""
    found = _shifts().filter(pk=notice.object_id, volunteer__person=notice.person_id).first()
    if found is None or day_of(found.occurrence) != notice.due_on:
        return None
    return found


def day_of(occurrence: Occurrence) -> date:
    return timezone.localdate(occurrence.starts_at)


def told_of(occurrence: Occurrence) -> dict[str, str]:
    """A time of an offer, in the words of a message."""
    at = timezone.localtime(occurrence.starts_at)
    return {
        "title": without_links(occurrence.offer.title),
        "day": formats.date_format(at, "l j. F"),
        "clock": f"{at:%H.%M}",
        "place": without_links(occurrence.place or occurrence.offer.place),
    }


def own_url(person: Person) -> str:
    """Her own page, where she has a login; her answer needs none."""
    return reverse("my_shifts") if person.user_id else ""


def _answered(reply: Reply) -> None:
    """By the question's link, on the telephone or on the slip. Being elsewhere is hers to know."""
    shift = _shifts().filter(pk=reply.notice.object_id).first()
    if shift is not None:
        shift_answer(
            occurrence=shift.occurrence,
            volunteer=shift.volunteer,
            comes=reply.answer == Answer.YES,
            by=reply.noted_by,
            clash_accepted=True,
        )


def _outcome(reply: Reply, shift: Shift) -> str:
    if shift.state == ShiftState.WAITING:
        return _("Det ble fullt akkurat nå. Du står på venteliste, og får beskjed om det blir plass.")
    if reply.answer == Answer.YES and shift.state == ShiftState.COMING:
        return _("Du står på lista. Vi gleder oss til du kommer!")
    return ""


# --- «Kan du komme?» --------------------------------------------------------------------------------------
def _asked(_day: date) -> Iterator[Due]:
    asked = _shifts().filter(state=ShiftState.ASKED, since__gte=timezone.now() - TOLD_WITHIN)
    for shift in asked.iterator(chunk_size=1000):
        tell_on = timezone.localdate(shift.since)
        yield Due(shift.volunteer.person, shift, due_on=day_of(shift.occurrence), tell_on=tell_on)


def _asked_still(notice: Notice) -> Shift | None:
    found = _one(notice)
    if found is None or (notice.state != NoticeState.SENT and found.state != ShiftState.ASKED):
        return None
    return found


def _asked_words(notice: Notice, shift: Shift) -> Words:
    told = told_of(shift.occurrence)
    line = _("Vi trenger frivillige på %(title)s %(day)s kl. %(clock)s.") % told
    return Words(
        title=_("Kan du komme?"),
        lines=(line, _("Det er like greit å si nei.")),
        url=own_url(notice.person),
        link=_("Se vaktene dine"),
        sms=line,
        question=_("Kan du komme på %(title)s %(day)s kl. %(clock)s?") % told,
    )


# --- «Kan du fortsatt?» -----------------------------------------------------------------------------------
def _asks_day_before() -> QuerySet[Shift]:
    return _shifts().filter(state=ShiftState.COMING, occurrence__offer__crew__asks_day_before=True)


def tell_on(shift: Shift) -> date:
    by_letter = shift.volunteer.person.channel == Channel.LETTER
    return day_of(shift.occurrence) - (BY_LETTER if by_letter else BY_ALL)


def is_confirmed(shift: Shift) -> bool:
    """She said yes so late that asking again would be nagging."""
    return timezone.localdate(shift.confirmed_at or shift.since) >= tell_on(shift)


def _day_before(_day: date) -> Iterator[Due]:
    now = timezone.now()
    near = Q(occurrence__starts_at__lte=now + LOOKS_AHEAD)
    by_letter = Q(
        volunteer__person__channel=Channel.LETTER,
        occurrence__starts_at__lte=now + LOOKS_AHEAD + BY_LETTER,
    )
    for shift in _asks_day_before().filter(near | by_letter).iterator(chunk_size=1000):
        if not is_confirmed(shift):
            yield Due(shift.volunteer.person, shift, due_on=day_of(shift.occurrence), tell_on=tell_on(shift))


def _not_confirmed(notice: Notice) -> Shift | None:
    found = _one(notice)
    if found is None or notice.state == NoticeState.SENT:
        return found
    asks = _asks_day_before().filter(pk=found.pk).exists()
    return found if asks and not is_confirmed(found) else None


def _day_before_words(notice: Notice, shift: Shift) -> Words:
    told = told_of(shift.occurrence)
    line = _("Du står på lista på %(title)s %(day)s kl. %(clock)s.") % told
    lines = [line]
    if told["place"]:
        lines.append(_("Sted: %(place)s.") % told)
    lines.append(_("Er du blitt forhindret, finner vi en annen. Bare si fra."))
    return Words(
        title=_("Kan du fortsatt?"),
        lines=tuple(lines),
        url=own_url(notice.person),
        link=_("Se vaktene dine"),
        sms=line,
        question=_("Kommer du på %(title)s %(day)s?") % told,
    )


# --- A place that became hers ----------------------------------------------------------------------------
def _moved_up(_day: date) -> Iterator[Due]:
    up = _shifts().filter(state=ShiftState.COMING, moved_up_at__gte=timezone.now() - TOLD_WITHIN)
    for shift in up.iterator(chunk_size=1000):
        if shift.moved_up_at is not None:
            on = timezone.localdate(shift.moved_up_at)
            yield Due(shift.volunteer.person, shift, due_on=day_of(shift.occurrence), tell_on=on)


def _moved_up_still(notice: Notice) -> Shift | None:
    found = _one(notice)
    if found is None or notice.state == NoticeState.SENT:
        return found
    return found if found.state == ShiftState.COMING and found.moved_up_at is not None else None


def _moved_up_words(notice: Notice, shift: Shift) -> Words:
    told = told_of(shift.occurrence)
    line = _("Det ble plass til deg på %(title)s %(day)s kl. %(clock)s.") % told
    return Words(
        title=_("Det ble plass til deg"),
        lines=(line, _("Passer det ikke lenger, så si fra. Da går plassen til neste.")),
        url=own_url(notice.person),
        link=_("Se vaktene dine"),
        sms=line,
        question=_("Kommer du på %(title)s %(day)s?") % told,
    )


# --- Somebody asks who can take over ---------------------------------------------------------------------
def _swaps(_day: date) -> Iterator[Due]:
    offered = _shifts().filter(state=ShiftState.COMING, offered_at__isnull=False)
    for shift in offered.iterator(chunk_size=1000):
        if shift.offered_at is None:
            continue
        on = timezone.localdate(shift.offered_at)
        for person in _who_could(shift):
            yield Due(person, shift, due_on=day_of(shift.occurrence), tell_on=on)


def _who_could(shift: Shift) -> QuerySet[Person]:
    """The rest of the crew but those who come already or have said that they cannot."""
    said = Shift.objects.filter(volunteer=OuterRef("pk"), occurrence=shift.occurrence_id)
    crew = _crew_at(shift).filter(~Exists(said.exclude(state=ShiftState.ASKED)))
    return Person.objects.filter(volunteer__in=crew, erased_at=None).order_by("pk")


def _crew_at(shift: Shift) -> QuerySet[Volunteer]:
    there = Assignment.objects.filter(
        volunteer=OuterRef("pk"), offer=shift.occurrence.offer_id, state=AssignmentState.ACTIVE
    )
    return Volunteer.objects.filter(Exists(there)).exclude(state__in=AWAY)


def _swap_still(notice: Notice) -> Shift | None:
    """Open while somebody is looked for; to those who were asked and are in the crew still, until the time
    has been."""
    found = _shifts().filter(pk=notice.object_id).first()
    if found is None or day_of(found.occurrence) != notice.due_on:
        return None
    if not _crew_at(found).filter(person=notice.person_id).exists():
        return None
    if notice.state == NoticeState.SENT:
        return found
    return found if found.offered_at is not None else None


def _swap_words(notice: Notice, shift: Shift) -> Words:
    """Whose place it is, is not said: it is nobody's business why."""
    told = told_of(shift.occurrence)
    line = _("En av de frivillige på %(title)s kan ikke %(day)s kl. %(clock)s.") % told
    return Words(
        title=_("Kan du ta over?"),
        lines=(line, _("Den første som sier ja, tar vakta. Det er like greit å si nei.")),
        url=own_url(notice.person),
        link=_("Se vaktene dine"),
        sms=line,
        question=_("Kan du ta over på %(title)s %(day)s kl. %(clock)s?") % told,
    )


def _swap_own(reply: Reply, shift: Shift) -> Shift | None:
    own = Shift.objects.filter(occurrence=shift.occurrence_id, volunteer__person=reply.notice.person_id)
    return own.select_related("occurrence", "volunteer__person").first()


def _swap_answered(reply: Reply) -> None:
    shift = _shifts().filter(pk=reply.notice.object_id).first()
    volunteer = Volunteer.objects.filter(person=reply.notice.person_id).select_related("person").first()
    if shift is None or volunteer is None:
        return
    own = _swap_own(reply, shift)
    if reply.answer == Answer.NO:
        if own is not None and own.state == ShiftState.COMING:
            shift_answer(occurrence=shift.occurrence, volunteer=volunteer, comes=False, by=reply.noted_by)
    elif shift.offered_at is not None and (own is None or own.state != ShiftState.COMING):
        shift_take(shift=shift, volunteer=volunteer, by=reply.noted_by, clash_accepted=True)


def _swap_outcome(reply: Reply, shift: Shift) -> str:
    if reply.answer == Answer.NO:
        return ""
    own = _swap_own(reply, shift)
    if own is not None and own.state == ShiftState.COMING:
        return _("Vakta er din. Tusen takk!")
    return _("En annen tok vakta først. Takk for at du ville!")


def clock_of(starts_at: datetime, ends_at: datetime) -> str:
    """«tirsdag 3. mars kl. 10.00–12.00»"""
    first, last = timezone.localtime(starts_at), timezone.localtime(ends_at)
    return _("%(day)s kl. %(from)s–%(to)s") % {
        "day": formats.date_format(first, "l j. F"),
        "from": f"{first:%H.%M}",
        "to": f"{last:%H.%M}",
    }
