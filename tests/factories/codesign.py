"""Level 2, invented: processes and who takes part in them."""

from datetime import timedelta

from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from partnerships.models import (
    AgendaItem,
    CodesignProcess,
    Meeting,
    Participant,
    ProcessTask,
    Proposal,
    ProposalComment,
)
from partnerships.models.codesign import ProcessState
from partnerships.models.meeting import MeetingState
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


class MeetingFactory(DjangoModelFactory[Meeting]):
    """A joint one, held a week ago; give `starts_at`, `ends_at` and `state` for another."""

    class Meta:
        model = Meeting

    process = SubFactory(ProcessFactory)
    municipality = _town_of("process")
    title = Sequence(lambda n: f"Prøve møte {n}")
    state = MeetingState.SET
    starts_at = LazyFunction(lambda: timezone.now() - timedelta(days=7))
    ends_at = LazyAttribute(lambda row: row.starts_at + timedelta(hours=2) if row.starts_at else None)


class AgendaItemFactory(DjangoModelFactory[AgendaItem]):
    class Meta:
        model = AgendaItem

    meeting = SubFactory(MeetingFactory)
    municipality = _town_of("meeting")
    order = Sequence(lambda n: n + 1)
    text = "Hvem låser opp?"


class ProcessTaskFactory(DjangoModelFactory[ProcessTask]):
    class Meta:
        model = ProcessTask

    process = SubFactory(ProcessFactory)
    municipality = _town_of("process")
    text = "Koke kaffe"


class ProposalFactory(DjangoModelFactory[Proposal]):
    """One that waits for an answer; `participant` gave it, or nobody: a paper note."""

    class Meta:
        model = Proposal

    process = SubFactory(ProcessFactory)
    municipality = _town_of("process")
    text = Sequence(lambda n: f"Prøve innspill {n}")
    answer_by = LazyFunction(lambda: timezone.localdate() + timedelta(days=14))


class CommentFactory(DjangoModelFactory[ProposalComment]):
    class Meta:
        model = ProposalComment

    proposal = SubFactory(ProposalFactory)
    municipality = _town_of("proposal")
    person = SubFactory(PersonFactory)
    text = "Enig"
