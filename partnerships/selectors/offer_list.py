"""Offers as a list: of the place she works at now, those that match."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from partnerships.asked import NOW
from partnerships.models import Membership, Occurrence, Offer
from partnerships.models.offer import OfferQuerySet, OfferState, offer_keys_seen, ways_to_offers
from partnerships.models.reach import written
from partnerships.selectors.offer import STATE_COLORS, in_town, own_by, ways_of_own, when
from partnerships.selectors.partnership_search import FindsAll, patterns
from samskaping.accounts.models import User
from samskaping.core.listing import numbered, page_of
from samskaping.core.once import address_of, labels_of
from samskaping.core.written import Given, Written

PER_PAGE = 30


def offers_page(
    user: User,
    membership: Membership | None,
    number: str | None,
    *,
    q: str = "",
    state: str = "",
    area: str = "",
    mine: bool = False,
) -> "Page[Row]":
    """Every word of `q` stands in the name, in either form of Norwegian. Ended ones only when asked for."""
    town = membership.municipality_id if membership is not None else None
    wanted = {"q": patterns(q), "state": state, "area": area, "mine": mine}
    given = {**ways_to_offers(user), **{name: value for name, value in wanted.items() if value}}
    if mine:
        given |= ways_of_own(user, membership)
    question = written(_found, frozenset(given))

    def read(after: int) -> list[dict[str, Any]]:
        if town is None:
            return []
        return question.rows(**given, town=town, after=after, until=after + PER_PAGE)

    page = page_of(read, PER_PAGE, number)
    page.object_list = _rows([one["pk"] for one in page.object_list])
    return page


def _found(having: frozenset[str]) -> QuerySet[Any, Any]:
    found = in_town(Offer.objects.filter(pk__in=offer_keys_seen(having)), Given("town"))
    shown: QuerySet[Any, Any] = numbered(_matching(found, having), "title_key", "pk").values("pk", "number")
    return shown


def _matching(found: OfferQuerySet, having: frozenset[str]) -> OfferQuerySet:
    if "q" in having:
        found = found.filter(FindsAll(F("title_key"), Given("q")))
    if "area" in having:
        found = found.filter(areas__contains=[Given("area", CharField())])
    if "mine" in having:
        found = found.filter(own_by(having))
    return found.filter(state=Given("state")) if "state" in having else found.open()


@dataclass(frozen=True)
class Row:
    url: str
    title: str
    state: str
    color: str
    held_by: str
    place: str
    when: str
    # The next time, in words.
    next: str


def _with_times() -> QuerySet[Offer]:
    coming = Occurrence.objects.filter(offer=OuterRef("pk")).taking_place().filter(starts_at__gt=NOW)
    return (
        Offer.objects.filter(pk__in=Given("keys"))
        .order_by("title_key", "pk")
        .annotate(
            held_by=Coalesce("unit__name", "centre__name", "organisation__name"),
            next_at=Subquery(coming.order_by("starts_at").values("starts_at")[:1]),
        )
        .only("title", "state", "place", "first_on", "from_time", "to_time", "rule", "skips_holidays")
    )


_WITH_TIMES = Written(_with_times)


def _rows(keys: list[int]) -> list[Row]:
    states, url = labels_of(OfferState), address_of("offer")
    return [
        Row(
            url=url(offer.pk),
            title=offer.title,
            state=states[offer.state],
            color=STATE_COLORS[OfferState(offer.state)],
            held_by=offer.held_by or "",
            place=offer.place,
            when=capfirst(when(offer)),
            next=capfirst(date_format(timezone.localtime(offer.next_at), "D j.n. H.i"))
            if offer.next_at
            else "",
        )
        for offer in _WITH_TIMES.rows(keys=keys, now=timezone.now())
    ]
