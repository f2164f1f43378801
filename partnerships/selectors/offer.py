"""Offers: which are whose, and one as its page shows it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from partnerships.access import access_of
from partnerships.asked import HERE, NOW
from partnerships.models import (
    CodesignProcess,
    Membership,
    Occurrence,
    Offer,
    OfferNews,
    OfferRequirement,
    Partnership,
    PartnershipParty,
    Person,
    ProcessResult,
    RequirementKind,
)
from partnerships.models.areas import Area
from partnerships.models.codesign import process_keys_seen, ways_to_processes
from partnerships.models.offer import OfferQuerySet, OfferState, offer_keys_seen, ways_to_offers
from partnerships.models.reach import Ways, seen, ways, ways_to_see, worked_in, written
from partnerships.models.task_check import TaskRequirement
from partnerships.recurrence import Times
from partnerships.selectors.offer_times import times_of
from partnerships.selectors.process import developed
from partnerships.selectors.task_check import checks_of
from partnerships.selectors.words import settings_of
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.sms import shown_number
from samskaping.core.written import Given, Written, ask, at_hand

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
    return in_town(seen, membership.municipality_id)


def in_town(seen: OfferQuerySet, town: int | Given) -> OfferQuerySet:
    parties = PartnershipParty.objects.filter(partnership=OuterRef("partnership")).taking_part()
    return seen.filter(Q(municipality=town) | Exists(parties.filter(party_municipality=town)))


_OWN = {"own_units": "unit__in", "own_centres": "centre__in", "own_organisations": "organisation__in"}


def own_offers(user: User, membership: Membership | None, prefix: str = "") -> Q:
    """Those she is the contact for, and those held where she works; a whole municipality is nobody's own."""
    own = Q(**{f"{prefix}contact__user": user})
    for way, keys in ways_of_own(user, membership).items():
        own |= Q(**{prefix + _OWN[way]: keys})
    return own


def ways_of_own(user: User, membership: Membership | None) -> Ways:
    """Where she works, for what is written once: for `own_by`."""
    if membership is None:
        return {}
    if membership.unit_id:
        return ways(own_units=access_of(user).own(Permission.OFFER_READ).unit_ids)
    if membership.centre_id:
        return ways(own_centres=[membership.centre_id])
    return ways(own_organisations=[membership.organisation_id] if membership.organisation_id else [])


def own_by(having: frozenset[str]) -> Q:
    own = Q(contact__user=Given("user"))
    for way in having & _OWN.keys():
        own |= Q(**{_OWN[way]: Given(way)})
    return own


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
    # The process whose result it is, for those who see it.
    came_from: CodesignProcess | None
    sees_partnership: bool
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


_OFFER = Given("offer")


def offer_seen(user: User, pk: int) -> Offer:
    """As get_visible, in one query, with what it is beside at hand. Raises Http404."""
    by = ways_to_offers(user)
    found, parties = ask([written(_door, frozenset(by)), _PARTIES], {_OFFER.name: pk, **by})
    if not found:
        raise Http404
    offer: Offer = found[0]
    at_hand(offer.partnership, "parties", parties)
    return offer


def _door(having: frozenset[str]) -> QuerySet[Offer]:
    """`visible_to`, of one."""
    found = Offer.objects.filter(pk=_OFFER, pk__in=offer_keys_seen(having))
    return found.select_related(
        "partnership", "municipality__settings", "unit", "centre", "organisation", "contact"
    )


_PARTIES = Written(lambda: PartnershipParty.objects.filter(partnership__offers=_OFFER))


def offer_page(offer: Offer, user: User) -> OfferPage:
    """`offer` comes from `offer_seen` or `with_sides`. One query, and one for what was done together."""
    of_partnership, of_process = ways_to_see(user), ways_to_processes(user)
    mine = (written(_partnership, frozenset(of_partnership)), written(_came_from, frozenset(of_process)))
    given = {_OFFER.name: offer.pk, HERE.name: offer.partnership_id, NOW.name: timezone.now()}
    requirements, lacks, coming, been, news, partnership, came_from = ask(
        [_REQUIREMENTS, _LACKS, _COMING, _BEEN, _NEWS, *mine], {**of_partnership, **of_process, **given}
    )
    return OfferPage(
        offer=offer,
        tags=tags_of(offer),
        held_by=held_by(offer),
        times=times_of(offer),
        together=developed_together(offer),
        contact=contact_of(offer, user),
        areas=area_labels(offer),
        requirements=requirements,
        lacks=lacks,
        coming=coming,
        been=been,
        news=news,
        came_from=came_from[0] if came_from else None,
        sees_partnership=bool(partnership),
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


def requirements_of(offer: Offer | Given) -> QuerySet[OfferRequirement]:
    asked = OfferRequirement.objects.filter(offer=offer, removed_at=None)
    return asked.select_related("kind", "task_check").order_by("pk")


_REQUIREMENTS = Written(lambda: requirements_of(_OFFER))


def lacking(offer: int | Given, partnership: int | Given) -> QuerySet[RequirementKind]:
    asked = TaskRequirement.objects.filter(task_check__in=checks_of(partnership)).values("kind")
    known = OfferRequirement.objects.filter(offer=offer).values("kind")
    return RequirementKind.objects.filter(pk__in=asked).exclude(pk__in=known).order_by("pk")


_LACKS = Written(lambda: lacking(_OFFER, HERE))
_TIMES = Occurrence.objects.filter(offer=_OFFER)
_COMING = Written(lambda: _TIMES.filter(ends_at__gt=NOW).order_by("starts_at", "pk")[:COMING_SHOWN])
_BEEN = Written(lambda: _TIMES.filter(ends_at__lte=NOW).order_by("-starts_at", "pk")[:BEEN_SHOWN])
_NEWS = Written(lambda: OfferNews.objects.filter(offer=_OFFER)[:NEWS_SHOWN])


def _partnership(having: frozenset[str]) -> QuerySet[Any, Any]:
    return Partnership.objects.filter(seen(having), pk=HERE).order_by().values("pk")


def _came_from(having: frozenset[str]) -> QuerySet[CodesignProcess]:
    results = ProcessResult.objects.filter(offer=_OFFER).order_by().values("process")
    return CodesignProcess.objects.filter(pk__among=results, pk__in=process_keys_seen(having))[:1]


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
