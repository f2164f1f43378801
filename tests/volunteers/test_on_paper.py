"""The whole way without e-mail or account: by letter and telephone, and somebody notes what she says."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from partnerships.models import Notice
from partnerships.models.notice import Answer
from partnerships.models.person import Channel
from partnerships.services.reply import reply_give
from samskaping.core.models import AuditEvent
from samskaping.core.working_days import OSLO
from tests.factories.partnerships import PersonFactory
from tests.factories.volunteers import CareStepFactory, CourseFactory, VolunteerFactory
from tests.partnerships.noticing import THURSDAY, Clock, at, round_of
from volunteers.documents import confirmation, month_sheet
from volunteers.models import CourseSeat, Volunteer
from volunteers.models.care import CareKind
from volunteers.services.care import care_talk_set
from volunteers.services.course import course_sign_up
from volunteers.services.thanks import thanks_give
from volunteers.services.volunteer import volunteer_end
from volunteers.views.documents import pdf_response

pytestmark = pytest.mark.django_db


@pytest.fixture
def harald(town: Any, monkeypatch: pytest.MonkeyPatch) -> Volunteer:
    Clock(monkeypatch).set(at(THURSDAY))
    person = PersonFactory.create(
        municipality=town.municipality, name="Harald Prøve", phone="+4755501311", channel=Channel.LETTER,
        street="Strandgata 8", postal_code="9901", post_town="Prøvevik",
    )  # fmt: skip
    return VolunteerFactory.create(person=person)


def listed(kind: str) -> Notice:
    """On the list of letters, to be printed and posted."""
    notice = Notice.objects.get(kind=kind)
    assert (notice.channel, notice.state) == ("letter", "listed")
    return notice


def test_the_whole_way(harald: Volunteer, town: Any) -> None:
    by = town.coordinator.user
    day = datetime.combine(THURSDAY + timedelta(days=8), time(11), tzinfo=OSLO)
    # A talk: asked by letter, answered on the telephone.
    step = CareStepFactory.create(volunteer=harald, kind=CareKind.START_TALK)
    step = care_talk_set(step=step, at=day, place="Biblioteket", by=by)
    # A course: somebody signs him up, and he says no on the slip.
    course = CourseFactory.create(
        municipality=town.municipality,
        starts_at=day + timedelta(days=9),
        ends_at=day + timedelta(days=9, hours=2),
    )
    course_sign_up(course=course, person=harald.person, by=by)
    thanks_give(volunteer=harald, words="Det ble helt stille da du sang", by=by)
    round_of(at(THURSDAY, 10))
    reply_give(notice=listed("care_talk"), answer=Answer.YES, by=by)
    step.refresh_from_db()
    assert step.suits is True
    reply_give(notice=listed("course_seat"), answer=Answer.NO, by=by)
    assert not CourseSeat.objects.exists()
    assert listed("volunteer_thanks")
    # On whose behalf it was is in the trace.
    noted = AuditEvent.objects.filter(verb="care_talk_answered").get()
    assert noted.on_behalf_of == f"partnerships.person:{harald.person_id}"
    # His month and his confirmation, on paper.
    assert month_sheet([harald], THURSDAY.replace(day=1)).startswith(b"%PDF")
    volunteer_end(volunteer=harald, on=THURSDAY, reason=None, by=by)
    harald.refresh_from_db()
    assert confirmation(harald, frozenset({"period", "hours"})).startswith(b"%PDF")


def test_what_is_hers_is_kept_by_no_browser(rf: RequestFactory) -> None:
    answer = pdf_response(rf.get("/"), lambda: b"%PDF", "bekreftelse")
    assert answer["Cache-Control"] == "private, no-store"
