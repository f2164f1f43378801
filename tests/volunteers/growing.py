"""One more of everything about volunteers, for the tests that count questions."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from partnerships.services.initiative import Giver, initiative_give
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.partnerships import PersonFactory
from tests.factories.volunteers import (
    AssignmentFactory,
    CareStepFactory,
    CourseFactory,
    OpeningFactory,
    ShiftFactory,
    SignUpFactory,
    VolunteerFactory,
)
from volunteers.models import Course, CourseSeat
from volunteers.models.care import CareKind
from volunteers.models.volunteer import LeavingReason
from volunteers.services.care import care_note_add, care_talk_set
from volunteers.services.thanks import thanks_give
from volunteers.services.volunteer import volunteer_end


def those_who_help(town: Any, number: int) -> None:
    """`town`: of the permission world."""
    by = town.members["coordinator"].user
    offer, opening = town.things["offer"], town.things["opening"]
    new = VolunteerFactory.create(
        person=PersonFactory.create(municipality=town.municipality, name=f"Prøve Hjelper {number}"),
        unit=town.unit,
        interests=["elderly", "culture"],
        languages=["no", "uk"],
    )
    AssignmentFactory.create(offer=offer, volunteer=new)
    # She whose page it is, by those who look after her and by herself.
    for hers in (town.things["cared_for"], town.things["own_volunteer"]):
        other = OfferFactory.create(partnership=offer.partnership, title=f"Prøve tilbud {number} {hers.pk}")
        AssignmentFactory.create(offer=other, volunteer=hers)
        time = OccurrenceFactory.create(offer=other, starts_at=timezone.now() + timedelta(days=number + 1))
        ShiftFactory.create(occurrence=time, volunteer=hers)
        CareStepFactory.create(volunteer=hers, words=f"Prøve {number}", owner=by)
        talk = CareStepFactory.create(volunteer=hers, kind=CareKind.FOLLOW_UP_TALK)
        care_talk_set(step=talk, at=timezone.now() + timedelta(days=number + 2), place="Kafeen", by=by)
        care_note_add(volunteer=hers, line=f"Prøve {number}", days=30, by=by)
        thanks_give(volunteer=hers, words=f"Takk {number}", by=by, offer=other)
    course = CourseFactory.create(municipality=town.municipality, unit=town.unit, title=f"Kurs {number}")
    been = CourseFactory.create(municipality=town.municipality, unit=town.unit, title=f"Var kurs {number}")
    then = timezone.now() - timedelta(days=number + 9)
    Course.objects.filter(pk=been.pk).update(starts_at=then, ends_at=then + timedelta(hours=2))
    for one, person in (
        (course, town.things["own_volunteer"].person),
        (been, town.things["own_volunteer"].person),
        (town.things["course"], new.person),
        (course, town.things["cared_for"].person),
    ):
        CourseSeat.objects.create(municipality=town.municipality, course=one, person=person)
    more = OpeningFactory.create(offer=offer, title=f"Prøve søker {number}")
    for about in (opening, more):
        SignUpFactory.create(opening=about, name=f"Prøve Interessert {number}")
    initiative_give(
        municipality=town.municipality,
        title=f"Idé {number}",
        text="",
        where="",
        giver=Giver(name="", email=""),
    )
    left = VolunteerFactory.create(
        person=PersonFactory.create(municipality=town.municipality, name=f"Prøve Sluttet {number}")
    )
    volunteer_end(volunteer=left, on=timezone.localdate(), reason=LeavingReason.OTHER, by=by)
