"""The calendar and its secret address: what is there for whom, and when it is there no more."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from partnerships.models import CalendarFeed
from partnerships.selectors.calendar import SHOWN_A_DAY, month_of
from partnerships.services.calendar_feed import AT_MOST, calendar_feed_make, calendar_feed_stop
from partnerships.services.occurrence import occurrence_cancel
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError
from tests.factories.codesign import MeetingFactory
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.partnerships import UnitFactory, member
from tests.ics import read
from tests.pages import text_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 9, 2, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def september():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def offers(town):
    """One of a unit's, and one of nobody's in particular; both tomorrow."""
    unit = UnitFactory.create(municipality=town.municipality)
    made = [
        OfferFactory.create(partnership__municipality=town.municipality, unit=unit, title="Høytlesing"),
        OfferFactory.create(partnership__municipality=town.municipality, title="Turgruppe"),
    ]
    for offer in made:
        OccurrenceFactory.create(offer=offer, place="Stua")
    return made


def make(membership, only_own=False):
    feed, secret = calendar_feed_make(
        person=membership.person, membership=membership, only_own=only_own, by=membership.user
    )
    return feed, reverse("calendar_feed", args=[secret])


# --- The page ------------------------------------------------------------------------------------------
def test_all_of_the_municipalitys_and_ones_own(client, town, offers):
    leader = member(town.municipality, Role.UNIT_LEADER, unit=offers[0].unit)
    client.force_login(town.coordinator.user)
    assert "Turgruppe" in (page := text_of(client.get(reverse("calendar"))))
    assert "Høytlesing" in page
    assert "Turgruppe" not in text_of(client.get(reverse("calendar") + "?vis=mine"))
    client.force_login(leader.user)
    assert "Høytlesing" in text_of(client.get(reverse("calendar") + "?vis=mine&som=liste"))
    assert "Høytlesing (din)" in (page := text_of(client.get(reverse("calendar"))))
    assert "Turgruppe (din)" not in page


def test_nothing_of_the_neighbours(client, offers, neighbour):
    client.force_login(neighbour.coordinator.user)
    page = text_of(client.get(reverse("calendar")))
    assert "Turgruppe" not in page
    assert "Ingenting står i kalenderen denne måneden" in page


def test_a_month_that_is_none_is_this_one():
    today = timezone.localdate()
    for asked in ("", "tull", "2026-13", "9999-01", "0001-01", "2026-09-01"):
        assert month_of(asked, today).key == "2026-09"
    assert month_of("2027-01", today).before.key == "2026-12"
    assert month_of("2026-12", today).after.key == "2027-01"


def test_a_full_day_shows_some_and_leads_to_all_of_them(client, town, offers):
    for hour in range(SHOWN_A_DAY + 2):
        at = NOON + timedelta(days=3, hours=hour)
        OccurrenceFactory.create(offer=offers[1], day=None, starts_at=at, ends_at=at + timedelta(minutes=30))
    client.force_login(town.coordinator.user)
    page = client.get(reverse("calendar")).content.decode()
    assert "2 til" in text_of(client.get(reverse("calendar")))
    assert '?maned=2026-09&amp;som=liste#d5"' in page
    assert text_of(client.get(reverse("calendar") + "?som=liste")).count("Turgruppe") == SHOWN_A_DAY + 3


def test_a_full_day_is_counted_and_begins_with_the_first_of_all_kinds(client, town, offers):
    """A meeting is among the offers; what begins after midnight UTC is that day's in Norway."""
    morning = datetime(2026, 9, 5, 4, tzinfo=UTC)
    for hour in range(SHOWN_A_DAY + 1):
        at = morning + timedelta(hours=hour + 1)
        OccurrenceFactory.create(offer=offers[1], day=None, starts_at=at, ends_at=at + timedelta(minutes=30))
    night = datetime(2026, 9, 4, 22, 30, tzinfo=UTC)
    OccurrenceFactory.create(offer=offers[0], day=None, starts_at=night, ends_at=morning)
    MeetingFactory.create(
        process__municipality=town.municipality,
        title="Frokost",
        starts_at=morning,
        ends_at=NOON + timedelta(days=3),
    )
    client.force_login(town.coordinator.user)
    weeks = client.get(reverse("calendar")).context["weeks"]
    found = {day.day.day: day for week in weeks for day in week if day.items}
    assert sorted(found) == [3, 5]
    assert (len(found[5].items), found[5].more) == (SHOWN_A_DAY, 3)
    assert [item.kind for item in found[5].items] == ["Tilbud", "Møte", *["Tilbud"] * (SHOWN_A_DAY - 2)]
    assert (len(found[3].items), found[3].more) == (2, 0)


