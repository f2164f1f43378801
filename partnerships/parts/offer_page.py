"""Offers on a partnership's page and on home pages."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from partnerships.access import access_of
from partnerships.asked import HERE, NOW, TODAY, Asked
from partnerships.models import Membership, Occurrence, Offer, Partnership
from partnerships.models.offer import OfferState
from partnerships.models.partnership import Phase, Track
from partnerships.page import Fact, NextStep, Section, Stage, asks, line_from, next_steps_from, section
from partnerships.selectors.offer import STATE_COLORS, offers_here, own_offers, when
from partnerships.selectors.partnership import may_work
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.one_query import Question, Row, as_moment, number_in
from samskaping.core.registries import OverviewCard, Viewer, WorkItem, card_source, work_source

SHOWN, ON_THE_LINE, AT_MOST = 6, 3, 10
# What was not counted within a week is not asked for any more.
COUNT_WITHIN = timedelta(days=7)


def register() -> None:
    line_from("offer", facts)
    asks(OFFERS)
    next_steps_from("offer", steps)
    section(Section("offers", 30, "partnerships/offer/_section.html", shown))
    work_source("offers_now", _now, now_items)
    work_source("offers_to_count", _to_count, count_items)
    card_source("offers", _number, cards)


# --- On the page of a partnership --------------------------------------------------------------------------
def _of_partnership() -> QuerySet[Offer]:
    coming = Occurrence.objects.filter(offer=OuterRef("pk"), starts_at__gt=NOW).taking_place()
    works = Membership.objects.current(TODAY).filter(person=OuterRef("contact"))
    return (
        Offer.objects.filter(partnership=HERE)
        .annotate(
            next_at=Subquery(coming.order_by("starts_at").values("starts_at")[:1]),
            # Whoever has an account had a role; a party's contact may have none.
            contact_left=ExpressionWrapper(
                Q(contact__user__isnull=False) & ~Exists(works), output_field=BooleanField()
            ),
        )
        .order_by("title_key", "pk")
    )


OFFERS = Asked(_of_partnership)


def _offers(partnership: Partnership, viewer: Viewer) -> list[Offer]:
    """Those that are over come last."""
    return sorted(OFFERS.of(partnership, viewer), key=lambda one: one.state == OfferState.ENDED)


def facts(partnership: Partnership, viewer: Viewer) -> Iterator[Fact]:
    open_ones = [offer for offer in _offers(partnership, viewer) if offer.state != OfferState.ENDED]
    for offer in open_ones[:ON_THE_LINE]:
        said = when(offer)
        yield Fact(
            Stage.OPERATION,
            f"{offer.title}, {said}" if said else offer.title,
            order=20,
            done=offer.state == OfferState.RUNNING,
            url=reverse("offer", args=[offer.pk]),
        )
    if len(open_ones) > ON_THE_LINE:
        more = len(open_ones) - ON_THE_LINE
        yield Fact(Stage.OPERATION, _("%(count)s tilbud til") % {"count": more}, order=21)


def steps(partnership: Partnership, viewer: Viewer) -> Iterator[NextStep]:
    """What is in operation is something that happens somewhere; a small one is its own offer."""
    if not may_work(partnership, viewer.user) or partnership.phase != Phase.OPERATION:
        return
    if not _offers(partnership, viewer) and partnership.track == Track.FULL:
        yield NextStep(
            _("Tilbud"),
            _("Legg inn tilbudet"),
            reverse("offer_start_in", args=[partnership.pk]),
            _("Da står det i kalenderen, og folk ser hvem de kan ringe."),
            order=35,
        )
    for offer in _offers(partnership, viewer):
        if offer.state == OfferState.RUNNING and offer.first_on and offer.next_at is None:  # type: ignore[attr-defined]
            yield NextStep(
                _("Tilbud"),
                _("Siste gang av %(title)s har vært") % {"title": offer.title},
                reverse("offer_times", args=[offer.pk]),
                _("Skriv nye tider, eller avslutt tilbudet."),
                order=36,
            )
        if offer.state != OfferState.ENDED and offer.contact_left:  # type: ignore[attr-defined]
            yield NextStep(
                _("Tilbud"),
                _("Velg en ny kontaktperson for %(title)s") % {"title": offer.title},
                reverse("offer_edit", args=[offer.pk]),
                _("Den som sto der, har ingen rolle lenger."),
                order=34,
            )


def shown(partnership: Partnership, viewer: Viewer) -> dict[str, Any] | None:
    found = _offers(partnership, viewer)
    may_start = partnership.phase != Phase.ENDED and access_of(viewer.user).covers(
        Permission.OFFER_EDIT, partnership
    )
    if not found and not may_start:
        return None
    return {
        "offers": [
            {
                "offer": offer,
                "when": when(offer),
                "next_at": offer.next_at,  # type: ignore[attr-defined]
                "color": STATE_COLORS[OfferState(offer.state)],
            }
            for offer in found[:SHOWN]
        ],
        "more": max(len(found) - SHOWN, 0),
        "may_start": may_start,
    }


# --- On home pages -----------------------------------------------------------------------------------------
def _mine(viewer: Viewer) -> Any:
    """Those of the role she is in: as the contact, or where she works. None: her role runs no offers."""
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.OFFER_READ):
        return None
    offers = offers_here(viewer.user, membership).filter(own_offers(viewer.user, membership))
    return Occurrence.objects.filter(offer__in=offers.order_by().values("pk")).taking_place()


def _now(viewer: Viewer) -> Question | None:
    """Today and tomorrow."""
    mine = _mine(viewer)
    if mine is None:
        return None
    near = mine.filter(ends_at__gt=viewer.now, starts_at__date__lte=viewer.today + timedelta(days=1))
    return Question(
        near.order_by("starts_at")[:AT_MOST], pk="pk", title="offer__title", starts_at="starts_at"
    )


def now_items(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        at = timezone.localtime(as_moment(row["starts_at"]))
        yield WorkItem(
            tag=_("Tilbud"),
            color="success",
            title=row["title"],
            note=_("kl. %(clock)s") % {"clock": f"{at:%H.%M}"},
            url=reverse("occurrence", args=[row["pk"]]),
            due_on=at.date(),
        )


def _to_count(viewer: Viewer) -> Question | None:
    """Only to whoever is the contact: one number, while she still remembers it."""
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.OFFER_EDIT):
        return None
    been = Occurrence.objects.filter(
        offer__contact__user=viewer.user,
        offer__municipality=membership.municipality_id,
        ends_at__lte=viewer.now,
        ends_at__gt=viewer.now - COUNT_WITHIN,
        attendance=None,
    ).taking_place()
    return Question(
        been.order_by("starts_at")[:AT_MOST], pk="pk", title="offer__title", starts_at="starts_at"
    )


def count_items(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        at = timezone.localtime(as_moment(row["starts_at"]))
        yield WorkItem(
            tag=_("Oppmøte"),
            title=_("Hvor mange kom på %(title)s?") % {"title": row["title"]},
            note=formats.date_format(at, "l j. F"),
            url=reverse("occurrence", args=[row["pk"]]),
        )


def _number(viewer: Viewer) -> Question | None:
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.OFFER_READ):
        return None
    running = offers_here(viewer.user, membership).filter(state=OfferState.RUNNING)
    return Question(running.order_by(), number=Count("pk"))


def cards(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[OverviewCard]:
    yield OverviewCard(
        label=_("Tilbud"),
        number=formats.number_format(number_in(rows), force_grouping=True),
        note=_("i gang nå"),
        order=16,
        url=reverse("offers"),
        link=_("Se tilbudene"),
    )
