"""What people are reminded of about access, and when no longer."""

from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.utils import timezone, translation

from partnerships.due import due_sources, source_of
from partnerships.models import Absence, Invitation, Membership, Notice
from partnerships.models.notice import Answer, NoticeState, Reply
from partnerships.services.notice import notices_derive, notices_queue, still_needed
from samskaping.accounts.permissions import Role
from samskaping.core.registries import Viewer
from samskaping.core.working_days import working_day_before
from tests.factories.partnerships import PersonFactory, member
from tests.partnerships.conftest import Town
from tests.partnerships.noticing import THURSDAY, Clock, at, deliver
from tests.work_list import waiting

pytestmark = pytest.mark.django_db
OURS = ("invitation_reminder", "access_ends", "second_factor_due", "deputy")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(at(THURSDAY))
    return clock


def invited(town: Town, days: int) -> Invitation:
    invitation = Invitation.objects.create(
        municipality=town.municipality,
        person=PersonFactory.create(
            municipality=town.municipality, name="Åse Kanarifugl", email="aase@prove.example"
        ),
        role=Role.STAFF,
        unit=town.unit,
        channel="email",
        expires_at=at(THURSDAY + timedelta(days=days), 12),
    )
    Invitation.objects.filter(pk=invitation.pk).update(created_at=at(THURSDAY - timedelta(days=10)))
    return invitation


def ending(town: Town, days: int) -> Membership:
    return member(
        town.municipality, Role.STAFF, unit=town.unit, name="Kari Kanarifugl",
        valid_to=THURSDAY + timedelta(days=days),
    )  # fmt: skip


def without_factor(town: Town, days: int) -> Membership:
    return member(town.municipality, Role.CHIEF, second_factor_from=THURSDAY + timedelta(days=days))


def deputising(town: Town, days: int) -> Absence:
    standing_in = member(town.municipality, Role.COORDINATOR)
    away_from = THURSDAY + timedelta(days=days)
    return Absence.objects.create(
        municipality=town.municipality, membership=town.coordinator, deputy=standing_in.person,
        away_from=away_from, away_to=away_from + timedelta(days=5),
    )  # fmt: skip


MAKE: dict[str, Any] = {
    "invitation_reminder": invited,
    "access_ends": ending,
    "second_factor_due": without_factor,
    "deputy": deputising,
}


def derived(kind: str) -> list[Notice]:
    notices_derive(THURSDAY)
    return list(Notice.objects.filter(kind=kind))


@pytest.mark.parametrize(
    ("kind", "days", "tell_on"),
    [
        ("invitation_reminder", 8, THURSDAY + timedelta(days=4)),
        ("invitation_reminder", 3, THURSDAY),
        ("access_ends", 18, THURSDAY + timedelta(days=4)),
        ("access_ends", 2, THURSDAY),
        ("second_factor_due", 8, THURSDAY + timedelta(days=1)),
        ("deputy", 4, working_day_before(date(2026, 11, 30))),
    ],
)
def test_told_in_time(town: Town, settings: Any, kind: str, days: int, tell_on: date) -> None:
    settings.SECOND_FACTOR = "required"
    MAKE[kind](town, days)
    assert [notice.tell_on for notice in derived(kind)] == [tell_on]
    derived(kind)
    assert Notice.objects.filter(kind=kind).count() == 1


@pytest.mark.parametrize("kind", OURS)
def test_not_long_before(town: Town, settings: Any, kind: str) -> None:
    settings.SECOND_FACTOR = "required"
    MAKE[kind](town, 60)
    assert derived(kind) == []


def one(kind: str) -> Notice:
    return Notice.objects.get(kind=kind)


def test_answered_invitation_is_no_reminder(town: Town) -> None:
    invitation = invited(town, 3)
    derived("invitation_reminder")
    assert still_needed(one("invitation_reminder"))
    Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=timezone.now())
    assert not still_needed(one("invitation_reminder"))


def test_sent_again_it_has_its_own_reminder(town: Town) -> None:
    invitation = invited(town, 3)
    derived("invitation_reminder")
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=at(THURSDAY + timedelta(days=14)))
    assert not still_needed(one("invitation_reminder"))
    assert len(derived("invitation_reminder")) == 2


def test_prolonged_role_is_no_reminder(town: Town) -> None:
    membership = ending(town, 10)
    derived("access_ends")
    membership.valid_to = THURSDAY + timedelta(days=300)
    membership.save()
    assert not still_needed(one("access_ends"))


def test_factor_set_up_is_no_reminder(town: Town, settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    membership = without_factor(town, 5)
    derived("second_factor_due")
    assert still_needed(one("second_factor_due"))
    Authenticator.objects.create(user=membership.user, type=Authenticator.Type.TOTP, data={})
    assert not still_needed(one("second_factor_due"))


def test_where_factors_are_optional_nobody_is_told(town: Town, settings: Any) -> None:
    settings.SECOND_FACTOR = "optional"
    without_factor(town, 5)
    assert derived("second_factor_due") == []


def test_absence_left_to_another(town: Town) -> None:
    absence = deputising(town, 4)
    derived("deputy")
    assert still_needed(one("deputy"))
    absence.deputy = None
    absence.save()
    assert not still_needed(one("deputy"))


@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_titles_name_nobody(town: Town, settings: Any, kind: str, language: str) -> None:
    settings.SECOND_FACTOR = "required"
    MAKE[kind](town, 3)
    (notice,) = derived(kind)
    source = source_of(kind)
    assert source is not None
    with translation.override(language):
        words = source.words(notice, source.about(notice))
    names = {notice.person.name, town.municipality.name, town.unit.name, str(town.coordinator.person)}
    assert not any(name in words.title for name in names)
    assert words.url.startswith("/")


def test_reminder_reaches_the_invited_with_a_link_that_opens(town: Town, client: Any) -> None:
    invited(town, 3)
    derived("invitation_reminder")
    notices_queue(at(THURSDAY))
    deliver()
    (message,) = mail.outbox
    assert message.to == ["aase@prove.example"]
    link = next(word for word in str(message.body).split() if "/invitasjon/" in word)
    assert client.get(link.removeprefix("http://localhost:8000")).status_code == 200


def test_answer_stands_in_the_managers_list(town: Town) -> None:
    membership = ending(town, 10)
    derived("access_ends")
    notice = one("access_ends")
    viewer = Viewer(town.coordinator.user, town.coordinator, THURSDAY)
    (before,) = waiting(viewer, "Tilgang")
    Notice.objects.filter(pk=notice.pk).update(state=NoticeState.SENT, done_at=timezone.now())
    Reply.objects.create(municipality=town.municipality, notice=notice, answer=Answer.YES)
    (after,) = waiting(viewer, "Tilgang")
    assert "trenger" not in before.note
    assert "Svarte ja" in after.note
    # An answer about days that are over says nothing of the new ones.
    membership.valid_to = THURSDAY + timedelta(days=20)
    membership.save()
    assert "Svarte" not in waiting(viewer, "Tilgang")[0].note


def test_every_kind_has_a_name_for_staff() -> None:
    assert {source.kind for source in due_sources()} >= set(OURS)
    assert all(str(source.label) for source in due_sources())
