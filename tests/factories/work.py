"""What is done together: partnerships and everything under them, invented."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from partnerships.models import (
    Contact,
    Duty,
    DutyHolder,
    Frame,
    Grant,
    LogEntry,
    Partnership,
    PartnershipParty,
    Person,
    RegisteredOrganisation,
    RequirementKind,
    ResponsibilityMap,
    Signal,
    StairCheck,
    Strategy,
    StrategyPoint,
    TaskCheck,
    Understanding,
    UnderstandingSide,
)
from partnerships.models.areas import Level
from partnerships.models.responsibility import DutyGroup
from partnerships.models.task_check import TaskOutcome
from samskaping.core.models.content_template import ContentKind
from tests.factories.core import ContentTemplateFactory, MunicipalityFactory
from tests.factories.partnerships import OrganisationFactory, PersonFactory, UnitFactory


def _town_of(name: str) -> LazyAttribute:
    """The same municipality as the row this one hangs on."""
    return LazyAttribute(lambda row: getattr(row, name).municipality)


class RegisteredFactory(DjangoModelFactory[RegisteredOrganisation]):
    class Meta:
        model = RegisteredOrganisation

    municipality = SubFactory(MunicipalityFactory)
    number = Sequence(lambda n: f"2{n:08}")
    name = Sequence(lambda n: f"Prøve registrert lag {n}")
    details = LazyAttribute(lambda one: {"number": one.number, "name": one.name})
    fetched_at = LazyFunction(timezone.now)


class PartnershipFactory(DjangoModelFactory[Partnership]):
    class Meta:
        model = Partnership

    municipality = SubFactory(MunicipalityFactory)
    title = Sequence(lambda n: f"Prøve språkkafé {n}")


class PartyFactory(DjangoModelFactory[PartnershipParty]):
    """An organisation that has said yes; give `unit` or `centre` and `organisation=None` for another kind."""

    class Meta:
        model = PartnershipParty

    partnership = SubFactory(PartnershipFactory)
    municipality = _town_of("partnership")
    organisation = LazyAttribute(lambda row: OrganisationFactory.create(municipality=row.municipality))
    accepted_at = LazyFunction(timezone.now)

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        actor = kwargs.get("unit") or kwargs.get("centre") or kwargs["organisation"]
        if kwargs.get("unit") or kwargs.get("centre"):
            kwargs["organisation"] = None
        return {"party_municipality": actor.municipality, **kwargs}


class ContactFactory(DjangoModelFactory[Contact]):
    """Of a party, or of the `unit`, `centre` or `organisation` given."""

    class Meta:
        model = Contact

    person = SubFactory(PersonFactory)
    municipality = _town_of("person")
    title = "Leder"


class GrantFactory(DjangoModelFactory[Grant]):
    class Meta:
        model = Grant

    partnership = SubFactory(PartnershipFactory)
    municipality = _town_of("partnership")
    source = "Prøvestiftelsen"


class LogEntryFactory(DjangoModelFactory[LogEntry]):
    class Meta:
        model = LogEntry

    partnership = SubFactory(PartnershipFactory)
    municipality = _town_of("partnership")
    line = "Vi møtes på torsdag."


class StrategyFactory(DjangoModelFactory[Strategy]):
    class Meta:
        model = Strategy

    municipality = SubFactory(MunicipalityFactory)
    title = Sequence(lambda n: f"Prøve frivilligstrategi {n}")


class StrategyPointFactory(DjangoModelFactory[StrategyPoint]):
    class Meta:
        model = StrategyPoint

    strategy = SubFactory(StrategyFactory)
    municipality = _town_of("strategy")
    order = Sequence(lambda n: n + 1)
    text = "Møteplasser i alle bygder"


class FrameFactory(DjangoModelFactory[Frame]):
    class Meta:
        model = Frame

    partnership = SubFactory(PartnershipFactory)
    municipality = _town_of("partnership")


class UnderstandingFactory(DjangoModelFactory[Understanding]):
    class Meta:
        model = Understanding

    partnership = SubFactory(PartnershipFactory)
    municipality = _town_of("partnership")
    shall = LazyFunction(lambda: ["Møtes hver torsdag"])


class UnderstandingSideFactory(DjangoModelFactory[UnderstandingSide]):
    class Meta:
        model = UnderstandingSide

    understanding = SubFactory(UnderstandingFactory)
    municipality = _town_of("understanding")
    party = LazyAttribute(lambda row: PartyFactory.create(partnership=row.understanding.partnership))


class RequirementKindFactory(DjangoModelFactory[RequirementKind]):
    """Ours, when no municipality is given."""

    class Meta:
        model = RequirementKind

    key = Sequence(lambda n: f"prove-krav-{n}")
    names = LazyFunction(lambda: {"nb": "Prøvekrav", "nn": "Prøvekrav", "en": "Trial requirement"})


class TaskCheckFactory(DjangoModelFactory[TaskCheck]):
    class Meta:
        model = TaskCheck

    partnership = SubFactory(PartnershipFactory)
    municipality = _town_of("partnership")
    task = "Følge til legen"
    questions = SubFactory(ContentTemplateFactory, kind=ContentKind.TASK_CHECK)
    outcome = TaskOutcome.YES
    decided_by = "Enhetsleder"
    decided_on = LazyFunction(timezone.localdate)


class MapFactory(DjangoModelFactory[ResponsibilityMap]):
    """The municipality's own, when neither `unit` nor `partnership` is given."""

    class Meta:
        model = ResponsibilityMap

    municipality = SubFactory(MunicipalityFactory)


class DutyFactory(DjangoModelFactory[Duty]):
    class Meta:
        model = Duty

    map = SubFactory(MapFactory)
    municipality = _town_of("map")
    group = DutyGroup.COORDINATOR
    text = "Ringe rundt før helga"


def hold(duty: Duty, person: Person | None = None, **fields: Any) -> DutyHolder:
    """Holds it now: this person, or a position."""
    who = {"person": person} if person else {"position": "Aktivitør"}
    accepted = {"accepted_at": timezone.now()}
    return DutyHolder.objects.create(
        **{"municipality": duty.municipality, "duty": duty, **who, **accepted, **fields}
    )


class SignalFactory(DjangoModelFactory[Signal]):
    """From operation to development, unanswered, without a partnership."""

    class Meta:
        model = Signal

    municipality = SubFactory(MunicipalityFactory)
    subject = "Nøkkel til lokalet"
    text = "Hvem kan låse opp når vaktmesteren er borte?"
    from_level = Level.OPERATION
    to_level = Level.DEVELOPMENT
    due_on = LazyFunction(lambda: timezone.localdate() + timedelta(days=14))


class StairCheckFactory(DjangoModelFactory[StairCheck]):
    class Meta:
        model = StairCheck

    unit = SubFactory(UnitFactory)
    municipality = _town_of("unit")
    year = 2026
    questions = SubFactory(ContentTemplateFactory, kind=ContentKind.CHECKLIST)
