"""The pages of shifts: what is pressed happens, and nobody reads a name that is not hers to know."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Occurrence
from samskaping.accounts.permissions import Role
from samskaping.core.models import AuditEvent
from tests.factories import partnerships as made
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.partnerships import OrganisationFactory
from tests.factories.volunteers import (
    AssignmentFactory,
    ErrandFactory,
    ShiftFactory,
    VolunteerFactory,
)
from tests.queries import assert_constant_queries
from tests.volunteers.crew import contact_of, helper, herself, signed_in, text
from volunteers.models import (
    Expense,
    HourEntry,
    HoursMonth,
    Shift,
    Thanks,
    Wall,
)
from volunteers.models.shift import ShiftState
from volunteers.services.shift import every_time_set
from volunteers.services.wall import wall_revoke, wall_token

LIST_AT_MOST, PAGE_AT_MOST = 10, 25


# --- Herself ----------------------------------------------------------------------------------------------
def test_she_says_yes_asks_somebody_to_take_over_and_the_other_takes_it(town: Any, time: Occurrence) -> None:
    liv, harald = helper(time, "Liv Sang"), helper(time, "Harald Bass")
    hers, his = herself(liv), herself(harald)
    assert "Sangstund" in text(hers.get(reverse("my_shifts")))
    answer = reverse("my_shift_answer", args=[time.pk])
    page = text(hers.post(answer, {"answer": "yes"}, follow=True))
    assert "Du kommer" in page
    hers.post(answer, {"answer": "offer"})
    assert "Jeg tar vakta" in text(his.get(reverse("my_shifts")))
    his.post(answer, {"answer": "take"})
    states = dict(Shift.objects.values_list("volunteer", "state"))
    assert states == {liv.pk: ShiftState.CANNOT, harald.pk: ShiftState.COMING}
    assert his.post(answer, {"answer": "nonsense"}).status_code == 404


def test_every_time_by_one_press(time: Occurrence) -> None:
    liv = helper(time, "Liv Sang")
    client, assignment = herself(liv), liv.assignments.get()
    client.post(reverse("my_every_time", args=[assignment.pk]), {"on": "1"})
    assert Shift.objects.get().state == ShiftState.COMING
    other = helper(time, "Harald Bass").assignments.get()
    assert client.post(reverse("my_every_time", args=[other.pk]), {"on": "1"}).status_code == 404


def test_elsewhere_at_the_time_is_asked_about(time: Occurrence) -> None:
    liv = helper(time, "Liv Sang")
    other = OccurrenceFactory.create(
        offer__partnership=time.offer.partnership, offer__title="Kor", starts_at=time.starts_at
    )
    ShiftFactory.create(occurrence=other, volunteer=liv)
    client, answer = herself(liv), reverse("my_shift_answer", args=[time.pk])
    assert "Kor" in text(client.post(answer, {"answer": "yes"}))
    assert not Shift.objects.filter(occurrence=time).exists()
    client.post(answer, {"answer": "yes", "clash": "1"})
    assert Shift.objects.get(occurrence=time).clash_accepted


# --- Those who run it -------------------------------------------------------------------------------------
def test_a_place_contact_runs_her_day(town: Any, time: Occurrence) -> None:
    """Rings nobody: sees who comes, ticks who came, thanks one of them."""
    liv, harald = helper(time, "Liv Sang", phone="+4755501010"), helper(time, "Harald Bass")
    for one in (liv, harald):
        ShiftFactory.create(occurrence=time, volunteer=one)
    place = contact_of(time)
    page = text(place.get(reverse("on_site")))
    assert "Liv Sang" in page
    assert "+4755501010" in page
    assert "trenger 1 til" in page
    Occurrence.objects.filter(pk=time.pk).update(
        starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() - timedelta(minutes=1), day=None
    )
    place.post(
        reverse("attendance_one", args=[time.pk]), {"volunteer": liv.pk, "came": "yes", "on_site": "1"}
    )
    place.post(reverse("attendance", args=[time.pk]), {"all": "1", "on_site": "1"})
    assert set(Shift.objects.values_list("state", flat=True)) == {ShiftState.CAME}
    assert HoursMonth.objects.get().entries == 2
    thank = reverse("shift_thank", args=[time.pk])
    place.post(thank, {"volunteer": liv.pk, "words": "Så fint du sang!"})
    assert "Takket" in text(place.get(reverse("on_site")))
    # In one line to the rest of them; whoever has got it does not get it twice.
    for _twice in range(2):
        place.post(thank, {"all": "1", "words": "Takk for i dag!"})
    assert dict(Thanks.objects.values_list("volunteer", "words")) == {
        liv.pk: "Så fint du sang!",
        harald.pk: "Takk for i dag!",
    }
    place.post(reverse("attendance", args=[time.pk]), {"came": [str(liv.pk)], f"minutes-{liv.pk}": "45"})
    assert list(HourEntry.objects.values_list("volunteer", "minutes")) == [(liv.pk, 45)]
    assert AuditEvent.objects.filter(verb="attendance_marked").exists()


def test_names_by_right(town: Any, time: Occurrence) -> None:
    club = OrganisationFactory.create(municipality=town.municipality, name="Turlaget")
    liv = helper(time, "Liv Sang", phone="+4755501010")
    knut = helper(time, "Knut Fremmed", controller_organisation=club)
    hidden = helper(time, "Berit Skjult", phone="+4755509999", hide_contact=True)
    for one in (liv, knut, hidden):
        ShiftFactory.create(occurrence=time, volunteer=one)
    staff = signed_in(made.member(town.municipality, Role.STAFF, unit=town.unit).user)
    leader = signed_in(made.member(town.municipality, Role.UNIT_LEADER, unit=town.unit).user)
    rep = signed_in(made.member(town.municipality, Role.ORGANISATION_REP, organisation=club).user)
    for url in (reverse("on_site"), reverse("occurrence_crew", args=[time.pk])):
        seen = text(staff.get(url))
        assert "Liv" in seen
        assert "Sang<" not in seen
        assert "+4755501010" not in seen
        assert "Turlaget" in seen
        assert "Knut" not in seen
        seen = text(leader.get(url))
        assert "Liv Sang" in seen
        assert "+4755501010" not in seen
    seen = text(contact_of(time).get(reverse("on_site")))
    assert "+4755501010" in seen
    assert "+4755509999" not in seen
    # Her own club is not here: the offer is not theirs to see.
    assert rep.get(reverse("occurrence_crew", args=[time.pk])).status_code == 404


def test_on_behalf_of(town: Any, time: Occurrence) -> None:
    boss = signed_in(town.coordinator.user)
    liv = helper(time, "Liv Sang")
    once = VolunteerFactory.create(person__municipality=town.municipality, person__name="Oksana Vikar")
    page = text(boss.get(reverse("occurrence_crew", args=[time.pk]), {"q": "vik"}))
    assert "Oksana Vikar" in page
    put = reverse("shift_set", args=[time.pk])
    for one in (liv, once):
        boss.post(put, {"volunteer": one.pk, "answer": "yes"})
    assert Shift.objects.filter(state=ShiftState.COMING).count() == 2
    # Who comes once is in the crew, so that those on the spot know who she is.
    assert once.assignments.get().offer == time.offer
    boss.post(put, {"volunteer": liv.pk, "answer": "out"})
    assert Shift.objects.get().volunteer == once
    event = AuditEvent.objects.filter(verb="shift_answered").latest("at")
    assert event.on_behalf_of
    neighbour = VolunteerFactory.create()
    assert boss.post(put, {"volunteer": neighbour.pk, "answer": "yes"}).status_code == 404


def test_the_crew_page_and_its_settings(town: Any, time: Occurrence) -> None:
    boss = signed_in(town.coordinator.user)
    liv = helper(time, "Liv Sang")
    every_time_set(assignment=liv.assignments.get(), on=True, by=None)
    page = text(boss.get(reverse("offer_crew", args=[time.offer_id])))
    assert "Liv Sang" in page
    assert "Hver gang" in page
    assert "Frivillige" in text(boss.get(reverse("offer", args=[time.offer_id])))
    edit = reverse("offer_crew_edit", args=[time.offer_id])
    typed = {"needed": "5", "places": "2", "version": "0"}
    assert "plass til så mange" in text(boss.post(edit, typed))
    boss.post(edit, {**typed, "places": "8"})
    time.offer.crew.refresh_from_db()
    assert (time.offer.crew.needed, time.offer.crew.places) == (5, 8)


def test_off_there_is_a_link_and_a_number_and_no_more(town: Any, time: Occurrence) -> None:
    town.settings.modules = {}
    town.settings.save()
    helper(time, "Liv Sang")
    time.offer.crew.outside_url = "https://vakter.example/sang"
    time.offer.crew.save()
    boss = signed_in(town.coordinator.user)
    page = text(boss.get(reverse("offer_crew", args=[time.offer_id])))
    assert "https://vakter.example/sang" in page
    assert boss.get(reverse("occurrence_crew", args=[time.pk])).status_code == 404
    for name in ("errands", "expenses", "hours", "walls"):
        assert boss.get(reverse(name)).status_code == 404, name


def test_as_many_questions_for_many_as_for_one(town: Any, time: Occurrence) -> None:
    def one_more() -> None:
        volunteer = helper(time, "Nok En")
        ShiftFactory.create(occurrence=time, volunteer=volunteer)
        Expense.objects.create(
            municipality=time.municipality, volunteer=volunteer, day=timezone.localdate(), km=3
        )
        ErrandFactory.create(unit=town.unit)
        another = OccurrenceFactory.create(
            offer__partnership=time.offer.partnership, offer__unit=town.unit, starts_at=time.starts_at
        )
        ShiftFactory.create(occurrence=another, volunteer=volunteer)
        HoursMonth.objects.create(
            municipality=time.municipality,
            offer=another.offer,
            month=timezone.localdate().replace(day=1),
            minutes=60,
            entries=1,
        )

    boss = signed_in(town.coordinator.user)
    pages = (
        (reverse("offer_crew", args=[time.offer_id]), PAGE_AT_MOST),
        (reverse("occurrence_crew", args=[time.pk]), PAGE_AT_MOST),
        (reverse("on_site"), LIST_AT_MOST),
        (reverse("expenses"), LIST_AT_MOST),
        (reverse("errands"), LIST_AT_MOST),
        (reverse("hours"), LIST_AT_MOST),
    )
    for url, at_most in pages:
        assert_constant_queries(boss, url, one_more, rows=4)
        for client in (boss, contact_of(time)):
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(url)
            sql = [query["sql"][:200] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
            assert len(sql) <= at_most or answer.status_code == 403, "\n".join([url, *sql])


def test_her_own_page_asks_no_more_for_many(time: Occurrence) -> None:
    client = herself(liv := helper(time, "Liv Sang"))

    def one_more() -> None:
        another = OccurrenceFactory.create(
            offer__partnership=time.offer.partnership, starts_at=time.starts_at + timedelta(days=1)
        )
        AssignmentFactory.create(offer=another.offer, volunteer=liv)

    assert_constant_queries(client, reverse("my_shifts"), one_more, rows=4)


# --- Hours, and the screen on the wall --------------------------------------------------------------------
def test_hours_are_sums_of_own_offers(town: Any, time: Occurrence) -> None:
    elsewhere = OfferFactory.create(partnership=time.offer.partnership, title="Et annet sted")
    for offer, minutes in ((time.offer, 150), (elsewhere, 600)):
        HoursMonth.objects.create(
            municipality=town.municipality,
            offer=offer,
            month=timezone.localdate().replace(day=1),
            minutes=minutes,
            entries=2,
        )
    boss = text(signed_in(town.coordinator.user).get(reverse("hours")))
    assert "Et annet sted" in boss
    leader = signed_in(made.member(town.municipality, Role.UNIT_LEADER, unit=town.unit).user)
    page = text(leader.get(reverse("hours")))
    assert "Sangstund" in page
    assert "2,5" in page
    assert "Et annet sted" not in page


def test_the_screen_shows_first_names_and_sets_no_cookie(town: Any, time: Occurrence) -> None:
    club = OrganisationFactory.create(municipality=town.municipality)
    soon = timezone.localtime().replace(hour=23, minute=0)
    Occurrence.objects.filter(pk=time.pk).update(starts_at=soon, ends_at=soon + timedelta(minutes=30))
    for one in (
        helper(time, "Liv Sang"),
        helper(time, "Knut Fremmed", controller_organisation=club),
        helper(time, "Berit Skjult", hide_contact=True),
    ):
        ShiftFactory.create(occurrence=time, volunteer=one)
    wall = Wall.objects.create(municipality=town.municipality, unit=town.unit, name="Vaktrommet")
    url = reverse("wall", args=[wall_token(wall)])
    response = Client().get(url)
    page = text(response)
    assert not response.cookies
    assert 'http-equiv="refresh"' in page
    assert "Liv" in page
    for name in ("Sang<", "Sang ", "Knut", "Berit"):
        assert name not in page.replace("Sangstund", "")
    assert "2 til" in page
    assert Client().get(url[:-3] + "0/").status_code == 404
    wall_revoke(wall=wall, by=town.coordinator.user)
    assert Client().get(url).status_code == 404


def test_nobody_is_put_in_the_crew_before_the_answer_holds(town: Any, time: Occurrence) -> None:
    place = signed_in(town.coordinator.user)
    elsewhere = OccurrenceFactory.create(
        offer=OfferFactory.create(partnership=time.offer.partnership), starts_at=time.starts_at
    )
    berit = VolunteerFactory.create(person__municipality=town.municipality, unit=town.unit)
    ShiftFactory.create(occurrence=elsewhere, volunteer=berit)
    url = reverse("shift_set", args=[time.pk])
    assert "Ja, før det opp" in text(place.post(url, {"volunteer": berit.pk, "answer": "yes"}))
    assert not berit.assignments.exists()
    # Who cannot come is not in the crew for having said so.
    place.post(url, {"volunteer": berit.pk, "answer": "no"})
    assert Shift.objects.get(volunteer=berit, occurrence=time).state == ShiftState.CANNOT
    assert not berit.assignments.exists()
    place.post(url, {"volunteer": berit.pk, "answer": "yes", "clash": "1"})
    assert berit.assignments.get().offer == time.offer


def test_a_number_that_is_wrong_loses_nothing_of_the_rest(town: Any, time: Occurrence) -> None:
    liv, harald = helper(time, "Liv Sang"), helper(time, "Harald Bass")
    ShiftFactory.create(occurrence=time, volunteer=harald)
    Occurrence.objects.filter(pk=time.pk).update(starts_at=timezone.now() - timedelta(hours=2))
    place, url = contact_of(time), reverse("attendance", args=[time.pk])
    right = {"came": [str(liv.pk)], f"minutes-{harald.pk}": "1500"}
    for typed in ("1500", "1,5", "90 min"):
        page = text(place.post(url, {**right, f"minutes-{liv.pk}": typed}))
        assert "Se på minuttene til Liv Sang." in page
        assert f'value="{typed}" aria-invalid="true"' in page
        assert f'id="came-{liv.pk}" checked' in page
        assert f'id="came-{harald.pk}" checked' not in page
        assert not HourEntry.objects.exists()
    # What is typed beside one who was not there says nothing.
    place.post(url, {**right, f"minutes-{liv.pk}": " 90 "})
    assert list(HourEntry.objects.values_list("volunteer", "minutes")) == [(liv.pk, 90)]
    assert Shift.objects.get(volunteer=harald).state == ShiftState.ABSENT
