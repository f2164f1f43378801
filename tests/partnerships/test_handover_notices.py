"""Whoever is asked hears of it on her channel and can answer there; who asked hears when nobody did."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from partnerships.due import source_of
from partnerships.models import Duty, DutyHolder, Notice, Partnership, ResponsibilityMap
from partnerships.models.notice import Answer, NoticeState
from partnerships.models.partnership import Phase
from partnerships.models.responsibility import HolderPart
from partnerships.services.handover import duty_hand_over, handover_withdraw
from partnerships.services.notice import notices_derive
from partnerships.services.reply import question_of, reply_give
from samskaping.core.errors import StateChanged
from tests.factories.partnerships import PersonFactory
from tests.factories.work import DutyFactory, MapFactory, PartnershipFactory, hold
from tests.partnerships.conftest import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(town: Town) -> DutyHolder:
    plan: ResponsibilityMap = MapFactory.create(municipality=town.municipality)
    duty: Duty = DutyFactory.create(map=plan)
    hold(duty)
    kari = PersonFactory.create(municipality=town.municipality, name="Kari", email="kari@prove.example")
    return duty_hand_over(duty=duty, part=HolderPart.HOLDER, person=kari, by=town.coordinator.user)


def told(kind: str) -> Notice:
    notice = Notice.objects.get(kind=kind)
    Notice.objects.filter(pk=notice.pk).update(state=NoticeState.SENT, done_at=timezone.now())
    notice.refresh_from_db()
    return notice


def test_she_is_told_once_and_her_yes_takes_the_duty(asked: DutyHolder) -> None:
    today = timezone.localdate()
    notices_derive(today)
    notices_derive(today + timedelta(days=1))
    notice = told("duty_asked")
    assert notice.person == asked.person
    words = question_of(notice)
    assert words is not None
    assert words.question == "Tar du på deg oppgaven?"
    reply_give(notice=notice, answer=Answer.YES)
    assert DutyHolder.objects.now().get(duty=asked.duty) == asked
    with pytest.raises(StateChanged):
        reply_give(notice=notice, answer=Answer.NO)


def test_no_by_telephone_is_noted_on_her_behalf(asked: DutyHolder, town: Town) -> None:
    notices_derive(timezone.localdate())
    reply_give(notice=told("duty_asked"), answer=Answer.NO, by=town.coordinator.user)
    asked.refresh_from_db()
    assert asked.declined_at is not None
    assert DutyHolder.objects.now().get(duty=asked.duty) != asked


def test_a_withdrawn_question_is_not_sent(asked: DutyHolder, town: Town) -> None:
    notices_derive(timezone.localdate())
    handover_withdraw(holder=asked, by=town.coordinator.user)
    notice: Any = Notice.objects.get(kind="duty_asked")
    source = source_of("duty_asked")
    assert source is not None
    assert source.about(notice) is None


def test_nobody_is_asked_where_the_partnership_is_over(asked: DutyHolder, town: Town) -> None:
    kafe = PartnershipFactory.create(municipality=town.municipality)
    ResponsibilityMap.objects.filter(pk=asked.duty.map_id).update(partnership=kafe)
    notices_derive(timezone.localdate())
    notice = Notice.objects.get(kind="duty_asked")
    source = source_of("duty_asked")
    assert source is not None
    assert source.about(notice) == asked
    Partnership.objects.update(phase=Phase.ENDED, ended_on=timezone.localdate())
    assert source.about(notice) is None


def test_who_asked_hears_after_a_week(asked: DutyHolder, town: Town) -> None:
    notices_derive(timezone.localdate())
    notice = Notice.objects.get(kind="duty_unanswered")
    assert notice.person == town.coordinator.person
    assert notice.due_on == timezone.localdate() + timedelta(days=7)
    source = source_of("duty_unanswered")
    assert source is not None
    assert source.words(notice, asked).url.endswith(f"/{asked.duty_id}/")
