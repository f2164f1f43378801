"""Offers as a list, and one as its page shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from partnerships.access import access_of
from partnerships.models import (
    Membership,
    Occurrence,
    Offer,
    OfferNews,
    OfferRequirement,
    PartnershipParty,
    Person,
    RequirementKind,
)
from partnerships.models.areas import Area
from partnerships.models.offer import OfferQuerySet, OfferState
from partnerships.models.reach import worked_in
from partnerships.models.task_check import TaskRequirement
from partnerships.recurrence import Times
from partnerships.selectors.offer_times import times_of
from partnerships.selectors.partnership_search import both_forms
from partnerships.selectors.process import developed
from partnerships.selectors.task_check import checks_of
from partnerships.selectors.words import settings_of
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.sms import shown_number
from samskaping.core.text import sort_key

STATE_COLORS = {
    OfferState.PLANNED: "info",
    OfferState.RUNNING: "success",
    OfferState.PAUSED: "warning",
    OfferState.ENDED: "neutral",
}
COMING_SHOWN, BEEN_SHOWN, NEWS_SHOWN = 6, 4, 5


def offers_here(user: User, membership: Membership | None) -> OfferQuerySet:
    """What she may see, of the place she works now: its own, and those of partnerships it is a party of."""
    seen = Offer.objects.visible_to(user)
    if membership is None or membership.municipality_id is None:
        return seen.none()
    town = membership.municipality_id
    parties = PartnershipParty.objects.filter(partnership=OuterRef("partnership")).taking_part()
    return seen.filter(Q(municipality=town) | Exists(parties.filter(party_municipality=town)))


def own_offers(user: User, membership: Membership | None, prefix: str = "") -> Q:
    """Those she is the contact for, and those held where she works; a whole municipality is nobody's own."""
    contact = Q(**{f"{prefix}contact__among": Person.objects.filter(user=user).values("pk")})
    if membership is None:
        return contact
    if membership.unit_id:
        units = access_of(user).own(Permission.OFFER_READ).unit_ids
        return contact | Q(**{f"{prefix}unit__in": units})
    if membership.centre_id:
        return contact | Q(**{f"{prefix}centre": membership.centre_id})
    if membership.organisation_id:
        return contact | Q(**{f"{prefix}organisation": membership.organisation_id})
    return contact


def matching(
    found: OfferQuerySet, *, q: str = "", state: str = "", area: str = "", own: Q | None = None
) -> OfferQuerySet:
    """Every word of `q` stands in the name, in either form of Norwegian. Ended ones only when asked for."""
    for word in sort_key(q).split():
        either = Q(pk=None)
        for form in both_forms(word):
            either |= Q(title_key__contains=form)
        found = found.filter(either)
    if area:
        found = found.filter(areas__contains=[area])
    if own is not None:
        found = found.filter(own)
    return found.filter(state=state) if state else found.open()


@dataclass(frozen=True)
class Row:
    pk: int
    title: str
    state: str
    color: str
    held_by: str
    place: str
    when: str
    next_at: datetime | None


def rows(found: Any) -> list[Row]:
    """Of a page of a queryset, in its order. One query."""
    coming = Occurrence.objects.filter(offer=OuterRef("pk")).taking_place().after(timezone.now())
    offers = found.select_related("unit", "centre", "organisation").annotate(
        next_at=Subquery(coming.order_by("starts_at").values("starts_at")[:1])
    )
    return [
        Row(
            pk=offer.pk,
            title=offer.title,
            state=offer.get_state_display(),
            color=STATE_COLORS[OfferState(offer.state)],
            held_by=held_by(offer),
            place=offer.place,
            when=when(offer),
            next_at=offer.next_at,
        )
        for offer in offers
    ]


def held_by(offer: Offer) -> str:
    """Empty for the whole municipality's."""
    side = offer.unit or offer.centre or offer.organisation
    return side.name if side else ""


def when(offer: Offer) -> str:
    times = times_of(offer)
    return times.in_words() if times and offer.state != OfferState.ENDED else ""


# --- One of them ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class OfferPage:
    offer: Offer
    tags: list[dict[str, Any]]
    held_by: str
    times: Times | None
    together: str
    contact: "Contact"
    areas: list[str]
    requirements: list[OfferRequirement]
    # What «Kan frivillige gjøre dette?» asks for, and nobody has taken in or away.
    lacks: list[RequirementKind]
    coming: list[Occurrence]
    been: list[Occurrence]
    news: list[OfferNews]
    may_edit: bool


