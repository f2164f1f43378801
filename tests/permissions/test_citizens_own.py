"""What the citizens of a group do by themselves: no employee gets there, by any address, list, file or trace.

Every address of a meeting is asked for with the ids of the citizens' own. The canary in their titles, places,
items and objections is looked for in every answer of the whole table (test_table.py), and here in what is
made without a page: messages, calendar, history, exports.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.access import forget_access
from partnerships.due import source_of
from partnerships.models import AgendaItem, Attendance, Meeting, Minutes, Notice, Participant, Person
from partnerships.models.participant import Side
from partnerships.parts import meeting as part
from partnerships.selectors.history import history_of
from partnerships.selectors.history_kinds import BY_SLUG
from partnerships.selectors.lists import words_of
from partnerships.selectors.notice import says
from partnerships.services.meeting import Time, meeting_cancel, meeting_change, meeting_share
from partnerships.services.meeting_poll import meeting_ask
from partnerships.services.notice import notices_derive
from samskaping.accounts.permissions import Role
from samskaping.core.calendar_items import Span, calendar_items
from samskaping.core.privacy import export_of
from samskaping.core.registries import Viewer
from tests.database import rolled_back
from tests.permissions import make
from tests.permissions.areas.meeting import ROWS
from tests.permissions.frame import Place
from tests.permissions.table import ACTORS
from tests.permissions.world import ALONE_CANARY, CITIZENS, World

# Whose ids go in an address, in place of the joint meeting's.
OWN_OF = {
    "meeting": "own_meeting", "poll": "own_poll", "coming_meeting": "own_coming",
    "agenda_item": "own_agenda_item",
}  # fmt: skip
OTHERS = [actor for actor in ACTORS if actor not in CITIZENS]


@pytest.fixture(autouse=True)
def back(world: World) -> Iterator[None]:
    """What a test changes is as it was for the next."""
    with rolled_back():
        yield


ADDRESSES = [name for name in ROWS if name not in ("meetings", "meeting_new")]


def own_address(world: World, name: str) -> str:
    """The address of a row, with every key of a joint meeting's changed to the citizens' own."""
    row, things = ROWS[name], world.town(Place.OWN).things
    assert row.path is not None
    path = dict(row.path(world, Place.OWN))
    joint = next(thing for thing in OWN_OF if thing != "agenda_item" and things[thing].pk == path["meeting"])
    path["meeting"] = things[OWN_OF[joint]].pk
    if "item" in path:
        path["item"] = things["own_agenda_item"].pk
    return reverse(name, kwargs=path)


def is_shut(answer: Any) -> bool:
    to_login: bool = answer.status_code == 302 and answer.headers["Location"].startswith(
        reverse("account_login")
    )
    return to_login or bool(answer.status_code == 404)


@pytest.mark.parametrize("actor", OTHERS)
def test_nobody_else_gets_in_by_any_address(world: World, actor: str) -> None:
    client = world.client(actor, csrf=False)
    for name in ADDRESSES:
        row = ROWS[name]
        for method in [m for m in ("get", "post") if getattr(row, m)]:
            answer = getattr(client, method)(own_address(world, name), dict(row.data(world)))
            assert is_shut(answer), f"{method} {name} gives {answer.status_code}"
            assert ALONE_CANARY not in answer.content.decode()
    own = world.town(Place.OWN).things["own_meeting"]
    own.refresh_from_db()
    assert own.shared_at is None
    assert own.agenda.count() == 1


@pytest.mark.parametrize("actor", CITIZENS)
def test_they_get_in_themselves(world: World, actor: str) -> None:
    """The defence above can fail: the same addresses open for those they are for."""
    client = world.client(actor, csrf=False)
    for name in ("meeting", "minutes", "meeting_edit", "meeting_days", "minutes_write", "meeting_calendar"):
        answer = client.get(own_address(world, name))
        assert answer.status_code == 200, name
        assert ALONE_CANARY in answer.content.decode(), name


@pytest.mark.parametrize("actor", OTHERS)
def test_nobody_else_sees_a_row_of_it(world: World, actor: str) -> None:
    user = world.users[actor]
    if user is None:
        return
    forget_access([user])
    own = world.town(Place.OWN).things["own_meeting"]
    assert not Meeting.objects.visible_to(user).filter(pk=own.pk).exists()
    for rows in (AgendaItem.objects, Attendance.objects, Minutes.objects):
        assert not rows.visible_to(user).filter(meeting=own).exists()


@pytest.mark.parametrize("actor", OTHERS)
def test_it_is_in_nobody_elses_calendar_or_history(world: World, actor: str) -> None:
    user = world.users[actor]
    if user is None:
        return
    forget_access([user])
    town, now = world.town(Place.OWN), timezone.now()
    membership = town.members.get(actor)
    for only_own in (True, False):
        viewer = Viewer(user, membership, timezone.localdate())
        span = Span(viewer, now - timedelta(days=60), now + timedelta(days=60), only_own=only_own)
        assert not any(ALONE_CANARY in item.title + item.place for item in calendar_items(span))
    assert not BY_SLUG["mote"].reached(user).filter(pk=town.things["own_meeting"].pk).exists()
    client = world.client(actor)
    page = client.get(reverse("object_history", args=["mote", town.things["own_meeting"].pk]))
    assert page.status_code in (302, 403, 404)
    assert ALONE_CANARY not in client.get(reverse("history"), follow=True).content.decode()


def test_it_is_in_their_own_calendar(world: World) -> None:
    town, now = world.town(Place.OWN), timezone.now()
    viewer = Viewer(world.users["participant"], None, timezone.localdate())
    span = Span(viewer, now - timedelta(days=60), now + timedelta(days=60), only_own=True)
    assert any(ALONE_CANARY in item.title for item in calendar_items(span))
    assert history_of(town.things["meeting"], town.members["unit_leader"].user) is not None


# --- Staff who are written into the group ---------------------------------------------------------------
@pytest.mark.parametrize("actor", ["coordinator", "chief", "unit_leader", "place_contact", "staff"])
@pytest.mark.parametrize("side", [Side.CITIZEN, Side.RECIPIENT, Side.VOLUNTEER])
@pytest.mark.parametrize("by", ["her row", "her address", "her telephone"])
def test_employee_written_in_as_a_citizen_does_not_get_in(
    world: World, actor: str, side: Side, by: str
) -> None:
    """By her own row, and by a new one somebody made with her address or telephone, which no code proves."""
    town = world.town(Place.OWN)
    membership: Any = town.members[actor]
    membership.user.phone = "+4740000001"
    membership.user.save(update_fields=["phone"])
    row = {
        "her row": lambda: membership.person,
        "her address": lambda: make.person(
            town.municipality, "Ny innbygger", email=membership.user.email.upper()
        ),
        "her telephone": lambda: make.person(town.municipality, "Ny innbygger", phone="+4740000001"),
    }[by]()
    hers = Participant.objects.create(
        municipality=town.municipality, process=town.things["process"], person=row, side=side,
        joined_at=timezone.now(),
    )  # fmt: skip
    own = town.things["own_meeting"]
    forget_access([membership.user])
    assert not Meeting.objects.visible_to(membership.user).filter(pk=own.pk).exists()
    assert not Meeting.objects.open_to_participant(hers).filter(pk=own.pk).exists()
    client = Client()
    client.force_login(membership.user)
    assert client.get(own_address(world, "minutes")).status_code == 404


def test_leader_of_a_municipal_centre_is_an_employee_and_of_her_own_is_not(world: World) -> None:
    town = world.town(Place.OWN)
    own = town.things["own_meeting"]
    for centre, gets_in in ((town.municipal_centre, False), (town.centre, True)):
        membership: Any = make.member(Role.CENTRE_LEADER, town.municipality, centre=centre)
        Participant.objects.create(
            municipality=town.municipality, process=town.things["process"], person=membership.person,
            side=Side.VOLUNTEER, joined_at=timezone.now(),
        )  # fmt: skip
        assert Meeting.objects.visible_to(membership.user).filter(pk=own.pk).exists() is gets_in


def test_employee_of_a_party_next_door_does_not_get_in_and_of_another_town_does(world: World) -> None:
    """Who works far away and lives here is a citizen; who works for one of the parties is not."""
    town, next_door = world.town(Place.OWN), world.town(Place.NEIGHBOUR)
    hers: Any = next_door.members["staff"]
    Participant.objects.create(
        municipality=town.municipality, process=town.things["process"], person=hers.person,
        side=Side.CITIZEN, joined_at=timezone.now(),
    )  # fmt: skip
    own = town.things["own_meeting"]

    def gets_in() -> bool:
        forget_access([hers.user])
        return Meeting.objects.visible_to(hers.user).filter(pk=own.pk).exists()

    assert gets_in()
    make.party(town.partnership, unit=next_door.unit)
    assert not gets_in()


@pytest.mark.parametrize("state", ["asked", "left"])
def test_who_is_only_asked_or_has_left_does_not_get_in(world: World, state: str) -> None:
    town = world.town(Place.OWN)
    user: Any = world.users["participant"]
    now = timezone.now()
    change: dict[str, dict[str, Any]] = {
        "asked": {"joined_at": None, "consent_at": None},
        "left": {"left_at": now, "consent_at": None},
    }
    hers = Participant.objects.get(pk=town.things["participant"].pk)
    Participant.objects.filter(pk=hers.pk).update(**change[state])
    forget_access([user])
    hers.refresh_from_db()
    assert not Meeting.objects.visible_to(user).filter(pk=town.things["own_meeting"].pk).exists()
    assert not Meeting.objects.open_to_participant(hers).filter(pk=town.things["own_meeting"].pk).exists()


# --- What passes through staff's hands ------------------------------------------------------------------
def test_no_list_letter_or_call_tells_more_than_that_there_is_something(world: World) -> None:
    town = world.town(Place.OWN)
    hers = Person.objects.get(pk=town.things["by_link"].person_id)
    hers.channel, hers.email = "letter", ""
    hers.street, hers.postal_code, hers.post_town = "Bakken 1", "9901", "Prøvevik"
    hers.save()
    now = timezone.now()
    poll = town.things["own_poll"]
    times = [Time(now + timedelta(days=3), now + timedelta(days=3, hours=1))]
    meeting_ask(meeting=poll, version=poll.version, times=times, by=None)
    meeting_cancel(meeting=town.things["own_coming"], by=None)
    own = (town.things["own_poll"], town.things["own_coming"], town.things["own_minutes"])
    notices_derive(timezone.localdate())
    found = Notice.objects.filter(municipality=town.municipality).select_related("person")
    about_own = [notice for notice in found if _is_about(notice, own)]
    assert about_own, "they are told"
    for notice in about_own:
        for words in (says(notice), words_of(notice)):
            assert words is None or ALONE_CANARY not in f"{words}"
        page = world.client("coordinator").get(reverse("notice_page", args=[notice.pk]))
        assert ALONE_CANARY not in page.content.decode()


def _is_about(notice: Notice, own: Any) -> bool:
    source = source_of(notice.kind)
    about = source.about(notice) if source else None
    meeting = getattr(about, "meeting", about)
    minutes = getattr(about, "minutes", None)
    return meeting in own or minutes in own


def test_nobody_stops_or_delays_what_they_tell_each_other(world: World) -> None:
    town = world.town(Place.OWN)
    for name in ("own_coming", "coming_meeting"):
        meeting_cancel(meeting=town.things[name], by=None)
    notices_derive(timezone.localdate())
    hers = Notice.objects.filter(kind="meeting_changed", person=town.things["by_link"].person)
    own = hers.get(object_id=str(town.things["own_coming"].calls.latest("number").pk))
    joint = hers.get(object_id=str(town.things["coming_meeting"].calls.latest("number").pk))
    client = world.client("coordinator", csrf=False)
    for notice, stops in ((own, False), (joint, True)):
        stop = reverse("notice_stop", args=[notice.pk])
        page = client.get(reverse("notice_page", args=[notice.pk])).content.decode()
        assert (stop in page) is stops
        client.post(reverse("notice_snooze", args=[notice.pk]))
        client.post(stop)
        notice.refresh_from_db()
        assert (notice.problem == "stopped") is stops


def test_they_themselves_are_told_everything(world: World) -> None:
    """To her own e-mail goes what it is about: only what others hold in their hands is kept short."""
    town = world.town(Place.OWN)
    meeting_cancel(meeting=town.things["own_coming"], by=None)
    notices_derive(timezone.localdate())
    source = source_of("meeting_changed")
    assert source is not None
    notices = Notice.objects.filter(kind="meeting_changed", person=town.things["by_link"].person)
    told = [source.words(notice, source.about(notice)) for notice in notices]
    assert any(ALONE_CANARY in line for words in told for line in words.lines)


def test_no_notice_of_it_goes_to_an_employee_in_the_group(world: World) -> None:
    town = world.town(Place.OWN)
    staff: Any = town.members["staff"]
    Participant.objects.create(
        municipality=town.municipality, process=town.things["process"], person=staff.person,
        side=Side.STAFF, joined_at=timezone.now(),
    )  # fmt: skip
    meeting_cancel(meeting=town.things["own_coming"], by=None)
    meeting_cancel(meeting=town.things["coming_meeting"], by=None)
    notices_derive(timezone.localdate())
    hers = Notice.objects.filter(person=staff.person, kind="meeting_changed")
    assert [notice.object_id for notice in hers] == [str(town.things["coming_meeting"].calls.get().pk)]


def test_copy_of_her_data_made_by_others_is_without_it(world: World) -> None:
    person = world.town(Place.OWN).things["by_link"].person
    for herself in (False, True):
        told = "".join(f"{row}" for section in export_of(person, herself=herself) for row in section.rows)
        assert (ALONE_CANARY in told) is herself


def test_erasing_her_takes_it_too(world: World) -> None:
    person = world.town(Place.OWN).things["by_link"].person
    for rows in part.ROWS:
        assert rows.erase is not None
        rows.erase(person)
        assert not rows.find(person).exists()


# --- Until they choose to show it -----------------------------------------------------------------------
def test_shared_is_shown_to_all_and_kept_by_them(world: World) -> None:
    own = world.town(Place.OWN).things["own_meeting"]
    at = [own.process_id, own.pk]
    client = world.client("participant", csrf=False)
    assert client.post(reverse("meeting_share", args=at)).status_code == 302
    staff = world.client("staff", csrf=False)
    assert ALONE_CANARY in staff.get(reverse("minutes", args=at)).content.decode()
    for name in ("meeting_edit", "minutes_write", "meeting_attendance"):
        assert staff.get(reverse(name, args=at)).status_code == 403


def test_shared_ahead_calls_no_employee_in(world: World) -> None:
    """They let staff know of it, and not come to it: nobody of these is called in, asked or reminded."""
    town = world.town(Place.OWN)
    staff: Any = town.members["staff"]
    Participant.objects.create(
        municipality=town.municipality, process=town.things["process"], person=staff.person,
        side=Side.STAFF, joined_at=timezone.now(),
    )  # fmt: skip
    coming, poll = (Meeting.objects.get(pk=town.things[name].pk) for name in ("own_coming", "own_poll"))
    for own in (coming, poll):
        meeting_share(meeting=own, by=None)
    coming, poll = (Meeting.objects.get(pk=own.pk) for own in (coming, poll))
    later = Time(timezone.now() + timedelta(days=4), timezone.now() + timedelta(days=4, hours=1))
    meeting_ask(meeting=poll, version=poll.version, times=[later], by=None)
    meeting_change(meeting=coming, version=coming.version, changes={"place": "Et annet sted"}, by=None)
    Meeting.objects.filter(pk__in=(town.things["poll"].pk, town.things["coming_meeting"].pk)).delete()
    notices_derive(timezone.localdate())
    kinds = ("meeting_poll", "meeting_set", "meeting_changed", "meeting_soon", "minutes")
    told = Notice.objects.filter(kind__in=kinds)
    assert told.filter(person=town.things["by_link"].person).exists()
    assert not told.filter(person=staff.person).exists()
    client = world.client("staff", csrf=False)
    at = [poll.process_id, poll.pk]
    assert (
        reverse("meeting_own_answer", args=at) not in client.get(reverse("meeting", args=at)).content.decode()
    )
    assert client.get(reverse("meeting_own_answer", args=at)).status_code == 403
    assert client.post(reverse("meeting_was_there", args=at), {"came": "1"}).status_code == 403
