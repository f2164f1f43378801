"""What volunteers are asked and told: by link, without signing in, and never what is not so any more."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.due import source_of
from partnerships.models import Notice, Occurrence
from partnerships.models.notice import Answer, NoticeState
from partnerships.models.person import Channel
from partnerships.services.notice import notices_derive
from partnerships.services.occurrence import occurrence_cancel, occurrence_move
from partnerships.services.offer import offer_pause
from partnerships.services.reply import outcome_of, reply_give, reply_token
from samskaping.core.errors import DomainError
from samskaping.core.working_days import OSLO
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.partnerships import PersonFactory
from tests.factories.volunteers import (
    AssignmentFactory,
    CrewFactory,
    ErrandFactory,
    ShiftFactory,
    VolunteerFactory,
)
from tests.factories.work import PartnershipFactory
from volunteers.models import Errand, ErrandFor, OfferCrew, Shift, Volunteer
from volunteers.models.assignment import AssignmentState
from volunteers.models.shift import ShiftState
from volunteers.services.assignment import assignment_set
from volunteers.services.errand import errand_cancel, errand_take
from volunteers.services.shift import shift_answer, shift_ask, shift_offer
from volunteers.services.volunteer import volunteer_end, volunteer_pause

COMING, WAITING, CANNOT = ShiftState.COMING, ShiftState.WAITING, ShiftState.CANNOT


@pytest.fixture
def time(town: Any) -> Occurrence:
    """Tomorrow at ten, with room for one."""
    town.settings.modules = {"shifts": True}
    town.settings.save()
    offer = OfferFactory.create(
        partnership=PartnershipFactory.create(municipality=town.municipality),
        unit=town.unit,
        title="Sangstund",
        place="Peisestua",
    )
    CrewFactory.create(offer=offer, needed=1, places=1)
    tomorrow = timezone.localdate() + timedelta(days=1)
    return OccurrenceFactory.create(
        offer=offer, starts_at=datetime.combine(tomorrow, datetime.min.time(), tzinfo=OSLO).replace(hour=10)
    )


def helper(time: Occurrence, **person: Any) -> Volunteer:
    volunteer = AssignmentFactory.create(offer=time.offer).volunteer
    for name, value in {"email": f"h{volunteer.pk}@prove.example", "phone": "", **person}.items():
        setattr(volunteer.person, name, value)
    volunteer.person.save()
    return volunteer


def coming(time: Occurrence, days_ago: int = 5, **person: Any) -> Shift:
    return ShiftFactory.create(
        occurrence=time, volunteer=helper(time, **person), since=timezone.now() - timedelta(days=days_ago)
    )


def due(kind: str) -> list[Notice]:
    """What is made now, of this kind; each as if it had been sent."""
    notices_derive(timezone.localdate())
    found = list(Notice.objects.filter(kind=kind).order_by("pk"))
    return [notice for notice in found if (source := source_of(kind)) and source.about(notice) is not None]


def sent(notice: Notice) -> Notice:
    notice.state, notice.done_at = NoticeState.SENT, timezone.now()
    notice.save()
    return notice


def words(notice: Notice) -> Any:
    source = source_of(notice.kind)
    assert source is not None
    return source.words(notice, source.about(notice))


@pytest.fixture
def visitor() -> Client:
    return Client()


def test_still_coming_is_asked_the_day_before_and_answered_by_link(time: Occurrence, visitor: Client) -> None:
    shift, other = coming(time), coming(time)
    Shift.objects.filter(pk=other.pk).update(state=WAITING)
    (notice,) = due("shift_still")
    assert notice.person_id == shift.volunteer.person_id
    assert "Sangstund" in words(notice).question
    link = reverse("reply_open", args=[reply_token(sent(notice))])
    before = Shift.objects.values_list("state", "confirmed_at", "pk")
    stands = list(before)
    # Programmes that look through links change nothing.
    for _ in range(3):
        assert visitor.get(link).status_code == 200
        visitor.head(link)
    assert list(before.all()) == stands
    visitor.post(link, {"answer": "no"})
    shift.refresh_from_db()
    other.refresh_from_db()
    assert (shift.state, other.state) == (CANNOT, COMING)
    # She regrets it; the place is somebody else's now, and she is told so.
    page = visitor.post(reverse("reply_thanks"), {"answer": "yes"}, follow=True).content.decode()
    assert "venteliste" in page
    shift.refresh_from_db()
    assert shift.state == WAITING
    assert [one.person_id for one in due("shift_moved_up")] == [other.volunteer.person_id]


def test_who_said_yes_today_or_is_where_nobody_asks_is_left_alone(time: Occurrence) -> None:
    coming(time, days_ago=0)
    assert due("shift_still") == []
    coming(time)
    OfferCrew.objects.update(asks_day_before=False)
    assert due("shift_still") == []


def test_by_letter_a_week_before_and_by_hand_on_her_behalf(town: Any, time: Occurrence) -> None:
    Occurrence.objects.filter(pk=time.pk).update(
        starts_at=time.starts_at + timedelta(days=8), ends_at=time.ends_at + timedelta(days=8)
    )
    time.refresh_from_db()
    at_home = {"email": "", "channel": Channel.LETTER, "street": "Veien 1", "postal_code": "9901"}
    shift = coming(time, days_ago=20, post_town="Fjordvik", **at_home)
    coming(time, days_ago=20)
    (notice,) = due("shift_still")
    assert (notice.person_id, notice.channel) == (shift.volunteer.person_id, Channel.LETTER)
    assert notice.tell_on <= timezone.localdate(time.starts_at) - timedelta(days=7)
    # The slip comes back, and somebody notes it.
    reply_give(notice=sent(notice), answer=Answer.YES, by=town.coordinator.user)
    shift.refresh_from_db()
    assert shift.confirmed_at is not None


def test_asked_and_the_answer(town: Any, time: Occurrence) -> None:
    volunteer = helper(time)
    shift_ask(occurrence=time, volunteers=[volunteer], by=town.coordinator.user)
    (notice,) = due("shift_asked")
    reply_give(notice=sent(notice), answer=Answer.YES)
    assert Shift.objects.get().state == COMING


def test_the_first_yes_takes_over_and_the_second_hears_it_kindly(time: Occurrence) -> None:
    shift = coming(time, days_ago=0)
    second, third = helper(time), helper(time)
    shift_offer(shift=shift, by=None)
    notices = {notice.person_id: sent(notice) for notice in due("shift_swap")}
    assert set(notices) == {second.person_id, third.person_id}
    # Not a word of who it is.
    for notice in notices.values():
        assert shift.volunteer.person.name not in str(words(notice))
    for volunteer in (second, third):
        reply_give(notice=notices[volunteer.person_id], answer=Answer.YES)
    said = [
        outcome_of(Notice.objects.get(pk=notices[volunteer.person_id].pk)) for volunteer in (second, third)
    ]
    assert "Vakta er din" in said[0]
    assert "En annen tok vakta først" in said[1]
    assert set(Shift.objects.values_list("volunteer", "state")) == {
        (shift.volunteer_id, CANNOT),
        (second.pk, COMING),
    }


@pytest.mark.parametrize("why", ["left", "on a pause", "out of the crew"])
def test_who_is_in_the_crew_no_more_does_not_take_over(time: Occurrence, visitor: Client, why: str) -> None:
    shift = coming(time, days_ago=0)
    second = helper(time)
    shift_offer(shift=shift, by=None)
    notice = sent(due("shift_swap")[0])
    url = reverse("reply_open", args=[reply_token(notice)])
    assert visitor.get(url).status_code == 200
    if why == "left":
        volunteer_end(volunteer=second, on=timezone.localdate(), reason=None, by=None)
    elif why == "on a pause":
        volunteer_pause(volunteer=second, until=None, by=None)
    else:
        assignment_set(assignment=second.assignments.get(), state=AssignmentState.ENDED, by=None)
    assert visitor.post(url, {"answer": "yes"}).status_code == 410
    assert Shift.objects.get().volunteer == shift.volunteer


def test_a_no_by_a_service_is_met_kindly(
    time: Occurrence, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when she leaves while she presses."""
    shift = coming(time, days_ago=0)
    helper(time)
    shift_offer(shift=shift, by=None)
    notice = sent(due("shift_swap")[0])

    def refuses(**_of: Any) -> None:
        raise DomainError("Den frivillige har sluttet.")

    monkeypatch.setattr("volunteers.shift_due.shift_take", refuses)
    pressed = visitor.post(reverse("reply_open", args=[reply_token(notice)]), {"answer": "yes"})
    assert pressed.status_code == 410


