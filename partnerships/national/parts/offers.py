"""An offer in every partnership that is in operation, with times behind and ahead."""

from collections.abc import Iterator
from datetime import time, timedelta

from partnerships.models import Occurrence, Offer, Partnership, PartnershipParty
from partnerships.models.offer import OfferState
from partnerships.models.partnership import Phase
from partnerships.national.nation import Nation
from partnerships.national.words import key
from partnerships.recurrence import Every, Repeats
from partnerships.selectors.offer_times import times_of
from partnerships.services.occurrence import AHEAD

ORDER = 50
BEHIND = timedelta(days=90)


def load(nation: Nation) -> None:
    if nation.has(Offer.objects.all()):
        return
    running = Partnership.objects.filter(municipality__is_demo=False, phase=Phase.OPERATION).order_by("pk")
    sides = {
        party.partnership_id: party
        for party in PartnershipParty.objects.filter(partnership__in=running, organisation__isnull=False)
    }
    offers = nation.write(
        Offer,
        (
            _offer(nation, partnership, sides.get(partnership.pk))
            for partnership in running.only("municipality_id", "title", "areas", "purpose")
        ),
    )
    nation.write(Occurrence, (one for offer in offers for one in _times(nation, offer)))


def _offer(nation: Nation, partnership: Partnership, side: PartnershipParty | None) -> Offer:
    first = nation.today - timedelta(days=200 + nation.random.randrange(28))
    begins = nation.random.randrange(9, 18)
    return Offer(
        municipality_id=partnership.municipality_id, partnership=partnership, title=partnership.title,
        title_key=key(partnership.title), about=partnership.purpose, areas=partnership.areas,
        organisation_id=side.organisation_id if side else None, place="Samfunnshuset",
        expect=["Noen tar imot deg når du kommer."], state=OfferState.RUNNING, first_on=first,
        from_time=time(begins), to_time=time(begins + 2), rule=Repeats(Every.TWO_WEEKS).rule(first),
    )  # fmt: skip


def _times(nation: Nation, offer: Offer) -> Iterator[Occurrence]:
    times = times_of(offer)
    if times is None:
        return
    for day in times.days(nation.today - BEHIND, nation.today + AHEAD):
        starts_at, ends_at = times.moments(day)
        came = {"attendance": nation.random.randrange(4, 30), "version": 1} if day < nation.today else {}
        yield Occurrence(
            municipality_id=offer.municipality_id, offer=offer, day=day, starts_at=starts_at,
            ends_at=ends_at, **came,
        )  # fmt: skip