@dataclass(frozen=True)
class Contact:
    """Whom to ring."""

    name: str = ""
    number: str = ""
    email: str = ""

    @property
    def phone(self) -> str:
        """As people read it."""
        return shown_number(self.number)


def with_sides(offers: OfferQuerySet) -> OfferQuerySet:
    return offers.select_related(
        "partnership", "municipality__settings", "process", "unit", "centre", "organisation", "contact"
    ).prefetch_related("partnership__parties")


def offer_page(offer: Offer, user: User) -> OfferPage:
    """`offer` comes from `with_sides`."""
    now = timezone.now()
    times = offer.occurrences.all()
    return OfferPage(
        offer=offer,
        tags=tags_of(offer),
        held_by=held_by(offer),
        times=times_of(offer),
        together=developed_together(offer),
        contact=contact_of(offer, user),
        areas=area_labels(offer),
        requirements=list(requirements_of(offer)),
        lacks=list(lacking(offer)),
        coming=list(times.filter(ends_at__gt=now).order_by("starts_at", "pk")[:COMING_SHOWN]),
        been=list(times.filter(ends_at__lte=now).order_by("-starts_at", "pk")[:BEEN_SHOWN]),
        news=list(offer.news.select_related("occurrence")[:NEWS_SHOWN]),
        may_edit=may_edit(offer, user),
    )


def may_edit(offer: Offer, user: User) -> bool:
    return access_of(user).covers(Permission.OFFER_EDIT, offer)


def tags_of(offer: Offer) -> list[dict[str, Any]]:
    return [{"text": offer.get_state_display(), "color": STATE_COLORS[OfferState(offer.state)]}]


def area_labels(offer: Offer) -> list[str]:
    """What left the list of areas is left out, not shown as a code."""
    labels = dict(Area.choices)
    return [str(labels[area]) for area in offer.areas if area in labels]


def requirements_of(offer: Offer) -> QuerySet[OfferRequirement]:
    return offer.requirements.filter(removed_at=None).select_related("kind", "task_check").order_by("pk")


def lacking(offer: Offer) -> QuerySet[RequirementKind]:
    asked = TaskRequirement.objects.filter(task_check__in=checks_of(offer.partnership_id)).values("kind")
    known = offer.requirements.values("kind")
    return RequirementKind.objects.filter(pk__in=asked).exclude(pk__in=known).order_by("pk")


def contact_of(offer: Offer, user: User) -> Contact:
    """Somebody to ring in any case: the offer's number, hers, that of where it is held, the municipality's.

    People are named to those who work in the partnership or in the municipality; not to guests.
    """
    person = offer.contact if _may_be_told(offer, user) else None
    if person is not None and person.erased_at is not None:
        person = None
    open_to_all = person is not None and not person.hide_contact
    side = offer.unit or offer.centre or offer.organisation
    settings = settings_of(offer.municipality)
    phones = (
        offer.ring,
        person.phone if person and open_to_all else "",
        side.phone if side else "",
        settings.contact_phone if settings else "",
    )
    emails = (
        person.email if person and open_to_all else "",
        side.email if side else "",
        settings.contact_email if settings else "",
    )
    name = person.name if person else (side.name if side else settings.contact_name if settings else "")
    return Contact(name, next(filter(None, phones), ""), next(filter(None, emails), ""))


def _may_be_told(offer: Offer, user: User) -> bool:
    access = access_of(user)
    if offer.municipality_id in access.municipalities_with(Permission.CONTACT_READ):
        return True
    return Offer.objects.filter(pk=offer.pk, partnership__in=worked_in(user)).exists()


def developed_together(offer: Offer) -> str:
    """Only what is true: so many meetings were held, and so many proposals came. Empty where none did."""
    found = developed([offer.process_id] if offer.process_id else [])
    return str(found) if found else ""


def people_for(offer: Offer, user: User) -> QuerySet[Person]:
    """Who may be its contact: those with a role where it is held, the parties' contacts, herself."""
    working = Membership.objects.current().filter(
        Q(unit=offer.unit_id, unit__isnull=False)
        | Q(centre=offer.centre_id, centre__isnull=False)
        | Q(organisation=offer.organisation_id, organisation__isnull=False)
    )
    seen = Person.objects.visible_to(user)
    mine = Q(user=user, municipality=offer.municipality_id)
    there = seen.filter(
        Q(pk__in=working.values("person")) | Q(contact_for__party__partnership=offer.partnership_id) | mine
    )
    return Person.objects.filter(
        Q(pk__in=there.values("pk")) | Q(pk=offer.contact_id or 0), erased_at=None
    ).order_by("name_key", "pk")
