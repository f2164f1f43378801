"""Digests and Monday's e-mail: one a day, when there is something, to those who want it so."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from partnerships.models import Absence, Invitation, Membership, Notice, Person
from partnerships.services.notice import notices_queue
from partnerships.services.notice_step import notices_refused
from samskaping.accounts.permissions import Role
from samskaping.core.models import Outbox
from tests.factories.partnerships import PersonFactory, member
from tests.partnerships.conftest import Town, make_town
from tests.partnerships.noticing import (
    MONDAY,
    THURSDAY,
    Clock,
    Source,
    at,
    deliver,
    only,
    round_of,
    states,
)

pytestmark = pytest.mark.django_db
EASTER_MONDAY = date(2027, 3, 29)


@pytest.fixture
def source() -> Any:
    with only(Source) as source:
        source.register()
        yield source


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(at(THURSDAY))
    return clock


@pytest.fixture
def quiet(town: Town) -> Town:
    """A town where nothing waits for the coordinator."""
    town.settings.contact_phone = "+4755000000"
    town.settings.save()
    return town


def person(town: Town, **fields: Any) -> Person:
    return PersonFactory.create(
        **{"municipality": town.municipality, "email": "kari@prove.example", "digest": "monday", **fields}
    )


def waits(town: Town, number: int = 1) -> None:
    """Invitations the coordinator should ring about."""
    for _ in range(number):
        Invitation.objects.create(
            municipality=town.municipality,
            person=PersonFactory.create(municipality=town.municipality),
            role=Role.OBSERVER,
            channel="email",
            expires_at=timezone.now() + timedelta(days=2),
        )


# --- Gathered -------------------------------------------------------------------------------------
def test_two_notices_one_message_on_monday(quiet: Town, source: Source, clock: Clock) -> None:
    kari = person(quiet)
    source.tell(kari, tell_on=THURSDAY)
    source.tell(kari, tell_on=THURSDAY, due_on=date(2027, 11, 1))
    for hour in (8, 9, 15):
        round_of(clock.set(at(THURSDAY, hour)))
    assert states() == ["coming", "coming"]
    round_of(clock.set(at(MONDAY, 7, 20)))
    assert states() == ["coming", "coming"], "too early"
    for minute in (30, 40, 50):
        round_of(clock.set(at(MONDAY, 7, minute)))
        deliver()
    assert states() == ["sent", "sent"]
    assert [message.to for message in mail.outbox] == [["kari@prove.example"]]
    assert mail.outbox[0].subject == "Til deg i Samskaping"
    assert str(mail.outbox[0].body).count("NOE Å HUSKE") == 2


def test_daily_comes_the_same_morning_and_only_with_something(
    quiet: Town, source: Source, clock: Clock
) -> None:
    source.tell(person(quiet, digest="daily"), tell_on=THURSDAY)
    round_of(clock.set(at(THURSDAY, 7, 30)))
    assert deliver() == ["sent"]
    assert mail.outbox[0].subject == "Noe å huske", "one alone is a message of its own"
    round_of(clock.set(at(THURSDAY + timedelta(days=1), 7, 30)))
    assert deliver() == []


def test_what_cannot_wait_for_the_digest_does_not(quiet: Town, source: Source, clock: Clock) -> None:
    source.tell(person(quiet), tell_on=THURSDAY, due_on=THURSDAY + timedelta(days=2))
    round_of(at(THURSDAY))
    assert states() == ["queued"]


def test_what_comes_before_the_digest_has_left_goes_with_it(
    quiet: Town, source: Source, clock: Clock
) -> None:
    kari = person(quiet)
    source.tell(kari, tell_on=THURSDAY)
    round_of(clock.set(at(MONDAY, 7, 30)))
    source.tell(kari, tell_on=MONDAY, due_on=MONDAY + timedelta(days=3))
    round_of(clock.set(at(MONDAY, 9)))
    deliver()
    assert states() == ["sent", "sent"]
    assert len(mail.outbox) == 1


def test_what_comes_after_the_digest_and_cannot_wait_a_week(
    quiet: Town, source: Source, clock: Clock
) -> None:
    kari = person(quiet)
    source.tell(kari, tell_on=THURSDAY)
    round_of(clock.set(at(MONDAY, 7, 30)))
    deliver()
    source.tell(kari, tell_on=MONDAY, due_on=MONDAY + timedelta(days=3))
    source.tell(kari, tell_on=MONDAY, due_on=MONDAY + timedelta(days=30))
    round_of(clock.set(at(MONDAY, 14)))
    assert states() == ["sent", "queued", "coming"]


def test_a_digest_the_worker_was_killed_in_is_finished_by_the_next(
    quiet: Town, source: Source, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kari = person(quiet)
    source.tell(kari, tell_on=THURSDAY)
    round_of(clock.set(at(MONDAY, 8)))
    with monkeypatch.context() as broken:
        broken.setattr("partnerships.notice_messages.send_mail", lambda *_a, **_k: 1 / 0)
        assert deliver()[0] == "waiting"
    assert states() == ["queued"]
    Outbox.objects.update(due_at=timezone.now() - timedelta(days=400))
    round_of(at(MONDAY, 8, 10))
    assert deliver() == ["sent"]
    assert (states(), len(mail.outbox)) == (["sent"], 1)


# --- Monday's e-mail ------------------------------------------------------------------------------
def test_monday_holds_five_and_the_rest_can_wait(town: Town, clock: Clock) -> None:
    clock.set(at(MONDAY, 7, 40))
    waits(town, 7)
    with only(Source):
        notices_queue(at(MONDAY, 7, 40))
        notices_queue(at(MONDAY, 8, 40))
        assert deliver() == ["sent"]
    message = mail.outbox[0]
    assert message.subject == "Denne uka i Samskaping"
    assert message.from_email.startswith("=?utf-8?")  # «Prøvevik …»
    text = str(message.body)
    now, later = text.split("KAN VENTE")
    assert (now.count("har ikke svart"), later.count("har ikke svart")) == (5, 2)
    assert "http://localhost:8000/folk/roller/" in now


@pytest.mark.parametrize(
    ("day", "sent"),
    [
        (MONDAY, True),
        (MONDAY + timedelta(days=1), False),
        (EASTER_MONDAY, False),
        (EASTER_MONDAY + timedelta(days=1), True),
    ],
)
def test_monday_or_the_first_working_day(town: Town, clock: Clock, day: date, sent: bool) -> None:
    clock.set(at(day, 8))
    with only(Source):
        notices_queue(at(day, 8))
        deliver()
    assert bool(mail.outbox) is sent


def test_nothing_due_no_mail(quiet: Town, clock: Clock) -> None:
    clock.set(at(MONDAY, 8))
    with only(Source):
        notices_queue(at(MONDAY, 8))
        assert deliver() == ["dropped"]
    assert mail.outbox == []


def test_away_gets_none(town: Town, clock: Clock) -> None:
    Absence.objects.create(
        municipality=town.municipality, membership=town.coordinator, away_from=MONDAY, away_to=MONDAY
    )
    clock.set(at(MONDAY, 8))
    with only(Source):
        notices_queue(at(MONDAY, 8))
        assert deliver() == []


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.STAFF])
def test_only_roles_with_a_week(quiet: Town, clock: Clock, role: Role) -> None:
    place = {"unit": quiet.unit} if role == Role.STAFF else {}
    member(quiet.municipality, role, **place)
    clock.set(at(MONDAY, 8))
    with only(Source):
        notices_queue(at(MONDAY, 8))
    assert Outbox.objects.count() == (2 if role == Role.STAFF else 1)


def test_two_places_one_mail(town: Town, clock: Clock) -> None:
    """In her language, and from neither place alone."""
    other = make_town()
    user = town.coordinator.user
    member(other.municipality, Role.COORDINATOR, user=user)
    Membership.objects.filter(pk=other.coordinator.pk).update(ended_at=timezone.now())
    Person.objects.filter(user=user).update(language="en")
    clock.set(at(MONDAY, 8))
    with only(Source):
        notices_queue(at(MONDAY, 8))
        deliver()
    assert [message.to for message in mail.outbox] == [[user.email]]
    assert mail.outbox[0].from_email.startswith("Samskaping <")
    assert mail.outbox[0].extra_headers["Content-Language"] == "en"


def test_who_wants_letters_gets_no_mail_on_monday(town: Town, clock: Clock) -> None:
    Person.objects.filter(user=town.coordinator.user).update(
        channel="letter", street="Prøveveien 1", postal_code="9901", post_town="Fjordvik"
    )
    clock.set(at(MONDAY, 8))
    with only(Source):
        notices_queue(at(MONDAY, 8))
    assert Outbox.objects.count() == 0


# --- An address that fails for good ---------------------------------------------------------------
def test_refused_address_is_told_the_next_way(
    quiet: Town, source: Source, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from samskaping.core.services.outbox import AddressRefused

    def refuse(*_args: Any, **_fields: Any) -> None:
        raise AddressRefused("email")

    monkeypatch.setattr("partnerships.notice_messages.send_mail", refuse)
    texts: list[str] = []
    monkeypatch.setattr(
        "partnerships.notice_messages.send_sms", lambda _row, *, number, text: texts.append(text)
    )
    kari = person(quiet, digest="at_once", phone="+4790212345")
    source.tell(kari, tell_on=THURSDAY)
    round_of(at(THURSDAY))
    assert deliver() == ["dead"]
    kari.refresh_from_db()
    assert kari.email_failed_at is not None
    assert list(Notice.objects.order_by("pk").values_list("channel", "state", "problem")) == [
        ("email", "failed", "email_refused"),
        ("sms", "coming", ""),
    ]
    round_of(at(THURSDAY))
    assert deliver() == ["sent"]
    assert len(texts) == 1
    # The supplier may say the same again, later; nothing more comes of it.
    notices_refused(Outbox.objects.order_by("pk")[0], "email")
    assert Notice.objects.count() == 2
