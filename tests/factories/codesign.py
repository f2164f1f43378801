"""Level 2, invented: processes and who takes part in them."""

from django.utils import timezone
from factory.declarations import LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from partnerships.models import CodesignProcess, Participant
from partnerships.models.codesign import ProcessState
from partnerships.models.participant import Side
from tests.factories.core import MunicipalityFactory
from tests.factories.partnerships import PersonFactory
from tests.factories.work import _town_of


class ProcessFactory(DjangoModelFactory[CodesignProcess]):
    class Meta:
        model = CodesignProcess

    municipality = SubFactory(MunicipalityFactory)
    title = Sequence(lambda n: f"Prøve kveldskafé {n}")
    problem = "Mange er alene om kvelden."
    state = ProcessState.RUNNING


class ParticipantFactory(DjangoModelFactory[Participant]):
    """A citizen who said yes and shows the group her name; `joined_at=None, consent_at=None`: only asked."""

    class Meta:
        model = Participant

    process = SubFactory(ProcessFactory)
    municipality = _town_of("process")
    person = SubFactory(
        PersonFactory,
        municipality=SelfAttribute("..municipality"),
        email=Sequence(lambda n: f"deltaker{n}@prove.example"),
    )
    side = Side.CITIZEN
    joined_at = LazyFunction(timezone.now)
    consent_at = LazyFunction(timezone.now)
