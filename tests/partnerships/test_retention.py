"""What is too old goes each night, what is held stays, and a report says how much."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Invitation, Membership, Notice, Person
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError
from samskaping.core.models import AuditEvent, RetentionReport, RetentionRule
from samskaping.core.retention import retention_rules, rule_of
from samskaping.core.services import retention as service
from samskaping.core.services.reference import reference_load
from samskaping.core.services.retention import retention_change, retention_run
from tests.factories import partnerships as made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _periods(db: None) -> None:
    reference_load()


def in_days(days: int) -> Any:
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


def left_then(town: Any) -> dict[str, Any]:
    """Four people: one who works there, one who left, one held back, one nobody tied to anything."""
    left = made.member(town.municipality, Role.STAFF, unit=town.unit)
    Membership.objects.filter(pk=left.pk).update(ended_at=timezone.now())
    return {
        "works": town.coordinator.person,
        "left": left.person,
        "held": made.PersonFactory.create(municipality=town.municipality, held_since=timezone.localdate()),
        "loose": made.PersonFactory.create(municipality=town.municipality),
    }


def names(people: dict[str, Any]) -> set[str]:
    there = set(Person.objects.values_list("pk", flat=True))
    return {name for name, person in people.items() if person.pk in there}


@pytest.mark.parametrize(
    ("days", "there"),
    [
        (0, {"works", "left", "held", "loose"}),
        (179, {"works", "left", "held", "loose"}),
        (181, {"works", "held"}),
        (3650, {"works", "held"}),
    ],
)
def test_people_without_ties(town: Any, days: int, there: set[str]) -> None:
    people = left_then(town)
    with in_days(days):
        retention_run(town.municipality)
        retention_run(town.municipality)
    assert names(people) == there


def test_what_each_night_took_is_told(town: Any) -> None:
    left_then(town)
    with in_days(181):
        retention_run(town.municipality)
    report = RetentionReport.objects.get(key="people_without_ties")
    assert (report.removed, report.held, report.keep_days) == (2, 1, 180)


def test_other_municipalities_are_left_alone(town: Any) -> None:
    elsewhere = made.PersonFactory.create()
    with in_days(400):
        retention_run(town.municipality)
    assert Person.objects.filter(pk=elsewhere.pk).exists()


def test_invitations_and_notices(town: Any) -> None:
    person = town.coordinator.person
    today = timezone.localdate()
    Invitation.objects.create(
        municipality=town.municipality, person=person, role=Role.CHIEF, expires_at=timezone.now()
    )
    common = {
        "municipality": town.municipality,
        "person": person,
        "kind": "deputy",
        "object_type": "x",
        "due_on": today,
        "tell_on": today,
        "channel": "email",
    }
    Notice.objects.create(object_id="done", state="sent", done_at=timezone.now(), **common)
    Notice.objects.create(object_id="open", state="coming", **common)
    with in_days(181):
        retention_run(town.municipality)
    assert not Invitation.objects.exists()
    assert Notice.objects.count() == 2
    with in_days(366):
        retention_run(town.municipality)
    assert list(Notice.objects.values_list("object_id", flat=True)) == ["open"]


def test_what_is_held_stays_in_every_rule(town: Any) -> None:
    held = made.PersonFactory.create(municipality=town.municipality, held_since=timezone.localdate())
    today = timezone.localdate()
    Invitation.objects.create(
        municipality=town.municipality, person=held, role=Role.CHIEF, expires_at=timezone.now()
    )
    Notice.objects.create(
        municipality=town.municipality,
        person=held,
        kind="deputy",
        object_type="x",
        object_id="1",
        due_on=today,
        tell_on=today,
        channel="email",
        state="sent",
        done_at=timezone.now(),
    )
    old = AuditEvent.objects.create(
        municipality=town.municipality, verb="settings_changed", at=timezone.now() - timedelta(days=1200)
    )
    with in_days(3650):
        retention_run(town.municipality)
    assert Person.objects.filter(pk=held.pk).exists()
    assert Invitation.objects.count() == Notice.objects.count() == 1
    assert AuditEvent.objects.filter(pk=old.pk).exists()
    told = dict(RetentionReport.objects.values_list("key", "held"))
    # Her invitation ties her to the place, so nothing waits for her under people without ties.
    assert set(told) == {"invitations", "notices", "trace"}
    assert all(told.values())


def test_a_municipalitys_own_period(town: Any) -> None:
    rule = rule_of("people_without_ties")
    assert rule is not None
    retention_change(municipality=town.municipality, rule=rule, days=60, by=town.coordinator.user)
    people = left_then(town)
    with in_days(61):
        retention_run(town.municipality)
    assert names(people) == {"works", "held"}
    with pytest.raises(DomainError):
        retention_change(municipality=town.municipality, rule=rule, days=7, by=town.coordinator.user)
    retention_change(municipality=town.municipality, rule=rule, days=None, by=town.coordinator.user)
    assert not RetentionRule.objects.filter(municipality=town.municipality).exists()


def test_the_trace_goes_by_its_own_route(town: Any) -> None:
    old = AuditEvent.objects.create(
        municipality=town.municipality, verb="settings_changed", at=timezone.now() - timedelta(days=1100)
    )
    retention_run(town.municipality)
    assert not AuditEvent.objects.filter(pk=old.pk).exists()
    assert AuditEvent.objects.filter(verb="trace_forgotten").count() == 1


def test_killed_half_way_the_next_night_goes_on(town: Any, monkeypatch: Any) -> None:
    people = made.PersonFactory.create_batch(5, municipality=town.municipality)
    monkeypatch.setattr(service, "HANDFUL", 2)
    taken: list[int] = []

    def once(municipality: Any, period: Any) -> int:
        if taken:
            raise KeyboardInterrupt
        gone: int = real(municipality, period)
        taken.extend([1] * gone)
        return gone

    real = service._take
    with in_days(200):
        monkeypatch.setattr(service, "_take", once)
        with pytest.raises(KeyboardInterrupt):
            retention_run(town.municipality)
        assert Person.objects.filter(pk__in=[p.pk for p in people]).count() == 3
        monkeypatch.setattr(service, "_take", real)
        retention_run(town.municipality)
    assert Person.objects.filter(pk__in=[p.pk for p in people]).count() == 0


def test_every_rule_has_our_period_within_its_bounds() -> None:
    ours = dict(RetentionRule.objects.filter(municipality=None).values_list("key", "keep_days"))
    assert set(ours) == {rule.key for rule in retention_rules()}
    assert all(rule.least_days <= ours[rule.key] <= rule.most_days for rule in retention_rules())


def test_the_page(town: Any) -> None:
    left_then(town)
    client = Client()
    client.force_login(town.coordinator.user)
    with in_days(181):
        client.force_login(town.coordinator.user)
        page = client.get(reverse("retention") + "?vis=alt").content.decode()
    assert "2 slettes i natt" in page
    assert "1 holdes tilbake" in page
    answer = client.post(reverse("retention_period", args=["notices"]), {"days": "400"}, follow=True)
    assert "Lagringstiden er endret" in answer.content.decode()
    wrong = client.post(reverse("retention_period", args=["notices"]), {"days": "2"}, follow=True)
    assert "Velg mellom 90 og 1095 dager" in wrong.content.decode()
