"""Offers and the times of them, invented."""

from datetime import time, timedelta

from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from partnerships.models import Occurrence, Offer
from partnerships.models.offer import OfferState
from tests.factories.work import PartnershipFactory


class OfferFactory(DjangoModelFactory[Offer]):
    """Every week from today on; without the times themselves, which the services make."""

    class Meta:
        model = Offer

    partnership = SubFactory(PartnershipFactory)
    municipality = LazyAttribute(lambda row: row.partnership.municipality)
    title = Sequence(lambda n: f"Prøve turgruppe {n}")
    state = OfferState.RUNNING
    first_on = LazyFunction(timezone.localdate)
    from_time = time(10)
    to_time = time(12)
    rule = "FREQ=WEEKLY;BYDAY=TU"


class OccurrenceFactory(DjangoModelFactory[Occurrence]):
    """Tomorrow; give `starts_at` and `ends_at` for another one."""

    class Meta:
        model = Occurrence

    offer = SubFactory(OfferFactory)
    municipality = LazyAttribute(lambda row: row.offer.municipality)
    day = LazyAttribute(lambda row: timezone.localdate(row.starts_at))
    starts_at = LazyFunction(lambda: timezone.now() + timedelta(days=1))
    ends_at = LazyAttribute(lambda row: row.starts_at + timedelta(hours=2))