def test_a_cancelled_one_stays_and_says_so(client, town, offers):
    occurrence_cancel(occurrence=offers[1].occurrences.get(), because="Glatt", by=town.coordinator.user)
    client.force_login(town.coordinator.user)
    assert "Avlyst" in text_of(client.get(reverse("calendar")))


# --- The secret address ---------------------------------------------------------------------------------
def test_the_address_is_shown_once_and_only_a_hash_is_kept(client, town, offers):
    client.force_login(town.coordinator.user)
    page = client.post(reverse("calendar_feed_new"), {"what": "all"})
    address = page.context["address"]
    assert address in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert address not in client.get(reverse("calendar_feeds")).content.decode()
    secret = address.rsplit("/", 1)[1].removesuffix(".ics")
    feed = CalendarFeed.objects.get()
    assert secret not in (feed.secret_hash, str(feed.pk))
    client.logout()
    answer = client.get(f"/kalender/{secret}.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "SUMMARY:Turgruppe" in answer.content.decode()


def test_a_stopped_one_is_as_one_that_never_was(client, town, offers):
    feed, address = make(town.coordinator)
    assert client.get(address).status_code == 200
    calendar_feed_stop(feed=feed, by=town.coordinator.user)
    stopped, never = client.get(address), client.get(reverse("calendar_feed", args=["finnes-ikke"]))
    assert (stopped.status_code, never.status_code) == (404, 404)


def test_it_ends_with_the_role_though_she_has_another(client, town, offers):
    user = town.coordinator.user
    other = member(town.municipality, Role.OBSERVER, user=user)
    _feed, address = make(town.coordinator)
    town.coordinator.ended_at = timezone.now()
    town.coordinator.save()
    assert client.get(address).status_code == 404
    assert client.get(make(other)[1]).status_code == 200


def test_it_ends_with_the_account(client, town, offers):
    _feed, address = make(town.coordinator)
    town.coordinator.user.is_active = False
    town.coordinator.user.save()
    assert client.get(address).status_code == 404


def test_it_has_no_people_and_not_years_of_what_was(client, town, offers):
    offer = offers[1]
    offer.contact, offer.title = town.coordinator.person, "Tur,\nBEGIN:VALARM"
    offer.save()
    OccurrenceFactory.create(offer=offer, starts_at=NOON - timedelta(days=400), place="Gamle brua")
    _feed, address = make(town.coordinator)
    file = client.get(address).content.decode()
    assert town.coordinator.person.name not in file
    assert "Gamle brua" not in file
    assert "\r\nBEGIN:VALARM" not in file
    assert file.count("BEGIN:VEVENT") == 2


def test_a_strict_programme_reads_it_and_gets_back_what_was_written(client, town, offers):
    wicked = "Tur; 🥾, «مرحبا»\\n\r\nBEGIN:VEVENT\u2028END:VCALENDAR " + "æøå" * 20
    offer = offers[1]
    offer.title, offer.place = wicked, wicked
    offer.save()
    occurrence_cancel(occurrence=offers[0].occurrences.get(), because="Glatt", by=town.coordinator.user)
    OccurrenceFactory.create(offer=offer, day=None, starts_at=NOON + timedelta(days=2), place="")
    events = read(client.get(make(town.coordinator)[1]).content)
    assert len(events) == 3
    assert [event["STATUS"] for event in events].count("CANCELLED") == 1
    said = wicked.replace("\r\n", "\n").replace("\u2028", "\n")
    assert {event["SUMMARY"] for event in events} == {said, "Høytlesing"}
    assert said in {event.get("LOCATION") for event in events}


def test_own_or_all(client, town, offers):
    leader = member(town.municipality, Role.UNIT_LEADER, unit=offers[0].unit)
    own = client.get(make(leader, only_own=True)[1]).content.decode()
    assert "Høytlesing" in own
    assert "Turgruppe" not in own


def test_reading_is_noted_once_a_day(client, town, offers, django_assert_num_queries):
    feed, address = make(town.coordinator)
    client.get(address)
    feed.refresh_from_db()
    assert feed.read_at == NOON
    with time_machine.travel(NOON + timedelta(hours=12), tick=False):
        # A savepoint and its end, the feed, her roles, and everything in the calendar.
        with django_assert_num_queries(5):
            client.get(address)
        feed.refresh_from_db()
        assert feed.read_at == NOON


def test_ten_at_most_and_only_ones_own_are_stopped(client, town):
    for _each in range(AT_MOST):
        feed, _address = make(town.coordinator)
    with pytest.raises(DomainError):
        make(town.coordinator)
    client.force_login(member(town.municipality, Role.CHIEF).user)
    assert client.post(reverse("calendar_feed_stop", args=[feed.pk])).status_code == 404
    client.force_login(town.coordinator.user)
    client.post(reverse("calendar_feed_stop", args=[feed.pk]))
    assert CalendarFeed.objects.filter(revoked_at=None).count() == AT_MOST - 1
