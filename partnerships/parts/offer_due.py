"""What people are told of an offer: that it pauses, ends or has new times; and, at once, that one is off."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Notice, OfferNews, Person
from partnerships.models.offer import NewsKind, OfferState
from partnerships.selectors.offer import when
from partnerships.selectors.partnership_people import people_by_partnership
from samskaping.core.templatetags.letters import without_links

# Long enough for a portal that stood still to tell of it when it is back.
NEWS_FOR = timedelta(days=14)
_STANDS = {
    NewsKind.PAUSED: (OfferState.PAUSED,),
    NewsKind.ENDED: (OfferState.ENDED,),
    NewsKind.RESUMED: (OfferState.PLANNED, OfferState.RUNNING),
    NewsKind.TIMES: (OfferState.PLANNED, OfferState.RUNNING),
    NewsKind.PLACE: (OfferState.PLANNED, OfferState.RUNNING),
}


def register() -> None:
    due_source(DueSource("offer_news", gettext_lazy("Nytt om et tilbud"), _news, _still, _words))
    due_source(
        DueSource(
            "occurrence_news",
            gettext_lazy("Avlyst eller flyttet"),
            _times,
            _still_time,
            _time_words,
            urgent=True,
        )
    )


def _news(_day: date) -> Iterator[Due]:
    since = timezone.now() - NEWS_FOR
    yield from _dues(OfferNews.objects.filter(occurrence=None, at__gte=since), coordinators_too=True)


def _times(_day: date) -> Iterator[Due]:
    """To those on the spot; not to the whole municipality's."""
    coming = OfferNews.objects.filter(occurrence__ends_at__gt=timezone.now())
    yield from _dues(coming, coordinators_too=False)


def _dues(news: QuerySet[OfferNews], *, coordinators_too: bool) -> Iterator[Due]:
    """To everybody concerned but the one who did it, who knows."""
    found = list(news.select_related("offer__contact").order_by("pk"))
    of = {one.offer.partnership_id: one.municipality_id for one in found}
    people = people_by_partnership(of, coordinators_too=coordinators_too)
    for one in found:
        told: set[Person] = set(people[one.offer.partnership_id])
        contact = one.offer.contact
        if contact is not None and contact.erased_at is None:
            told.add(contact)
        tell_on = timezone.localdate(one.at)
        for person in sorted(told, key=lambda person: person.pk):
            if one.by_id is None or person.user_id != one.by_id:
                yield Due(person, one, due_on=one.day, tell_on=tell_on)


def _still(notice: Notice) -> Any:
    """None when something else has happened to it since: that is told instead."""
    found = OfferNews.objects.select_related("offer").filter(pk=notice.object_id, occurrence=None).first()
    if found is None or found.offer.state not in _STANDS[NewsKind(found.kind)]:
        return None
    later = OfferNews.objects.filter(offer=found.offer, occurrence=None, pk__gt=found.pk, kind=found.kind)
    return None if later.exists() else found


def _words(_notice: Notice, news: OfferNews) -> Words:
    offer = news.offer
    said = {
        NewsKind.PAUSED: _("%(title)s er satt på pause.")
        if offer.paused_until is None
        else _("%(title)s er satt på pause, og er i gang igjen %(day)s."),
        NewsKind.RESUMED: _("%(title)s er i gang igjen."),
        NewsKind.ENDED: _("%(title)s er avsluttet."),
        NewsKind.TIMES: _("%(title)s har fått nye tider: %(when)s."),
        NewsKind.PLACE: _("%(title)s har fått nytt sted: %(place)s."),
    }[NewsKind(news.kind)]
    told = {
        "title": without_links(offer.title),
        "day": _day(offer.paused_until) if offer.paused_until else "",
        "when": when(offer) or _("etter avtale"),
        "place": without_links(offer.place) or _("etter avtale"),
    }
    return _made(_("Nytt om et tilbud"), said % told, news.because, reverse("offer", args=[offer.pk]))


def _still_time(notice: Notice) -> Any:
    found = (
        OfferNews.objects.select_related("offer", "occurrence")
        .filter(pk=notice.object_id, occurrence__ends_at__gt=timezone.now())
        .exclude(offer__state=OfferState.ENDED)
        .first()
    )
    if found is None or found.occurrence is None:
        return None
    later = OfferNews.objects.filter(occurrence=found.occurrence, pk__gt=found.pk)
    return None if later.exists() else found


def _time_words(_notice: Notice, news: OfferNews) -> Words:
    occurrence = news.occurrence
    assert occurrence is not None  # noqa: S101 - _still_time
    starts_at = timezone.localtime(occurrence.starts_at)
    told = {
        "title": without_links(news.offer.title),
        "day": formats.date_format(starts_at, "l j. F"),
        "clock": f"{starts_at:%H.%M}",
        "place": without_links(occurrence.place or news.offer.place),
    }
    moved = _("%(title)s er flyttet til %(day)s kl. %(clock)s, %(place)s.")
    if not told["place"]:
        moved = _("%(title)s er flyttet til %(day)s kl. %(clock)s.")
    said = {
        NewsKind.CANCELLED: _("%(title)s %(day)s kl. %(clock)s er avlyst."),
        NewsKind.MOVED: moved,
        NewsKind.RESTORED: _("%(title)s %(day)s kl. %(clock)s går likevel som avtalt."),
    }[NewsKind(news.kind)]
    title = _("Avlyst") if news.kind == NewsKind.CANCELLED else _("Ny beskjed om et tilbud")
    line = said % told
    return _made(title, line, news.because, reverse("occurrence", args=[occurrence.pk]), sms=line)


def _made(title: str, line: str, because: str, url: str, sms: str = "") -> Words:
    lines = (line, without_links(because)) if because else (line,)
    short = f"{sms} {without_links(because)}".strip() if sms else ""
    return Words(title=title, lines=lines, url=url, link=_("Se tilbudet"), sms=short)


def _day(day: date) -> str:
    return formats.date_format(day, "j. F")
