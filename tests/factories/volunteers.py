"""Volunteers and what hangs on them, invented."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from partnerships.models.task_check import TaskOutcome
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.partnerships import PersonFactory
from tests.factories.work import TaskCheckFactory
from volunteers.models import (
    Assignment,
    CareStep,
    Course,
    Errand,
    OfferCrew,
    Opening,
    Shift,
    SignUp,
    Volunteer,
)
from volunteers.models.assignment import AssignmentState
from volunteers.models.care import CareKind, CarePhase
from volunteers.models.errand import ErrandKind
from volunteers.models.shift import ShiftState
from volunteers.models.sign_up import SignUpKind
from volunteers.models.volunteer import VolunteerState


class VolunteerFactory(DjangoModelFactory[Volunteer]):
    """The municipality's own; give a `person` with another controller for somebody else's."""

    class Meta:
        model = Volunteer

    person = SubFactory(PersonFactory)
    municipality = LazyAttribute(lambda row: row.person.municipality)
    organisation = LazyAttribute(lambda row: row.person.controller_organisation)
    centre = LazyAttribute(lambda row: row.person.controller_centre)
    state = VolunteerState.ACTIVE
    state_since = LazyFunction(timezone.localdate)


class AssignmentFactory(DjangoModelFactory[Assignment]):
    class Meta:
        model = Assignment

    offer = SubFactory(OfferFactory)
    volunteer = LazyAttribute(
        lambda row: VolunteerFactory.create(person__municipality=row.offer.municipality)
    )
    municipality = LazyAttribute(lambda row: row.offer.municipality)
    state = AssignmentState.ACTIVE


class CrewFactory(DjangoModelFactory[OfferCrew]):
    class Meta:
        model = OfferCrew

    offer = SubFactory(OfferFactory)
    municipality = LazyAttribute(lambda row: row.offer.municipality)


class OpeningFactory(DjangoModelFactory[Opening]):
    class Meta:
        model = Opening

    offer = SubFactory(OfferFactory)
    municipality = LazyAttribute(lambda row: row.offer.municipality)
    title = Sequence(lambda n: f"Prøve gå tur {n}")


class ShiftFactory(DjangoModelFactory[Shift]):
    class Meta:
        model = Shift

    occurrence = SubFactory(OccurrenceFactory)
    volunteer = LazyAttribute(
        lambda row: VolunteerFactory.create(person__municipality=row.occurrence.municipality)
    )
    municipality = LazyAttribute(lambda row: row.occurrence.municipality)
    state = ShiftState.COMING
    since = LazyFunction(timezone.now)


class CareStepFactory(DjangoModelFactory[CareStep]):
    class Meta:
        model = CareStep

    volunteer = SubFactory(VolunteerFactory)
    municipality = LazyAttribute(lambda row: row.volunteer.municipality)
    phase = CarePhase.CARE
    kind = CareKind.FOLLOW_UP_TALK
    due_on = LazyFunction(timezone.localdate)


class SignUpFactory(DjangoModelFactory[SignUp]):
    class Meta:
        model = SignUp

    opening = SubFactory(OpeningFactory)
    municipality = LazyAttribute(lambda row: row.opening.municipality)
    kind = SignUpKind.INTEREST
    name = Sequence(lambda n: f"Prøve Interessert {n}")
    email = Sequence(lambda n: f"interessert{n}@prove.example")
    reply_by = LazyFunction(lambda: timezone.localdate() + timedelta(days=5))


class CourseFactory(DjangoModelFactory[Course]):
    class Meta:
        model = Course

    municipality = LazyAttribute(lambda _row: PersonFactory.create().municipality)
    title = Sequence(lambda n: f"Prøve introkurs {n}")
    starts_at = LazyFunction(lambda: timezone.now() + timedelta(days=7))
    ends_at = LazyAttribute(lambda row: row.starts_at + timedelta(hours=3))


class ErrandFactory(DjangoModelFactory[Errand]):
    """Give `unit`."""

    class Meta:
        model = Errand

    municipality = LazyAttribute(lambda row: row.unit.municipality)
    kind = ErrandKind.WALK
    starts_at = LazyFunction(lambda: timezone.now() + timedelta(days=2))
    ends_at = LazyAttribute(lambda row: row.starts_at + timedelta(hours=1))


def light_opening(**fields: Any) -> Opening:
    """Where one may begin without a talk: the task check says yes, and nothing is asked."""
    offer = fields.pop("offer", None) or OfferFactory.create(**fields.pop("at", {}))
    asked = {"questions": fields.pop("questions")} if "questions" in fields else {}
    TaskCheckFactory.create(partnership=offer.partnership, outcome=TaskOutcome.YES, **asked)
    return OpeningFactory.create(offer=offer, at_once=True, **fields)
