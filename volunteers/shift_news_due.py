"""What those who were coming are told: a time that is off or moved, and what is new of an offer of theirs."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
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
    """To those who were coming; whoever did it knows."""
    now = timezone.now()
    news = OfferNews.objects.filter(
        with_shifts("municipality__"), occurrence__ends_at__gt=now, at__gte=now - TOLD_WITHIN
    )
    for one in news.select_related("offer").order_by("pk"):
        on = timezone.localdate(one.at)
        for person in _were_coming(one):
            yield Due(person, one, due_on=one.day, tell_on=on)


def _were_coming(news: OfferNews) -> QuerySet[Person]:
    shifts = Shift.objects.filter(occurrence=news.occurrence_id, state__in=_WAITS_FOR_NEWS)
    people = Person.objects.filter(volunteer__shifts__in=shifts, erased_at=None)
    return people.exclude(user=news.by_id).order_by("pk") if news.by_id else people.order_by("pk")


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
    news = OfferNews.objects.filter(
        with_shifts("municipality__"), occurrence=None, at__gte=timezone.now() - TOLD_WITHIN
    )
    for one in news.select_related("offer").order_by("pk"):
        on = timezone.localdate(one.at)
        for person in _crew_of(one):
            yield Due(person, one, due_on=one.day, tell_on=on)


def _crew_of(news: OfferNews) -> QuerySet[Person]:
    there = Assignment.objects.filter(offer=news.offer_id, state__in=THERE, created_at__lt=news.at)
    people = Person.objects.filter(volunteer__assignments__in=there, erased_at=None)
    return people.exclude(user=news.by_id).order_by("pk") if news.by_id else people.order_by("pk")


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