def test_cancelled_and_moved_are_told_to_those_who_were_coming(town: Any, time: Occurrence) -> None:
    by = town.coordinator.user
    shift = coming(time)
    helper(time)
    occurrence_move(
        occurrence=time,
        version=time.version,
        day=timezone.localdate() + timedelta(days=3),
        from_time=datetime.min.time().replace(hour=12),
        to_time=datetime.min.time().replace(hour=14),
        place="Kjøkkenet",
        by=by,
    )
    (notice,) = due("shift_news")
    assert notice.person_id == shift.volunteer.person_id
    assert "Kjøkkenet" in words(notice).sms
    time.refresh_from_db()
    occurrence_cancel(occurrence=time, because="Glatt", by=by)
    (notice,) = due("shift_news")
    assert "avlyst" in words(notice).sms
    # Nobody is asked whether she still comes to what is off.
    assert due("shift_still") == []


def test_off_where_the_module_is_off(town: Any, time: Occurrence) -> None:
    coming(time)
    town.settings.modules = {}
    town.settings.save()
    assert due("shift_still") == []


# --- One for one thing ------------------------------------------------------------------------------------
def one_to_one(town: Any, **fields: Any) -> Volunteer:
    person = PersonFactory.create(municipality=town.municipality, email="alene@prove.example")
    return VolunteerFactory.create(person=person, one_to_one=True, **fields)


