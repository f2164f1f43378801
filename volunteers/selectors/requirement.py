"""What a volunteer needs for what she takes part in, and what of it she has; for one as for many.

Never the police certificate: it stands in no list (selectors/police.py). An errand alone asks whether it is
shown, of one who takes it, and tells nobody.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Offer, OfferRequirement, RequirementKind
from volunteers.models import Assignment, Exemption, PoliceFact, Volunteer, VolunteerRequirement
from volunteers.models.assignment import THERE
from volunteers.models.requirement import PoliceOutcome
from volunteers.models.volunteer import VolunteerQuerySet, VolunteerState

RENEW_WITHIN = timedelta(days=30)


class NeedState(models.TextChoices):
    MISSING = "missing", _("Mangler")
    ASKED = "asked", _("Bedt om")
    OK = "ok", _("I orden")
    RENEW = "renew", _("Fornyes snart")
    EXPIRED = "expired", _("Har gått ut")
    EXEMPT = "exempt", _("Unntak")


COLORS = {
    NeedState.MISSING: "warning",
    NeedState.ASKED: "info",
    NeedState.OK: "success",
    NeedState.RENEW: "warning",
    NeedState.EXPIRED: "danger",
    NeedState.EXEMPT: "neutral",
}
LACKING = frozenset({NeedState.MISSING, NeedState.ASKED, NeedState.EXPIRED})


@dataclass
class Need:
    """One kind, for one volunteer. Without offers: something she has that nobody asks for."""

    kind: RequirementKind
    state: NeedState = NeedState.MISSING
    had: VolunteerRequirement | None = None
    exemption: Exemption | None = None
    offers: list[str] = field(default_factory=list)

    @property
    def is_lacking(self) -> bool:
        return self.state in LACKING

    @property
    def color(self) -> str:
        return COLORS[self.state]

    @property
    def until(self) -> date | None:
        """The last day it holds, however that is."""
        if self.state == NeedState.EXEMPT and self.exemption is not None:
            return self.exemption.until
        return self.had.holds_to if self.had is not None else None


def state_of(had: VolunteerRequirement | None, exemption: Exemption | None, today: date) -> NeedState:
    """What is in order goes before being let off, and that before what is lacking."""
    if had is not None and had.met_on is not None and (had.holds_to is None or had.holds_to >= today):
        soon = had.holds_to is not None and had.holds_to <= today + RENEW_WITHIN
        return NeedState.RENEW if soon else NeedState.OK
    if exemption is not None and exemption.ended_at is None and exemption.until >= today:
        return NeedState.EXEMPT
    if had is None:
        return NeedState.MISSING
    return NeedState.EXPIRED if had.met_on is not None else NeedState.ASKED


def needs_of(
    volunteers: Collection[int],
    *,
    offers: "QuerySet[Offer] | None" = None,
    there: "QuerySet[Assignment] | None" = None,
    also_unasked: bool = False,
    today: date | None = None,
) -> dict[int, list[Need]]:
    """For each volunteer (by id) what the offers she takes part in ask for; three questions, however many.

    `offers`: only what these ask for; `there`: only for these of her assignments. `also_unasked`: what she
    has that none of them asks for, too.
    """
    today = today or timezone.localdate()
    asked: dict[tuple[int, int], list[str]] = {}
    for volunteer, kind, title in _asked_of(volunteers, offers, there):
        asked.setdefault((volunteer, kind), []).append(title)
    if not asked and not also_unasked:
        return {pk: [] for pk in volunteers}
    had = {
        (row.volunteer_id, row.kind_id): row
        for row in VolunteerRequirement.objects.filter(
            volunteer__in=volunteers, kind__is_police_certificate=False
        ).select_related("kind")
    }
    exempt = {
        (row.volunteer_id, row.kind_id): row
        for row in Exemption.objects.filter(
            volunteer__in=volunteers, ended_at=None, until__gte=today, kind__is_police_certificate=False
        ).select_related("kind", "by")
    }
    kinds = _kinds({kind for _volunteer, kind in asked}, [*had.values(), *exempt.values()])
    wanted = {*asked, *had, *exempt} if also_unasked else set(asked)
    found: dict[int, list[Need]] = {pk: [] for pk in volunteers}
    for key in sorted(wanted, key=lambda one: (one[0], str(kinds[one[1]]))):
        row, exemption = had.get(key), exempt.get(key)
        need = Need(
            kinds[key[1]], state_of(row, exemption, today), row, exemption, sorted(asked.get(key, []))
        )
        found[key[0]].append(need)
    return found


def needs_for(
    offer: Offer, volunteers: Collection[int], *, today: date | None = None
) -> dict[int, list[Need]]:
    """Who may take this task now: for each of these what this offer asks for, whether she is there or not."""
    today = today or timezone.localdate()
    kinds = [row.kind for row in asked_by(offer)]
    had = {
        (row.volunteer_id, row.kind_id): row
        for row in VolunteerRequirement.objects.filter(volunteer__in=volunteers, kind__in=kinds)
    }
    exempt = {
        (row.volunteer_id, row.kind_id): row
        for row in Exemption.objects.filter(
            volunteer__in=volunteers, kind__in=kinds, ended_at=None, until__gte=today
        )
    }
    return {
        pk: [
            Need(
                kind,
                state_of(had.get((pk, kind.pk)), exempt.get((pk, kind.pk)), today),
                had.get((pk, kind.pk)),
                exempt.get((pk, kind.pk)),
                [offer.title],
            )
            for kind in kinds
        ]
        for pk in volunteers
    }


def asked_by(offer: Offer) -> list[OfferRequirement]:
    """What the offer asks for now, but for the police certificate."""
    rows = offer.requirements.filter(removed_at=None, kind__is_police_certificate=False)
    return list(rows.select_related("kind").order_by("kind__key", "pk"))


def asks_for_police(offer: Offer) -> bool:
    return offer.requirements.filter(removed_at=None, kind__is_police_certificate=True).exists()


def lacks(volunteer: Any, kind: Any, today: date) -> Q:
    """That one (an OuterRef or a key) has nothing of this kind that holds, and is not let off it."""
    in_order = VolunteerRequirement.objects.filter(
        Q(holds_to=None) | Q(holds_to__gte=today), met_on__isnull=False, volunteer=volunteer, kind=kind
    )
    return ~Exists(in_order) & ~Exists(_let_off(volunteer, kind, today))


def _let_off(volunteer: Any, kind: Any, today: date) -> "QuerySet[Exemption]":
    return Exemption.objects.filter(volunteer=volunteer, kind=kind, ended_at=None, until__gte=today)


def lacking(found: VolunteerQuerySet, *, today: date | None = None) -> VolunteerQuerySet:
    """Those of `found` who lack something that an offer of theirs asks for."""
    today = today or timezone.localdate()
    asked = _asked_for(OuterRef("pk")).filter(kind__is_police_certificate=False)
    return found.filter(Exists(asked.filter(lacks(OuterRef(OuterRef("pk")), OuterRef("kind"), today))))


def number_lacking(there: "QuerySet[Assignment]", *, today: date | None = None) -> dict[int, int]:
    """For each volunteer (by id) who lacks something where she takes part: how many kinds."""
    lacked = lacks(OuterRef("volunteer"), OuterRef("asked_kind"), today or timezone.localdate())
    pairs = _asking(there).filter(lacked).order_by().values_list("volunteer", "asked_kind").distinct()
    return Counter(volunteer for volunteer, _kind in pairs)


def ready_for(offer: Offer, found: VolunteerQuerySet, *, today: date | None = None) -> VolunteerQuerySet:
    """Those of `found` who have all the offer asks for. Whether the police certificate is shown is not asked
    here, so that a list says nothing of it."""
    today = today or timezone.localdate()
    for requirement in asked_by(offer):
        found = found.filter(~lacks(OuterRef("pk"), requirement.kind_id, today))
    return found


def kinds_lacked(
    kinds: "QuerySet[RequirementKind]", volunteer: Any, today: date
) -> "QuerySet[RequirementKind]":
    """Of these kinds, what she (a key, or an OuterRef as far out as she is) does not have. The police
    certificate is asked for, too: to act on, and never to be shown."""
    shown = PoliceFact.objects.filter(
        Q(outcome=PoliceOutcome.NOT_REQUIRED)
        | Q(outcome=PoliceOutcome.SHOWN) & (Q(renew_by=None) | Q(renew_by__gte=today)),
        volunteer=volunteer,
    )
    let_off = _let_off(volunteer, OuterRef("pk"), today)
    return kinds.filter(
        Q(is_police_certificate=False) & lacks(volunteer, OuterRef("pk"), today)
        | Q(is_police_certificate=True) & ~Exists(shown) & ~Exists(let_off)
    )


def _asked_for(volunteer: OuterRef) -> "QuerySet[OfferRequirement]":
    """What offers she takes part in ask for. All of it is in one municipality, and saying so lets a list of
    one town's volunteers leave the rest of the nation alone."""
    town = OuterRef("municipality")
    return OfferRequirement.objects.filter(
        offer__assignments__volunteer=volunteer,
        offer__assignments__state__in=THERE,
        offer__assignments__municipality=town,
        municipality=town,
        removed_at=None,
    )


