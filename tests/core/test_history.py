"""Looking is noted, once an hour; what a transaction writes can be found as one."""

from datetime import timedelta

import pytest
from django.db import connection

from samskaping.core.history import TRACKED
from samskaping.core.models import AuditEvent, RetentionRule
from samskaping.core.services.audit import audit_opened, audit_record
from tests.factories.accounts import UserFactory
from tests.factories.core import MunicipalityFactory

pytestmark = pytest.mark.django_db


def opened() -> int:
    return AuditEvent.objects.filter(verb="try_opened").count()


def test_looking_is_noted_once_for_each_person_and_object() -> None:
    place, other = MunicipalityFactory.create(), MunicipalityFactory.create()
    kari, ola = UserFactory.create(), UserFactory.create()
    for _again in range(3):
        audit_opened("try_opened", place, by=kari)
    assert opened() == 1
    audit_opened("try_opened", place, by=ola)
    audit_opened("try_opened", other, by=kari)
    assert opened() == 3


def test_after_an_hour_it_is_noted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    place, kari = MunicipalityFactory.create(), UserFactory.create()
    audit_opened("try_opened", place, by=kari)
    monkeypatch.setattr("samskaping.core.services.audit.ONCE_AN_HOUR", timedelta(0))
    audit_opened("try_opened", place, by=kari)
    assert opened() == 2


@pytest.mark.django_db(transaction=True)
def test_what_one_transaction_wrote_has_one_time() -> None:
    from django.db import transaction

    with transaction.atomic():
        rule = RetentionRule.objects.create(key="try", keep_days=10)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.01)")
        event = audit_record("try", rule, by=None)
    event.refresh_from_db()
    kept = TRACKED[RetentionRule].objects.get(pgh_obj=rule.pk)
    assert kept.transaction_at == event.transaction_at
    assert kept.pgh_created_at < event.at
    RetentionRule.objects.filter(pk=rule.pk).update(keep_days=20)
    later = TRACKED[RetentionRule].objects.first()
    assert later.keep_days == 20
    assert later.transaction_at > event.transaction_at


def test_a_save_that_changes_nothing_kept_leaves_nothing() -> None:
    rule = RetentionRule.objects.create(key="try", keep_days=10)
    rule.save()
    assert TRACKED[RetentionRule].objects.filter(pgh_obj=rule.pk).count() == 1
