"""What those who were coming are told: a time that is off or moved, and what is new of an offer of theirs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Notice, OfferNews, Person
from partnerships.models.offer import NewsKind, OfferState
from partnerships.selectors.offer import when
from samskaping.core.templatetags.letters import without_links
from volunteers.models import Assignment, Shift
from volunteers.models.assignment import THERE
from volunteers.models.shift import ShiftState
from volunteers.selectors.module import with_shifts
from volunteers.shift_due import TOLD_WITHIN, own_url, told_of

_WAITS_FOR_NEWS = (ShiftState.COMING, ShiftState.WAITING, ShiftState.ASKED)


def register() -> None:
    due_source(
        DueSource(
            "shift_news",
            gettext_lazy("Vakt avlyst eller flyttet"),
            _news,
            _news_still,
            _news_words,
            urgent=True,
        )
    )
    due_source(
        DueSource("crew_news", gettext_lazy("Nytt om et oppdrag"), _crew_news, _crew_still, _crew_words)
    )


# --- Cancelled, moved, and what is new of the offer -----------------------------------------------------
def _news(_day: date) -> Iterator[Due]:
    """To those who were coming."""
    now = timezone.now()
    news = OfferNews.objects.filter(with_shifts(), occurrence__ends_at__gt=now, at__gte=now - TOLD_WITHIN)
    found = list(news.order_by("pk"))
    shifts = Shift.objects.filter(
        occurrence__in={one.occurrence_id for one in found},
        state__in=_WAITS_FOR_NEWS,
        volunteer__person__erased_at=None,
    )
    people: dict[int | None, list[Person]] = defaultdict(list)
    for shift in shifts.select_related("volunteer__person").order_by("pk"):
        people[shift.occurrence_id].append(shift.volunteer.person)
    for one in found:
        yield from _dues(one, people[one.occurrence_id])


def _dues(news: OfferNews, people: Iterable[Person]) -> Iterator[Due]:
    """Whoever did it knows."""
    on = timezone.localdate(news.at)
    for person in people:
        if news.by_id is None or person.user_id != news.by_id:
            yield Due(person, news, due_on=news.day, tell_on=on)


def _news_still(notice: Notice) -> OfferNews | None:
    """None when something else has happened to it since: that is told instead."""
    found = (
        OfferNews.objects.select_related("offer", "occurrence__offer")
        .filter(pk=notice.object_id, occurrence__ends_at__gt=timezone.now())
        .exclude(offer__state=OfferState.ENDED)
        .first()
    )
    if found is None:
        return None
    later = OfferNews.objects.filter(occurrence=found.occurrence_id, pk__gt=found.pk)
    return None if later.exists() else found


def _news_words(notice: Notice, news: OfferNews) -> Words:
    occurrence = news.occurrence
    assert occurrence is not None  # noqa: S101 - _news_still
    told = told_of(occurrence)
    because = without_links(news.because) if news.because else ""
    if news.kind == NewsKind.CANCELLED:
        title = _("Avlyst")
        line = _("%(title)s %(day)s kl. %(clock)s er avlyst. Du trenger ikke komme.") % told
    elif news.kind == NewsKind.MOVED:
        title = _("Vakta er flyttet")
        line = _("%(title)s er flyttet til %(day)s kl. %(clock)s.") % told
        if told["place"]:
            line += " " + _("Sted: %(place)s.") % told
        line += " " + _("Passer det ikke, så si fra.")
    else:
        title = _("Likevel ikke avlyst")
        line = _("%(title)s %(day)s kl. %(clock)s går likevel som avtalt.") % told
    return Words(
        title=title,
        lines=(line, because) if because else (line,),
        url=own_url(notice.person),
        link=_("Se vaktene dine"),
        sms=f"{line} {because}".strip(),
    )


def _crew_news(_day: date) -> Iterator[Due]:
    news = OfferNews.objects.filter(with_shifts(), occurrence=None, at__gte=timezone.now() - TOLD_WITHIN)
    found = list(news.order_by("pk"))
    crew: dict[int, list[Assignment]] = defaultdict(list)
    there = Assignment.objects.filter(
        offer__in={one.offer_id for one in found}, state__in=THERE, volunteer__person__erased_at=None
    )
    for assignment in there.select_related("volunteer__person").order_by("pk"):
        crew[assignment.offer_id].append(assignment)
    for one in found:
        yield from _dues(
            one, (hers.volunteer.person for hers in crew[one.offer_id] if hers.created_at < one.at)
        )


_STANDS: dict[NewsKind, tuple[OfferState, ...]] = {
    NewsKind.PAUSED: (OfferState.PAUSED,),
    NewsKind.ENDED: (OfferState.ENDED,),
    NewsKind.RESUMED: (OfferState.PLANNED, OfferState.RUNNING),
    NewsKind.TIMES: (OfferState.PLANNED, OfferState.RUNNING),
    NewsKind.PLACE: (OfferState.PLANNED, OfferState.RUNNING),
}


def _crew_still(notice: Notice) -> OfferNews | None:
    found = OfferNews.objects.select_related("offer").filter(pk=notice.object_id, occurrence=None).first()
    if found is None or found.offer.state not in _STANDS[NewsKind(found.kind)]:
        return None
    later = OfferNews.objects.filter(offer=found.offer_id, occurrence=None, kind=found.kind, pk__gt=found.pk)
    return None if later.exists() else found


def _crew_words(notice: Notice, news: OfferNews) -> Words:
    offer = news.offer
    said: Any = {
        NewsKind.PAUSED: _("%(title)s er satt på pause. Du trenger ikke gjøre noe.")
        if offer.paused_until is None
        else _("%(title)s er satt på pause, og er i gang igjen %(day)s."),
        NewsKind.RESUMED: _("%(title)s er i gang igjen. Velkommen tilbake!"),
        NewsKind.ENDED: _("%(title)s er avsluttet. Tusen takk for det du har gitt."),
        NewsKind.TIMES: _("%(title)s har fått nye tider: %(when)s."),
        NewsKind.PLACE: _("%(title)s har fått nytt sted: %(place)s."),
    }[NewsKind(news.kind)]
    line = said % {
        "title": without_links(offer.title),
        "day": formats.date_format(offer.paused_until, "j. F") if offer.paused_until else "",
        "when": when(offer) or _("etter avtale"),
        "place": without_links(offer.place) or _("etter avtale"),
    }
    because = without_links(news.because) if news.because else ""
    return Words(
        title=_("Nytt om et oppdrag"),
        lines=(line, because) if because else (line,),
        url=own_url(notice.person),
        link=_("Se vaktene dine"),
    )