def expiring(found: VolunteerQuerySet, *, by: date) -> "QuerySet[VolunteerRequirement]":
    """What ends for these on or before the day, or has, where it is still asked for; the oldest first."""
    still_asked = _asked_for(OuterRef("volunteer")).filter(kind=OuterRef("kind"))
    here = found.exclude(state__in=(VolunteerState.ENDED, VolunteerState.INTERESTED))
    return (
        VolunteerRequirement.objects.filter(
            Exists(still_asked),
            volunteer__in=here.values("pk"),
            holds_to__lte=by,
            kind__is_police_certificate=False,
        )
        .select_related("kind", "volunteer__person")
        .order_by("holds_to", "volunteer__person__name_key", "pk")
    )


def _asked_of(
    volunteers: Collection[int],
    offers: "QuerySet[Offer] | None",
    among: "QuerySet[Assignment] | None",
) -> Iterable[tuple[int, int, str]]:
    every = Assignment.objects.all() if among is None else among.order_by()
    there = every.filter(volunteer__in=volunteers, state__in=THERE)
    if offers is not None:
        there = there.filter(offer__in=offers)
    asked: Iterable[tuple[int, int, str]] = (
        _asking(there).values_list("volunteer", "asked_kind", "offer__title").distinct()
    )
    return asked


def _asking(there: "QuerySet[Assignment]") -> "QuerySet[Any]":
    """Those at offers that ask for something, once for each kind; but for the police certificate."""
    return there.filter(
        offer__requirements__removed_at=None,
        offer__requirements__kind__is_police_certificate=False,
        # By this name: a later filter that said the path again would be of any requirement there.
    ).annotate(asked_kind=F("offer__requirements__kind"))


def _kinds(asked: set[int], rows: Iterable[VolunteerRequirement | Exemption]) -> dict[int, RequirementKind]:
    known = {row.kind_id: row.kind for row in rows}
    more = asked - known.keys()
    return {**known, **(RequirementKind.objects.in_bulk(more) if more else {})}


def one_of(volunteer: Volunteer) -> list[Need]:
    return needs_of([volunteer.pk], also_unasked=True)[volunteer.pk]
