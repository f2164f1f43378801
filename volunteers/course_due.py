"""What is told of courses, in each one's own channel: a place, a move, that it is off, and what is soon."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Notice, Reply
from partnerships.models.notice import Answer
from samskaping.core.errors import StateChanged
from samskaping.core.link_token import link_token
from samskaping.core.templatetags.letters import without_links
from volunteers.models import Course, CourseNews, CourseSeat
from volunteers.models.course import CourseNewsKind
from volunteers.selectors.course import COURSE_FILE, course_times
from volunteers.services.course import course_leave

TOLD_WITHIN = timedelta(days=14)
REMIND_BEFORE = timedelta(days=2)


def register() -> None:
    due_source(
        DueSource(
            kind="course_seat",
            label=gettext_lazy("Plass på et kurs"),
            derive=_seats,
            about=_still_seat,
            words=_seat_words,
            urgent=True,
            answered=_answered,
        )
    )
    due_source(
        DueSource(
            kind="course_news",
            label=gettext_lazy("Et kurs er flyttet eller avlyst"),
            derive=_news,
            about=_still_news,
            words=_news_words,
            urgent=True,
        )
    )
    due_source(
        DueSource(
            kind="course_soon",
            label=gettext_lazy("Påminnelse om et kurs"),
            derive=_soon,
            about=_still_soon,
            words=_soon_words,
            answered=_answered,
        )
    )


def _coming() -> QuerySet[CourseSeat]:
    """Places on what is still to be."""
    return CourseSeat.objects.filter(
        course__starts_at__gt=timezone.now(),
        course__cancelled_at=None,
        waiting=False,
        person__erased_at=None,
    ).select_related("person__user", "course")


def _answered(reply: Reply) -> None:
    """No gives the place to the next; a yes is what she had said already."""
    seat = _coming().filter(pk=reply.notice.object_id).first()
    if seat is not None and reply.answer == Answer.NO:
        try:
            course_leave(seat=seat, by=reply.noted_by)
        except StateChanged:
            return  # it began this minute


# --- A place ----------------------------------------------------------------------------------------------
def _seats(_until: date) -> Iterator[Due]:
    """Those somebody else signed up, and those who waited and got a place; the others know."""
    since = timezone.now() - TOLD_WITHIN
    told = Q(moved_up_at__gte=since) | Q(signed_up_by__isnull=False, signed_up_at__gte=since)
    for seat in _coming().filter(told):
        on = _since(seat)
        yield Due(seat.person, seat, due_on=on, tell_on=on)


def _since(seat: CourseSeat) -> date:
    return timezone.localdate(seat.moved_up_at or seat.signed_up_at)


def _still_seat(notice: Notice) -> CourseSeat | None:
    seat: CourseSeat | None = _coming().filter(pk=notice.object_id, person=notice.person_id).first()
    return seat if seat is not None and _since(seat) == notice.due_on else None


def _seat_words(_notice: Notice, seat: CourseSeat) -> Words:
    course = seat.course
    said = (
        _("Du har fått plass på kurset «%(title)s».")
        if seat.moved_up_at
        else _("Du er meldt på kurset «%(title)s».")
    )
    first = said % {"title": without_links(course.title)}
    return Words(
        title=_("Plass på kurs"),
        lines=(first, *_facts(course)),
        url=_file(course),
        link=_("Legg i kalenderen"),
        sms=f"{first} {_short(course)}",
        question=_("Kommer du?"),
    )


def _facts(course: Course) -> Iterator[str]:
    yield _("Når: %(when)s") % {"when": course_times(course.starts_at, course.ends_at)}
    if course.place:
        yield _("Hvor: %(what)s") % {"what": without_links(course.place)}


def _short(course: Course) -> str:
    when = course_times(course.starts_at, course.ends_at)
    return f"{when}, {without_links(course.place)}." if course.place else f"{when}."


def _file(course: Course) -> str:
    return reverse("course_file", args=[link_token(COURSE_FILE, course)])


# --- Moved, or off ----------------------------------------------------------------------------------------
def _newest() -> QuerySet[CourseNews]:
    last = CourseNews.objects.filter(course=OuterRef("course")).order_by("-at", "-pk").values("pk")[:1]
    return CourseNews.objects.filter(
        pk=Subquery(last), at__gte=timezone.now() - TOLD_WITHIN, course__ends_at__gt=timezone.now()
    ).select_related("course")


def _news(_until: date) -> Iterator[Due]:
    found = {one.course_id: one for one in _newest()}
    seats = CourseSeat.objects.filter(course__in=found, person__erased_at=None).select_related("person")
    for seat in seats.order_by("pk"):
        one = found[seat.course_id]
        # Whoever signed up since knows it as it is now.
        if seat.signed_up_at < one.at and (one.by_id is None or seat.person.user_id != one.by_id):
            on = timezone.localdate(one.at)
            yield Due(seat.person, one, due_on=on, tell_on=on)


def _still_news(notice: Notice) -> CourseNews | None:
    found: CourseNews | None = _newest().filter(pk=notice.object_id).first()
    if found is None or not found.course.seats.filter(person=notice.person_id).exists():
        return None
    return found


def _news_words(_notice: Notice, news: CourseNews) -> Words:
    course = news.course
    title = without_links(course.title)
    if news.kind == CourseNewsKind.CANCELLED:
        line = _("Kurset «%(title)s» %(when)s er avlyst.") % {
            "title": title,
            "when": _lower(course_times(course.starts_at, course.ends_at)),
        }
        because = without_links(course.cancelled_because)
        return Words(title=_("Kurset er avlyst"), lines=(line, because) if because else (line,), sms=line)
    line = _("Kurset «%(title)s» er flyttet.") % {"title": title}
    return Words(
        title=_("Kurset er flyttet"),
        lines=(line, *_facts(course)),
        url=_file(course),
        link=_("Legg i kalenderen"),
        sms=f"{line} {_short(course)}",
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


# --- Soon -------------------------------------------------------------------------------------------------
def _soon(until: date) -> Iterator[Due]:
    for seat in _coming().filter(course__starts_at__date__lte=until + REMIND_BEFORE):
        day = timezone.localdate(seat.course.starts_at)
        if _since(seat) <= day - REMIND_BEFORE:
            yield Due(seat.person, seat, due_on=day, tell_on=day - REMIND_BEFORE)


def _still_soon(notice: Notice) -> Any:
    seat = _coming().filter(pk=notice.object_id, person=notice.person_id).first()
    if seat is None or timezone.localdate(seat.course.starts_at) != notice.due_on:
        return None
    return seat


def _soon_words(_notice: Notice, seat: CourseSeat) -> Words:
    course = seat.course
    first = _("Husk kurset «%(title)s».") % {"title": without_links(course.title)}
    return Words(
        title=_("Husk kurset"),
        lines=(first, *_facts(course)),
        url=_file(course),
        link=_("Legg i kalenderen"),
        sms=f"{first} {_short(course)}",
        question=_("Kommer du fortsatt?"),
    )
