"""What anybody may see of where somebody is looked for: the task, when and where; never who is there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import capfirst

from partnerships.models import Occurrence, Offer
from partnerships.models.offer import OfferState
from partnerships.selectors.offer import held_by, when
from partnerships.selectors.words import language_of, municipality_name
from samskaping.core.models import Municipality
from samskaping.core.sms import shown_number
from volunteers.models import Assignment, Opening, SignUp
from volunteers.models.assignment import OPEN
from volunteers.models.volunteer import HowMuch, Language, WhenFree

SHOWN_HERE, OFFERS_SHOWN = 12, 40
# Django counts the days of the week from Sunday, 1.
_WEEKEND, _EVENING_FROM = (1, 7), 16


@dataclass(frozen=True)
class PublicOpening:
    """One of them, ready to show: on a list, on its own page and in feeds."""

    opening: Opening
    when: str
    held_by: str
    place: str
    municipality: str
    how_much: str
    languages: list[str]
    # What it is written in, whatever the page is read in.
    language: str
    # The holder's own way in, where there is one: it comes first.
    own_sign_up: str
    left: int

    @property
    def title(self) -> str:
        return self.opening.title


def openings_public() -> "QuerySet[Opening, Any]":
    """Open to all, of municipalities that use the portal; `taken` is how many came through it."""
    there = Assignment.objects.filter(
        offer=OuterRef("opening__offer"), volunteer=OuterRef("volunteer"), state__in=OPEN
    )
    came = SignUp.objects.filter(Exists(there), opening=OuterRef("pk")).order_by().values("opening")
    # Who wrote twice is one.
    number = came.annotate(number=Count("volunteer", distinct=True)).values("number")
    found: QuerySet[Opening, Any] = (
        Opening.objects.public()
        .filter(municipality__settings__isnull=False)
        .exclude(offer__state=OfferState.PAUSED)
        .select_related(
            "offer__unit", "offer__centre", "offer__organisation", "municipality__settings",
        )
        .annotate(taken=Coalesce(Subquery(number), 0))
        .order_by("-opened_at", "-pk")
    )  # fmt: skip
    return found


def shown(opening: Opening) -> PublicOpening:
    offer, languages = opening.offer, dict(Language.choices)
    return PublicOpening(
        opening=opening,
        when=capfirst(when(offer)),
        held_by=held_by(offer),
        place=offer.place,
        municipality=municipality_name(opening.municipality),
        how_much=str(HowMuch(opening.how_much).label),
        languages=[str(languages[one]) for one in opening.languages if one in languages],
        language=language_of(opening.municipality),
        own_sign_up=offer.sign_up_url,
        left=max(opening.wanted - getattr(opening, "taken", 0), 0),
    )


def openings_found(
    *,
    municipality: Municipality | None = None,
    q: str = "",
    area: str = "",
    free: str = "",
    how_much: str = "",
    language: str = "",
) -> QuerySet[Opening]:
    """Those that fit what was chosen; what has no fixed times fits any time."""
    found = openings_public()
    if municipality is not None:
        found = found.filter(municipality=municipality)
    for word in q.split()[:5]:
        found = found.filter(
            Q(title__icontains=word) | Q(offer__title__icontains=word) | Q(offer__place__icontains=word)
        )
    if area:
        found = found.filter(offer__areas__contains=[area])
    if how_much:
        found = found.filter(how_much=how_much)
    if language:
        # What asks for no language may be done in any.
        found = found.filter(Q(languages__contains=[language]) | Q(languages=[]))
    if free:
        times = Occurrence.objects.filter(offer=OuterRef("offer"), starts_at__gt=timezone.now())
        found = found.filter(
            Q(offer__first_on=None) | Exists(times.taking_place().filter(_at(WhenFree(free))))
        )
    return found


def _at(free: WhenFree) -> Q:
    """By the clock on the wall here: Django reads the lookups in Europe/Oslo."""
    weekend = Q(starts_at__week_day__in=_WEEKEND)
    if free == WhenFree.WEEKEND:
        return weekend
    evening = Q(starts_at__hour__gte=_EVENING_FROM)
    return ~weekend & (evening if free == WhenFree.EVENING else ~evening)


# --- The offers of a municipality ---------------------------------------------------------------------------
@dataclass(frozen=True)
class PublicOffer:
    """What happens, and whom to ring; never the contact's name."""

    offer: Offer
    when: str
    held_by: str
    phone: str

    @property
    def shown_phone(self) -> str:
        return shown_number(self.phone)


def offers_public(municipality: Municipality) -> QuerySet[Offer]:
    """In operation or about to be."""
    found = Offer.objects.filter(
        municipality=municipality, state__in=(OfferState.RUNNING, OfferState.PLANNED)
    )
    return found.select_related("unit", "centre", "organisation").order_by("title_key", "pk")


def offer_shown(offer: Offer) -> PublicOffer:
    side = offer.unit or offer.centre or offer.organisation
    return PublicOffer(
        offer=offer,
        when=capfirst(when(offer)),
        held_by=held_by(offer),
        phone=offer.ring or (side.phone if side else ""),
    )


def occurrences_public(municipality: Municipality, until: datetime) -> QuerySet[Occurrence]:
    """The times of open offers, for calendars: cancelled ones too, so that a calendar takes them out."""
    times = Occurrence.objects.filter(
        municipality=municipality,
        offer__state__in=(OfferState.RUNNING, OfferState.PLANNED),
        starts_at__gte=timezone.now(),
        starts_at__lt=until,
    )
    return times.select_related("offer").order_by("starts_at", "pk")