def test_an_errand_is_asked_without_a_name_and_the_second_yes_is_met_kindly(
    town: Any, time: Occurrence
) -> None:
    errand = ErrandFactory.create(unit=town.unit, words="En rolig tur")
    ErrandFor.objects.create(
        municipality=town.municipality, errand=errand, first_name="Borghild", meet_at="Rom 12"
    )
    both = [one_to_one(town) for _ in range(2)]
    # Not yet of age, another controller's, on pause, or not asking for such: none of these is disturbed.
    one_to_one(town, adult_from=timezone.localdate() + timedelta(days=9))
    VolunteerFactory.create(person__municipality=town.municipality)
    VolunteerFactory.create(
        person=PersonFactory.create(
            municipality=town.municipality, controller_organisation=town.organisation
        ),
        one_to_one=True,
    )
    notices = {notice.person_id: sent(notice) for notice in due("errand_asked")}
    assert set(notices) == {one.person_id for one in both}
    for notice in notices.values():
        assert "Borghild" not in str(words(notice))
        assert "Rom 12" not in str(words(notice))
    for one in both:
        reply_give(notice=notices[one.person_id], answer=Answer.YES)
    assert Errand.objects.get().taken_by == both[0]
    said = [outcome_of(Notice.objects.get(pk=notices[one.person_id].pk)) for one in both]
    assert "ditt" in said[0]
    assert "En annen tok oppdraget først" in said[1]


def test_who_may_no_longer_take_an_errand_is_not_told_that_somebody_was_first(
    town: Any, time: Occurrence
) -> None:
    ErrandFactory.create(unit=town.unit)
    volunteer = one_to_one(town)
    notice = sent(due("errand_asked")[0])
    volunteer_pause(volunteer=volunteer, until=None, by=None)
    reply_give(notice=notice, answer=Answer.YES)
    assert "ikke lenger åpent" in outcome_of(Notice.objects.get(pk=notice.pk))
    assert Errand.objects.get().taken_by is None


def test_cancelled_is_told_and_the_name_is_gone_at_once(town: Any, time: Occurrence) -> None:
    errand = ErrandFactory.create(unit=town.unit)
    ErrandFor.objects.create(
        municipality=town.municipality, errand=errand, first_name="Borghild", meet_at="Rom 12"
    )
    taker = one_to_one(town)
    errand_take(errand=errand, volunteer=taker, by=None)
    errand_cancel(errand=errand, by=town.coordinator.user)
    assert not ErrandFor.objects.exists()
    assert [notice.person_id for notice in due("errand_off")] == [taker.person_id]


def test_she_is_asked_once_however_often_the_clock_goes(time: Occurrence) -> None:
    coming(time)
    assert len(due("shift_still")) == len(due("shift_still")) == 1


def test_who_cannot_is_not_asked_to_take_over(time: Occurrence) -> None:
    OfferCrew.objects.update(places=3)
    shift = coming(time, days_ago=0)
    busy = helper(time)
    shift_answer(occurrence=time, volunteer=busy, comes=False, by=None)
    shift_offer(shift=shift, by=None)
    assert due("shift_swap") == []


def test_the_crew_hears_that_the_offer_pauses_and_whoever_did_it_knows(town: Any, time: Occurrence) -> None:
    volunteer = helper(time)
    herself = VolunteerFactory.create(person=town.coordinator.person)
    AssignmentFactory.create(offer=time.offer, volunteer=herself)
    offer_pause(offer=time.offer, until=None, because="Ferie", by=town.coordinator.user)
    (notice,) = due("crew_news")
    assert notice.person_id == volunteer.person_id
    assert "Ferie" in str(words(notice).lines)
