"""What rows were is kept for a named list, without anything personal, and nobody can change it afterwards."""

import pytest
from django.apps import apps
from django.db import Error, connection, connections, models, transaction
from pghistory.models import Event

from samskaping.core.db import append_only
from samskaping.core.history import TRACKED
from samskaping.core.models import Municipality

# The whole list. Whoever adds a table says so here, having read its fields once more.
NAMED = {
    "agreements.Agreement",
    "agreements.AgreementParty",
    "agreements.Envelope",
    "agreements.Signatory",
    "agreements.SigningRule",
    "core.RetentionRule",
    "partnerships.Absence",
    "partnerships.CodesignProcess",
    "partnerships.Duty",
    "partnerships.DutyHolder",
    "partnerships.Frame",
    "partnerships.Grant",
    "partnerships.Invitation",
    "partnerships.Meeting",
    "partnerships.Membership",
    "partnerships.Minutes",
    "partnerships.MunicipalitySettings",
    "partnerships.Offer",
    "partnerships.OfferRequirement",
    "partnerships.Organisation",
    "partnerships.Partnership",
    "partnerships.PartnershipParty",
    "partnerships.ProcessPhase",
    "partnerships.ProcessResult",
    "partnerships.Proposal",
    "partnerships.Signal",
    "partnerships.Strategy",
    "partnerships.StrategyStance",
    "partnerships.TaskCheck",
    "partnerships.Understanding",
    "partnerships.UnderstandingSide",
    "partnerships.Unit",
    "partnerships.VolunteerCentre",
    "volunteers.Assignment",
    "volunteers.Course",
    "volunteers.OfferCrew",
    "volunteers.Opening",
    "volunteers.Volunteer",
}
# Where a person is kept, or what is secret: no field of theirs is ever history.
NEVER = {"partnerships.Person", "accounts.User", "core.OneTimeCode"}
# How fields that hold such things are called here; `municipality`, `user` and `person` are ids.
_PERSONAL_WORDS = (
    "email",
    "phone",
    "street",
    "postal",
    "post_town",
    "contact_",
    "nonce",
    "password",
    "police",
)
TABLES = [(model, event) for model, event in TRACKED.items()]


def own_fields(event: type[models.Model]) -> set[str]:
    return {f.name for f in event._meta.fields if not f.name.startswith("pgh_")} - {"transaction_at"}


def personal(fields: set[str], model: type[models.Model]) -> set[str]:
    named = set(getattr(model, "personal_fields", ()))
    return {f for f in fields if f in named or any(word in f for word in _PERSONAL_WORDS)}


def test_the_list_is_the_whole_list() -> None:
    assert {model._meta.label for model in TRACKED} == NAMED
    kept = {m for m in apps.get_models() if issubclass(m, Event) and not m._meta.proxy and m._meta.managed}
    assert kept == set(TRACKED.values())


def test_nobody_is_on_it() -> None:
    assert {model._meta.label for model in TRACKED} & NEVER == set()


@pytest.mark.parametrize(("model", "event"), TABLES)
def test_nothing_personal_is_kept(model: type[models.Model], event: type[models.Model]) -> None:
    assert personal(own_fields(event), model) == set()


def test_a_personal_field_would_be_seen() -> None:
    settings = apps.get_model("partnerships", "MunicipalitySettings")
    assert personal({"contact_name", "words"}, settings) == {"contact_name"}
    assert personal({"phone"}, Municipality) == {"phone"}


@pytest.mark.parametrize(("model", "event"), TABLES)
def test_municipality_is_there_where_the_row_has_one(
    model: type[models.Model], event: type[models.Model]
) -> None:
    assert event._meta.get_field("municipality").null is model._meta.get_field("municipality").null


@pytest.mark.parametrize(("model", "event"), TABLES)
def test_only_ids_point_at_people(model: type[models.Model], event: type[models.Model]) -> None:
    """Erasing somebody is neither stopped by what is kept, nor does it change it."""
    references = [f for f in event._meta.fields if isinstance(f, models.ForeignKey)]
    assert references
    assert [f.name for f in references if getattr(f, "db_constraint", True)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("event", TRACKED.values())
def test_the_portal_may_only_read_and_add(event: type[models.Model]) -> None:
    assert append_only(event)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege FROM unnest(string_to_array('SELECT,INSERT,UPDATE,DELETE,TRUNCATE', ',')) "
            "AS privilege WHERE has_table_privilege(current_user, %s, privilege)",
            [event._meta.db_table],
        )
        assert {row[0] for row in cursor.fetchall()} == {"SELECT", "INSERT"}


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "event"), TABLES)
def test_the_triggers_stand_in_the_database(model: type[models.Model], event: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger%%'",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (3,)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("change", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}"])
def test_not_even_the_owner_changes_what_was(change: str) -> None:
    table = "core_retentionruleevent"
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("INSERT INTO core_retentionrule (key, keep_days, changed_at) VALUES ('try', 1, now())")
        with pytest.raises(Error, match=r"Cannot (update|delete)"), transaction.atomic(using="owner"):
            cursor.execute(change.format(table))
        transaction.set_rollback(True, using="owner")


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(("trigger_is_there", "kept"), [(True, 2), (False, 1)])
def test_a_trigger_that_is_gone_would_be_seen(trigger_is_there: bool, kept: int) -> None:
    """The other tests here can fail: without its trigger, a change leaves nothing."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_retentionrule (key, keep_days, changed_at) VALUES ('try', 1, now()) "
            "RETURNING id"
        )
        (pk,) = cursor.fetchone()
        if not trigger_is_there:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = 'core_retentionrule'::regclass "
                "AND tgname LIKE 'pgtrigger_update%'"
            )
            (name,) = cursor.fetchone()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f'DROP TRIGGER "{name}" ON core_retentionrule')
        cursor.execute("UPDATE core_retentionrule SET keep_days = 2 WHERE id = %s", [pk])
        cursor.execute("SELECT count(*) FROM core_retentionruleevent WHERE pgh_obj_id = %s", [pk])
        assert cursor.fetchone() == (kept,)
        transaction.set_rollback(True, using="owner")
