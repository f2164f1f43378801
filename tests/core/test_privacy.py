"""The one route past append-only, and the list of what is kept about people."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from samskaping.core.models import AuditEvent
from samskaping.core.services.reference import reference_load
from samskaping.core.services.retention import retention_run_nowhere
from tests.factories.core import MunicipalityFactory

pytestmark = pytest.mark.django_db


def forget(town: Any, before: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_forget_trace(%s, %s)", [town.pk, before])
        return int(cursor.fetchone()[0])


def happened(town: Any, days_ago: int) -> AuditEvent:
    return AuditEvent.objects.create(
        municipality=town, verb="settings_changed", at=timezone.now() - timedelta(days=days_ago)
    )


def test_old_traces_of_one_municipality_go_and_it_is_told() -> None:
    here, there = MunicipalityFactory.create(), MunicipalityFactory.create()
    old, young, elsewhere = happened(here, 1200), happened(here, 1000), happened(there, 1200)
    assert forget(here, timezone.now() - timedelta(days=1095)) == 1
    left = set(AuditEvent.objects.values_list("pk", flat=True))
    assert {young.pk, elsewhere.pk} <= left
    assert old.pk not in left
    told = AuditEvent.objects.get(verb="trace_forgotten", municipality=here)
    assert told.data["count"] == 1
    assert told.actor_id is None


def test_rows_of_history_go_the_same_way() -> None:
    from tests.factories.partnerships import UnitFactory

    unit = UnitFactory.create()
    event = type(unit)._meta.apps.get_model("partnerships", "UnitEvent")
    columns = [f.column for f in event._meta.concrete_fields if f.column not in ("pgh_id", "pgh_created_at")]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO partnerships_unitevent (pgh_created_at, {', '.join(columns)}) "  # noqa: S608
            f"SELECT now() - interval '4 years', {', '.join(columns)} FROM partnerships_unitevent "
            "WHERE pgh_obj_id = %s",
            [unit.pk],
        )
    assert event.objects.filter(pgh_obj=unit).count() == 2
    assert forget(unit.municipality, timezone.now() - timedelta(days=1095)) == 1
    assert event.objects.get(pgh_obj=unit).pgh_created_at > timezone.now() - timedelta(days=1)


def test_what_belongs_to_no_municipality_goes_too() -> None:
    here = MunicipalityFactory.create()
    kept = happened(here, 1200)
    AuditEvent.objects.create(verb="signed_in", at=timezone.now() - timedelta(days=1200))
    reference_load()
    assert retention_run_nowhere() == 1
    assert AuditEvent.objects.filter(pk=kept.pk).exists()
    assert not AuditEvent.objects.filter(verb="signed_in").exists()


def test_what_happened_lately_cannot_be_undone() -> None:
    here = MunicipalityFactory.create()
    happened(here, 300)
    with pytest.raises(DatabaseError, match="kept for a year"), transaction.atomic():
        forget(here, timezone.now() - timedelta(days=360))
    assert AuditEvent.objects.filter(municipality=here).count() == 1


def test_the_route_leaves_the_door_shut_behind_it() -> None:
    """Neither the rights nor the triggers stay open for the rest of the transaction."""
    here = MunicipalityFactory.create()
    happened(here, 1200)
    young = happened(here, 10)
    forget(here, timezone.now() - timedelta(days=1095))
    for statement in (
        "DELETE FROM core_auditevent WHERE id = %s",
        "UPDATE core_auditevent SET verb = '' WHERE id = %s",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [young.pk])
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('pgtrigger.ignore', true), '')")
        assert cursor.fetchone()[0] in ("", "{}")


def test_nobody_else_may_take_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proacl::text, prosecdef, proconfig::text FROM pg_proc "
            "WHERE proname = 'portal_forget_trace'"
        )
        rights, definer, pinned = cursor.fetchone()
    assert definer
    assert "search_path=pg_catalog" in pinned
    assert not any(one.startswith("=X") for one in rights.strip("{}").split(",")), "PUBLIC may not"
