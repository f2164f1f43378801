"""A partnership with people at every level, for the tests of questions."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from partnerships.models import Partnership, Signal
from partnerships.models.areas import Level
from partnerships.services.signal import To, signal_raise
from samskaping.accounts.permissions import Role
from tests.factories.partnerships import UnitFactory, member
from tests.factories.work import PartnershipFactory, PartyFactory
from tests.partnerships.conftest import Town


@dataclass
class Cafe:
    town: Town
    partnership: Partnership
    chief: Any
    sector_chief: Any
    leader: Any
    staff: Any
    rep: Any

    def ask(self, asker: Any, to: To, **fields: Any) -> Signal:
        given = {
            "due_on": timezone.localdate() + timedelta(days=14),
            "partnership": self.partnership,
            **fields,
        }
        return signal_raise(
            municipality=self.town.municipality,
            asker=asker.person,
            from_level=given.pop("from_level", Level.DEVELOPMENT),
            to=to,
            subject="Nøkkel til lokalet",
            text="Hvem kan låse opp når vaktmesteren er borte?",
            by=asker.user,
            **given,
        )

    def late(self, signal: Signal, day: date) -> Signal:
        Signal.objects.filter(pk=signal.pk).update(due_on=day)
        signal.refresh_from_db()
        return signal


def make_cafe(town: Town) -> Cafe:
    place = town.municipality
    sector = UnitFactory.create(municipality=place, name="Prøve helse")
    type(town.unit).objects.filter(pk=town.unit.pk).update(parent=sector)
    partnership = PartnershipFactory.create(municipality=place)
    PartyFactory.create(partnership=partnership, unit=town.unit)
    PartyFactory.create(partnership=partnership, organisation=town.organisation)
    return Cafe(
        town=town,
        partnership=partnership,
        chief=member(place, Role.CHIEF, name="Torunn Sjef"),
        sector_chief=member(place, Role.CHIEF, unit=sector, name="Sigrid Sektor"),
        leader=member(place, Role.UNIT_LEADER, unit=town.unit, name="Liv Leder"),
        staff=member(place, Role.STAFF, unit=town.unit, name="Anne Ansatt"),
        rep=member(place, Role.ORGANISATION_REP, organisation=town.organisation, name="Kåre Lag"),
    )
