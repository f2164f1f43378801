"""Offers: started with a name, at times that follow their rule, paused and ended; and who may."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from partnerships.access import access_of
from partnerships.models import LogEntry, Occurrence, Offer, OfferNews
from partnerships.models.offer import NewsKind, OfferState
from partnerships.models.partnership import Phase, StartedBy, Track
from partnerships.recurrence import Every, Repeats, Times
from partnerships.selectors.offer import lacking
from partnerships.services.editing import ChangedMeanwhile
from partnerships.services.occurrence import (
    occurrence_add,
    occurrence_cancel,
    occurrence_move,
    occurrence_note,
    occurrence_restore,
    occurrences_make,
)
from partnerships.services.offer import (
    offer_change,
    offer_end,
    offer_pause,
    offer_resume,
    offer_start,
    offer_times,
    offers_go_on,
)
from partnerships.services.offer_requirement import (
    offer_requirement_add,
    offer_requirement_remove,
    offer_requirements_from,
)
from partnerships.services.phase import partnership_end, partnership_reopen
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.selectors.content_template import content_template_current
from samskaping.core.services.retention import retention_run
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.partnerships import UnitFactory, member
from tests.factories.work import PartnershipFactory, PartyFactory, RequirementKindFactory, TaskCheckFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 9, 2, 10, tzinfo=UTC)  # a Wednesday
TUESDAY = date(2026, 9, 8)


@pytest.fixture(autouse=True)
def september():
    with time_machine.travel(NOON, tick=False):
        yield


def weekly(first_on=TUESDAY, **more):
    return Times(first_on, time(10), time(12), Repeats(Every.WEEK).rule(first_on), **more)


@pytest.fixture
def rep(town):
    return member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)


@pytest.fixture
def tur(town, rep):
    return offer_start(
        municipality=town.municipality,
        title="Turgruppe på Nes",
        own=town.organisation,
        contact=rep.person,
        times=weekly(),
        by=rep.user,
    )


def days(offer):
    return list(offer.occurrences.values_list("day", flat=True))


# --- Starting ------------------------------------------------------------------------------------------
def test_an_organisation_begins_with_a_name_and_gets_a_light_partnership(tur, town, rep):
    assert (tur.partnership.title, tur.partnership.track) == ("Turgruppe på Nes", Track.LIGHT)
    assert tur.partnership.phase == Phase.OPERATION
    assert tur.partnership.started_by == StartedBy.ORGANISATION
    assert [party.actor for party in tur.partnership.parties.all()] == [town.organisation]
    assert tur.state == OfferState.PLANNED
    assert days(tur)[:2] == [date(2026, 9, 8), date(2026, 9, 15)]
    assert access_of(rep.user).covers(Permission.OFFER_EDIT, tur)
    assert Offer.objects.visible_to(town.coordinator.user).get() == tur


def test_nobody_starts_for_another_organisation(town, rep):
    other = PartyFactory.create(partnership=PartnershipFactory.create(municipality=town.municipality))
    with pytest.raises(DomainError):
        offer_start(municipality=town.municipality, title="Deres", own=other.organisation, by=rep.user)
    with pytest.raises(DomainError):
        offer_start(municipality=town.municipality, title="Kommunens", by=rep.user)
    assert not Offer.objects.exists()


def test_a_place_contact_runs_her_own_and_no_other(town):
    unit = UnitFactory.create(municipality=town.municipality)
    kari = member(town.municipality, Role.PLACE_CONTACT, unit=unit)
    mine = offer_start(
        municipality=town.municipality, title="Høytlesing", own=unit, contact=kari.person, by=kari.user
    )
    others = OfferFactory.create(partnership__municipality=town.municipality, unit=unit)
    access = access_of(kari.user)
    assert access.covers(Permission.OFFER_EDIT, mine)
    assert not access.covers(Permission.OFFER_EDIT, others)
    assert set(Offer.objects.visible_to(kari.user)) == {mine, others}
    with pytest.raises(DomainError):
        offer_start(municipality=town.municipality, title="Ikke min", own=unit, by=kari.user)


def test_a_contact_who_works_elsewhere_runs_it_no_more(town):
    units = [UnitFactory.create(municipality=town.municipality) for _ in range(2)]
    kari = member(town.municipality, Role.PLACE_CONTACT, unit=units[0])
    mine = offer_start(
        municipality=town.municipality, title="Høytlesing", own=units[0], contact=kari.person, by=kari.user
    )
    kari.unit = units[1]
    kari.save()
    assert not access_of(User.objects.get(pk=kari.user.pk)).covers(Permission.OFFER_EDIT, mine)


def test_a_club_names_no_other_as_who_holds_it(town, rep):
    unit = UnitFactory.create(municipality=town.municipality)
    partnership = PartnershipFactory.create(municipality=town.municipality)
    PartyFactory.create(partnership=partnership, organisation=town.organisation)
    PartyFactory.create(partnership=partnership, unit=unit)

    def start(own, by):
        return offer_start(
            municipality=town.municipality, title="Sang", own=own, partnership=partnership, by=by
        )

    with pytest.raises(DomainError):
        start(unit, rep.user)
    assert start(town.organisation, rep.user).organisation == town.organisation
    assert start(unit, town.coordinator.user).unit == unit


def test_a_template_fills_what_nobody_wrote(reference, town, rep):
    template = content_template_current("tilbud-turgruppe")
    made = offer_start(
        municipality=town.municipality,
        title="Tur",
        own=town.organisation,
        template=template,
        by=rep.user,
        about="Vi går sakte.",
    )
    assert made.about == "Vi går sakte."
    assert made.expect
    # No template knows whether those who come are insured.
    assert (made.insurance, made.expenses) == ("", "")
    template.refresh_from_db()
    assert template.first_used_at is not None


def test_not_in_a_partnership_that_is_over(town, rep):
    over = PartnershipFactory.create(
        municipality=town.municipality, phase=Phase.ENDED, ended_on=date(2026, 1, 1)
    )
    with pytest.raises(StateChanged):
        offer_start(municipality=town.municipality, title="Tur", partnership=over, by=town.coordinator.user)


def test_two_who_edit_overwrite_nothing(tur, town, rep):
    offer_change(offer=tur, version=0, changes={"place": "Brygga"}, by=rep.user)
    with pytest.raises(ChangedMeanwhile):
        offer_change(offer=tur, version=0, changes={"place": "Kirka"}, by=town.coordinator.user)
    tur.refresh_from_db()
    assert tur.place == "Brygga"


# --- Times ---------------------------------------------------------------------------------------------
def test_the_clock_makes_what_is_missing_and_only_once(tur):
    before = days(tur)
    tur.occurrences.filter(day__gte=date(2026, 10, 1)).delete()
    assert occurrences_make(timezone.localdate()) > 0
    assert sorted(days(tur)) == sorted(before)
    assert occurrences_make(timezone.localdate()) == 0
    with time_machine.travel(NOON + timedelta(days=14), tick=False):
        assert occurrences_make(timezone.localdate()) == 2


def test_a_new_clock_moves_what_nobody_touched_and_keeps_its_name(tur, rep):
    first, second = tur.occurrences.all()[:2]
    occurrence_move(
        occurrence=first, version=0, day=date(2026, 9, 9), from_time=time(17), to_time=time(18),
        place="Brygga", by=rep.user,
    )  # fmt: skip
    later = Times(TUESDAY, time(11), time(13), weekly().rule)
    offer_times(offer=tur, version=0, times=later, by=rep.user)
    moved, kept = Occurrence.objects.get(pk=second.pk), Occurrence.objects.get(pk=first.pk)
    assert (timezone.localtime(moved.starts_at).hour, moved.uid, moved.sequence) == (11, second.uid, 1)
    assert timezone.localtime(kept.starts_at).hour == 17
    assert days(tur).count(date(2026, 9, 8)) == 1


def test_another_weekday_takes_the_old_ones_away(tur, rep):
    thursday = date(2026, 9, 10)
    offer_times(offer=tur, version=0, times=weekly(thursday), by=rep.user)
    assert {day.weekday() for day in days(tur)} == {3}
    assert OfferNews.objects.get(offer=tur).kind == NewsKind.TIMES


def test_what_has_been_stays_when_the_times_change(tur, rep):
    with time_machine.travel(NOON + timedelta(days=10), tick=False):
        offer_times(offer=tur, version=0, times=None, by=rep.user)
    assert days(tur) == [date(2026, 9, 8)]


def test_a_moved_one_keeps_its_wall_clock_across_summer_time(tur, rep):
    summer = tur.occurrences.get(day=date(2026, 10, 20))
    moved = occurrence_move(
        occurrence=summer, version=0, day=date(2026, 10, 27), from_time=time(14), to_time=time(15),
        place="", by=rep.user,
    )  # fmt: skip
    assert timezone.localtime(moved.starts_at).hour == 14
    assert moved.starts_at.astimezone(UTC).hour == 13
    assert moved.sequence == 1


def test_cancelling_says_why_and_can_be_taken_back(tur, rep):
    one = tur.occurrences.first()
    occurrence_cancel(occurrence=one, because="Det er glatt", by=rep.user)
    with pytest.raises(StateChanged):
        occurrence_cancel(occurrence=one, because="Igjen", by=rep.user)
    back = occurrence_restore(occurrence=one, by=rep.user)
    assert (back.cancelled_at, back.sequence) == (None, 2)
    assert [news.kind for news in OfferNews.objects.order_by("pk")] == ["cancelled", "restored"]


def test_how_many_came_is_noted_after_it_began(tur, town, rep):
    one = tur.occurrences.first()
    with pytest.raises(StateChanged):
        occurrence_note(occurrence=one, version=0, attendance=8, feedback="", by=rep.user)
    with time_machine.travel(datetime(2026, 9, 8, 9, tzinfo=UTC), tick=False):
        noted = occurrence_note(occurrence=one, version=0, attendance=8, feedback="Fin tur", by=rep.user)
        with pytest.raises(ChangedMeanwhile):
            occurrence_note(occurrence=one, version=0, attendance=9, feedback="", by=town.coordinator.user)
    assert (noted.attendance, noted.feedback) == (8, "Fin tur")


def test_another_place_is_told_and_read_again_by_calendars(tur, rep):
    one, own = tur.occurrences.all()[:2]
    occurrence_move(
        occurrence=own, version=0, day=own.day, from_time=time(10), to_time=time(12), place="Kirka",
        by=rep.user,
    )  # fmt: skip
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        offer_change(offer=tur, version=0, changes={"place": "Brygga"}, by=rep.user)
        one.refresh_from_db()
        assert (one.sequence, one.updated_at, one.version) == (1, timezone.now(), 0)
    own.refresh_from_db()
    assert own.sequence == 1
    assert OfferNews.objects.filter(occurrence=None).get().kind == NewsKind.PLACE


def test_new_times_are_read_again_by_calendars(tur, rep):
    later = Times(TUESDAY, time(11), time(13), weekly().rule)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        offer_times(offer=tur, version=0, times=later, by=rep.user)
        assert tur.occurrences.first().updated_at == timezone.now()


def test_what_is_over_when_it_is_written_never_was(town, rep):
    def begun(first_on, until):
        made = offer_start(
            municipality=town.municipality, title=f"Tur {until}", own=town.organisation, by=rep.user,
            times=Times(first_on, time(8), until, Repeats(Every.WEEK).rule(first_on)),
        )  # fmt: skip
        return days(made)[0]

    today = timezone.localdate()
    # It is noon.
    assert begun(today, time(11)) == today + timedelta(days=7)
    assert begun(today, time(13)) == today


def test_an_extra_one_is_not_taken_away_by_the_rule(tur, rep):
    extra = occurrence_add(
        offer=tur, day=date(2026, 9, 12), from_time=time(12), to_time=time(15), by=rep.user
    )
    offer_times(offer=tur, version=0, times=weekly(date(2026, 9, 10)), by=rep.user)
    assert Occurrence.objects.filter(pk=extra.pk).exists()
    with pytest.raises(DomainError):
        occurrence_add(offer=tur, day=date(2026, 9, 1), from_time=time(12), to_time=time(15), by=rep.user)


# --- Pause and end --------------------------------------------------------------------------------------
def test_a_pause_takes_the_times_away_until_its_last_day(tur, rep):
    touched = tur.occurrences.get(day=date(2026, 9, 15))
    occurrence_move(
        occurrence=touched, version=0, day=date(2026, 9, 16), from_time=time(10), to_time=time(12),
        place="", by=rep.user,
    )  # fmt: skip
    offer_pause(offer=tur, until=date(2026, 10, 1), because="Stien er stengt", by=rep.user)
    assert min(tur.occurrences.taking_place().values_list("day", flat=True)) == date(2026, 10, 6)
    touched.refresh_from_db()
    assert touched.cancelled_because == "Stien er stengt"
    assert LogEntry.objects.filter(partnership=tur.partnership, line__contains="Stien er stengt").exists()
    with time_machine.travel(datetime(2026, 10, 1, 2, tzinfo=UTC), tick=False):
        assert offers_go_on(timezone.localdate()) == 1
        tur.refresh_from_db()
        assert (tur.state, tur.paused_until) == (OfferState.RUNNING, None)
    assert [news.kind for news in OfferNews.objects.filter(occurrence=None).order_by("pk")] == [
        "paused", "resumed",
    ]  # fmt: skip


def test_an_end_takes_what_was_to_come_and_can_be_undone(tur, rep):
    offer_end(offer=tur, ended_on=date(2026, 9, 2), because="Ingen til å lede", by=rep.user)
    assert not tur.occurrences.exists()
    with pytest.raises(StateChanged):
        offer_end(offer=tur, ended_on=date(2026, 9, 2), because="", by=rep.user)
    with pytest.raises(DomainError):
        offer_end(offer=OfferFactory.create(), ended_on=date(2026, 9, 3), because="", by=rep.user)
    offer_resume(offer=tur, by=rep.user)
    assert days(tur)[0] == date(2026, 9, 8)


def test_what_the_pause_cancelled_comes_back_with_the_offer_and_what_was_off_stays_off(tur, rep):
    moved, off = tur.occurrences.all()[:2]
    occurrence_move(
        occurrence=moved, version=0, day=date(2026, 9, 16), from_time=time(17), to_time=time(18),
        place="Brygga", by=rep.user,
    )  # fmt: skip
    occurrence_cancel(occurrence=off, because="Det er glatt", by=rep.user)
    offer_pause(offer=tur, until=None, because="Til vi vet mer", by=rep.user)
    moved.refresh_from_db()
    assert moved.cancelled_at is not None
    offer_resume(offer=tur, by=rep.user)
    moved.refresh_from_db()
    off.refresh_from_db()
    assert (moved.cancelled_at, moved.cancelled_because, moved.place) == (None, "", "Brygga")
    assert timezone.localtime(moved.starts_at).hour == 17
    assert off.cancelled_because == "Det er glatt"
    # Twice over, and after an end too.
    offer_end(offer=tur, ended_on=date(2026, 9, 2), because="", by=rep.user)
    offer_resume(offer=tur, by=rep.user)
    moved.refresh_from_db()
    assert moved.cancelled_at is None


def test_one_that_is_counted_is_neither_cancelled_nor_moved(tur, rep):
    one = tur.occurrences.first()
    with time_machine.travel(one.starts_at + timedelta(minutes=30), tick=False):
        occurrence_note(occurrence=one, version=0, attendance=12, feedback="", by=rep.user)
        with pytest.raises(StateChanged):
            occurrence_cancel(occurrence=one, because="Regn", by=rep.user)
        with pytest.raises(StateChanged):
            occurrence_move(
                occurrence=one, version=1, day=date(2026, 9, 20), from_time=time(10), to_time=time(12),
                place="", by=rep.user,
            )  # fmt: skip


def test_it_ends_with_its_partnership_and_is_not_taken_up_without_it(tur, town, rep):
    partnership_end(
        partnership=tur.partnership, ended_on=date(2026, 9, 2), because="Prøvd nok", by=town.coordinator.user
    )
    tur.refresh_from_db()
    assert (tur.state, tur.because) == (OfferState.ENDED, "Prøvd nok")
    assert not tur.occurrences.exists()
    assert OfferNews.objects.get(offer=tur).kind == NewsKind.ENDED
    with pytest.raises(StateChanged):
        offer_resume(offer=tur, by=rep.user)
    partnership_reopen(partnership=tur.partnership, by=town.coordinator.user)
    assert offer_resume(offer=tur, by=rep.user).state == OfferState.PLANNED


def test_what_was_planned_begins_by_itself(tur):
    assert offers_go_on(date(2026, 9, 7)) == 0
    assert offers_go_on(date(2026, 9, 8)) == 1
    tur.refresh_from_db()
    assert tur.state == OfferState.RUNNING


# --- Requirements ---------------------------------------------------------------------------------------
def test_requirements_come_from_the_check_and_go_with_a_reason(tur, town, rep, reference):
    kind, own = (RequirementKindFactory.create(municipality=town.municipality) for _ in range(2))
    check = TaskCheckFactory.create(partnership=tur.partnership)
    check.requirements.add(kind, through_defaults={"municipality": town.municipality})
    assert offer_requirements_from(offer=tur, task_check=check, by=rep.user) == 1
    requirement = tur.requirements.get()
    offer_requirement_remove(requirement=requirement, because="Vi går bare i sentrum", by=rep.user)
    assert offer_requirements_from(offer=tur, task_check=check, by=rep.user) == 0
    with pytest.raises(StateChanged):
        offer_requirement_remove(requirement=requirement, because="Igjen", by=rep.user)
    offer_requirement_add(offer=tur, kind=own, because="Førstehjelp er greit å kunne", by=rep.user)
    assert [one.kind for one in tur.requirements.filter(removed_at=None)] == [own]
    elsewhere = RequirementKindFactory.create(municipality=PartnershipFactory.create().municipality)
    with pytest.raises(DomainError):
        offer_requirement_add(offer=tur, kind=elsewhere, because="Naboens", by=rep.user)


def test_an_offer_in_a_partnership_begins_with_what_its_check_asks_for(town, rep, reference):
    partnership = PartnershipFactory.create(municipality=town.municipality)
    PartyFactory.create(partnership=partnership, organisation=town.organisation)
    first, second = (RequirementKindFactory.create(municipality=town.municipality) for _ in range(2))
    check = TaskCheckFactory.create(partnership=partnership)
    check.requirements.add(first, through_defaults={"municipality": town.municipality})
    made = offer_start(
        municipality=town.municipality, title="Tur", partnership=partnership, own=town.organisation,
        by=rep.user,
    )  # fmt: skip
    assert [one.kind for one in made.requirements.all()] == [first]
    assert list(lacking(made.pk, made.partnership_id)) == []
    # A check that asks for more later is seen on the offer until somebody takes it in, or away.
    check.requirements.add(second, through_defaults={"municipality": town.municipality})
    assert list(lacking(made.pk, made.partnership_id)) == [second]
    offer_requirements_from(offer=made, task_check=check, by=rep.user)
    offer_requirement_remove(
        requirement=made.requirements.get(kind=second), because="Vi går i sentrum", by=rep.user
    )
    assert list(lacking(made.pk, made.partnership_id)) == []


def test_the_check_of_another_partnership_is_none_of_ours(tur, rep, reference):
    with pytest.raises(DomainError):
        offer_requirements_from(offer=tur, task_check=TaskCheckFactory.create(), by=rep.user)


def test_untouched_is_what_the_clock_made(tur):
    added = OccurrenceFactory.create(offer=tur, day=None)
    assert added not in tur.occurrences.untouched()
    assert tur.occurrences.untouched().count() == len(days(tur)) - 1


# --- What goes by itself ------------------------------------------------------------------------------
def test_what_was_written_goes_and_the_number_stays(tur, town, reference):
    one = OccurrenceFactory.create(
        offer=tur, starts_at=NOON - timedelta(days=731), attendance=9, feedback="Fin tur"
    )
    kept = OccurrenceFactory.create(
        offer=tur, starts_at=NOON - timedelta(days=729), attendance=7, feedback="Også fin"
    )
    retention_run(town.municipality)
    one.refresh_from_db()
    kept.refresh_from_db()
    assert (one.attendance, one.feedback, kept.feedback) == (9, "", "Også fin")
