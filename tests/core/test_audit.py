"""The trace can be added to and never changed: by grant, and by trigger for whoever has the grant."""

from typing import Any

import pytest
from django.db import Error, connections, transaction

from samskaping.core.models import AuditEvent
from samskaping.core.services.audit import audit_record
from tests.factories.accounts import UserFactory
from tests.factories.core import MunicipalityFactory

CHANGES = ("UPDATE core_auditevent SET verb = 'another'", "DELETE FROM core_auditevent")


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_app_role_has_no_right_to_change(change: str) -> None:
    audit_record("try", by=None)
    with (
        pytest.raises(Error, match="permission denied"),
        transaction.atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(change)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("change", CHANGES)
def test_trigger_stops_even_the_owner(change: str) -> None:
    """The owner has every right; the trigger is what stops her."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_auditevent (verb, data, on_behalf_of, object_type, object_id, request_id) "
            "VALUES ('try', '{}', '', '', '', '')"
        )
        with pytest.raises(Error, match=r"Cannot (update|delete)"), transaction.atomic(using="owner"):
            cursor.execute(change)
        cursor.execute("SELECT count(*) FROM core_auditevent WHERE verb = 'try'")
        assert cursor.fetchone() == (1,)
        transaction.set_rollback(True, using="owner")


@pytest.mark.django_db
def test_event_says_who_what_where(rf: Any) -> None:
    user, place = UserFactory.create(), MunicipalityFactory.create()
    event = audit_record("changed", place, by=user, municipality=place, data={"fields": ["name"]})
    event.refresh_from_db()
    assert (event.actor_id, event.object_type, event.object_id) == (
        user.pk,
        "core.municipality",
        str(place.pk),
    )
    assert event.municipality == place
    assert event.at is not None


@pytest.mark.django_db
def test_erased_user_leaves_the_trace_as_it_was() -> None:
    user = UserFactory.create()
    event = audit_record("try", by=user)
    actor = user.pk
    user.delete()
    assert AuditEvent.objects.values_list("actor_id", flat=True).get(pk=event.pk) == actor
