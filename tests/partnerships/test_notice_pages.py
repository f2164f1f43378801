"""«Sendt og kommer»: what staff see of notices, and the steps they take."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Notice, Person
from partnerships.models.notice import NoticeState
from partnerships.services.notice import notices_queue
from partnerships.services.reply import reply_token
from samskaping.accounts.permissions import Role
from samskaping.core.models import AuditEvent, Outbox
from samskaping.core.working_days import is_working_day
from tests.factories import notices
from tests.factories.partnerships import PersonFactory, member
from tests.partnerships.conftest import Town
from tests.partnerships.noticing import MONDAY, THURSDAY, Clock, at, deliver
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
COMING = NoticeState.COMING


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(at(THURSDAY))
    return clock


@pytest.fixture
def staff(town: Town, clock: Clock) -> Client:
    client = Client()
    client.force_login(town.coordinator.user)
    return client


def kari(town: Town, **fields: Any) -> Person:
    given = {"municipality": town.municipality, "name": "Kari Prøve", "email": "kari@prove.example", **fields}
    return PersonFactory.create(**given)


def again(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


def shown(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize(
    ("vis", "names"),
    [("", ["Comingdatter"]), ("sendt", ["Sentdatter", "Droppeddatter"]), ("feilet", ["Faileddatter"])],
)
def test_each_tab_its_own(town: Town, staff: Client, vis: str, names: list[str]) -> None:
    everybody = {
        "Comingdatter": COMING,
        "Sentdatter": "sent",
        "Droppeddatter": "dropped",
        "Faileddatter": "failed",
    }
    for name, state in everybody.items():
        notices.notice(kari(town, name=name), state=NoticeState(state))
    page = shown(staff.get(reverse("notices"), {"vis": vis} if vis else {}))
    assert [name for name in everybody if name in page] == names


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "kar prø"}, True),
        ({"q": "ola"}, False),
        ({"channel": "email"}, True),
        ({"channel": "sms"}, False),
        ({"kind": notices.KIND}, True),
        ({"kind": "deputy"}, False),
        ({"vis": "tull"}, True),
    ],
)
def test_filters(town: Town, staff: Client, query: dict[str, str], found: bool) -> None:
    notices.notice(kari(town), state=COMING)
    assert ("Kari Prøve" in shown(staff.get(reverse("notices"), query))) is found


@pytest.mark.parametrize("vis", ["kommer", "sendt", "feilet"])
def test_says_so_when_there_is_nothing(town: Town, staff: Client, vis: str) -> None:
    assert 'class="empty"' in shown(staff.get(reverse("notices"), {"vis": vis}))


@pytest.mark.parametrize("vis", ["kommer", "feilet"])
def test_list_costs_the_same_for_many(
    town: Town, staff: Client, vis: str, django_assert_max_num_queries: Any
) -> None:
    state = COMING if vis == "kommer" else NoticeState.FAILED
    url = reverse("notices") + f"?vis={vis}"
    assert_constant_queries(
        staff, url, lambda: notices.notice(PersonFactory.create(municipality=town.municipality), state=state)
    )
    with django_assert_max_num_queries(10):
        staff.get(url)


def test_others_people_are_not_there(town: Town, staff: Client) -> None:
    """What an organisation sends its own people is its own; the municipality sees none of it."""
    theirs = kari(town, controller_organisation=town.organisation)
    notice = notices.notice(theirs, state=COMING)
    assert "Kari Prøve" not in shown(staff.get(reverse("notices")))
    assert staff.get(reverse("notice_page", args=[notice.pk])).status_code == 404
    rep = Client()
    rep.force_login(member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation).user)
    assert "Kari Prøve" in shown(rep.get(reverse("notices")))
    assert rep.get(reverse("notice_page", args=[notice.pk])).status_code == 200


# --- One notice -----------------------------------------------------------------------------------
def test_page_shows_what_it_says_but_never_the_link(town: Town, staff: Client) -> None:
    notice = notices.notice(kari(town, language="nn"), state=COMING)
    page = shown(staff.get(reverse("notice_page", args=[notice.pk])))
    assert "Vi møtes på biblioteket." in page
    assert 'lang="nn"' in page
    assert "Kommer du på torsdag?" in page
    assert reply_token(notice).split("-")[1] not in page


def test_page_says_when_the_reason_is_gone(town: Town, staff: Client) -> None:
    notice = notices.notice(kari(town, name=notices.GONE), state=COMING)
    assert "ikke lenger noe å minne om" in shown(staff.get(reverse("notice_page", args=[notice.pk])))


def test_wait_a_week(town: Town, staff: Client, clock: Clock) -> None:
    clock.set(at(date(2026, 12, 18)))  # a week later is Christmas Day
    staff.force_login(town.coordinator.user)
    notice = notices.notice(kari(town), state=COMING, tell_on=date(2026, 12, 18))
    staff.post(reverse("notice_snooze", args=[notice.pk]))
    assert again(notice).tell_on == date(2026, 12, 28)
    assert is_working_day(again(notice).tell_on)
    notices_queue(at(date(2026, 12, 21)))
    assert again(notice).state == COMING
    assert AuditEvent.objects.filter(verb="notice_snoozed").count() == 1


def test_do_not_send_asks_first(town: Town, staff: Client) -> None:
    notice = notices.notice(kari(town), state=COMING)
    url = reverse("notice_stop", args=[notice.pk])
    assert "La være å sende" in shown(staff.get(url))
    assert again(notice).state == COMING
    staff.post(url)
    stopped = again(notice)
    assert (stopped.state, stopped.problem) == (NoticeState.DROPPED, "stopped")
    assert stopped.done_by == town.coordinator.user
    assert "allerede ferdig" in shown(staff.post(url, follow=True))


def test_stopped_on_its_way_is_not_sent(town: Town, staff: Client, clock: Clock) -> None:
    notice = notices.notice(kari(town, digest="at_once"), state=COMING, tell_on=THURSDAY)
    notices_queue(at(THURSDAY))
    assert again(notice).state == NoticeState.QUEUED
    staff.post(reverse("notice_stop", args=[notice.pk]))
    assert deliver() == ["dropped"]
    assert mail.outbox == []


def test_try_again_after_the_address_is_right(town: Town, staff: Client, clock: Clock) -> None:
    person = kari(town, email="")
    notice = notices.notice(person, state=NoticeState.FAILED, problem="no_address")
    url = reverse("notice_again", args=[notice.pk])
    assert "Vi mangler en adresse" in shown(staff.post(url, follow=True))
    Person.objects.filter(pk=person.pk).update(email="kari@prove.example")
    staff.post(url)
    staff.post(url)
    assert deliver() == ["sent"]
    assert (again(notice).state, len(mail.outbox)) == (NoticeState.SENT, 1)


def test_try_again_twice_over(town: Town, staff: Client, clock: Clock) -> None:
    """The second failure can be tried again as well: each try is a promise of its own."""
    notice = notices.notice(kari(town), state=NoticeState.FAILED, problem="no_address")
    for _ in range(2):
        staff.post(reverse("notice_again", args=[notice.pk]))
        Outbox.objects.filter(state="waiting").update(state="dead", finished_at=timezone.now())
        notices_queue(at(THURSDAY))
        assert again(notice).state == NoticeState.FAILED
    assert Outbox.objects.count() == 2


def test_try_again_in_the_evening_waits_for_morning(town: Town, staff: Client, clock: Clock) -> None:
    clock.set(at(MONDAY, 22))
    notice = notices.notice(kari(town), state=NoticeState.FAILED, problem="no_address")
    staff.force_login(town.coordinator.user)
    staff.post(reverse("notice_again", args=[notice.pk]))
    row = Outbox.objects.get()
    # From ten in the evening to eight, counted on the database's clock.
    assert round((row.due_at - row.created_at) / timedelta(hours=1), 1) == 10


def test_try_again_becomes_a_letter(town: Town, staff: Client) -> None:
    person = kari(
        town, email_failed_at=timezone.now(), street="Prøveveien 1", postal_code="9901", post_town="Fjordvik"
    )
    notice = notices.notice(person, state=NoticeState.FAILED, problem="email_refused")
    staff.post(reverse("notice_again", args=[notice.pk]))
    assert (again(notice).state, again(notice).channel) == (NoticeState.LISTED, "letter")


def test_how_often_is_her_own_choice(town: Town, staff: Client) -> None:
    data = {"name": "Ingrid", "language": "nb", "channel": "email", "digest": "daily"}
    assert staff.post(reverse("profile"), data).status_code == 302
    assert Person.objects.get(user=town.coordinator.user).digest == "daily"
