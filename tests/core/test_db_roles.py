"""The portal's role can use the tables and nothing more; what is append-only stays as it was written."""

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connections, transaction

from samskaping.core.db import grant_to_app_role
from samskaping.core.models import County

FORBIDDEN = {
    "make a table": "CREATE TABLE mine (id int)",
    "make a temporary function": "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "change a table": "ALTER TABLE core_county ADD COLUMN extra int",
    "drop a table": "DROP TABLE core_county",
    "empty a table": "TRUNCATE core_county CASCADE",
    "switch a trigger off": "ALTER TABLE core_contenttemplate DISABLE TRIGGER ALL",
    "switch all triggers off": "SET session_replication_role = replica",
    "become the owner": "SET ROLE portal_owner",
    "say that a migration has run": "INSERT INTO django_migrations VALUES (9999, 'core', '0002', now())",
    "forget a migration": "DELETE FROM django_migrations",
}


@pytest.mark.django_db
@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_app_role_may_not(statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db
def test_app_role_is_not_the_owner() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls "
            "FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
    assert connections["default"].settings_dict["USER"] != connections["owner"].settings_dict["USER"]


@pytest.mark.django_db(databases=["default", "owner"])
def test_append_only_model_takes_rows_and_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """County stands in for an audit table; the grants are undone with the owner's transaction."""
    monkeypatch.setattr(County, "append_only", True, raising=False)
    grant_to_app_role(using="owner")
    with connections["owner"].cursor() as cursor:
        rights = "SELECT privilege FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE']) AS privilege "
        cursor.execute(rights + "WHERE has_table_privilege('portal_app', 'core_county', privilege)")
        assert {row[0] for row in cursor.fetchall()} == {"SELECT", "INSERT"}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_append_only_row_can_be_added_but_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(County, "append_only", True, raising=False)
        grant_to_app_role(using="owner")
    try:
        county = County.objects.create(number="98", name="Prøve")
        for change in (lambda: County.objects.update(name="Endret"), county.delete, county.save):
            with pytest.raises(ProgrammingError, match="permission denied"):
                change()
        assert County.objects.get().name == "Prøve"
    finally:
        grant_to_app_role(using="owner")
    assert County.objects.update(name="Endret") == 1


@pytest.mark.django_db(transaction=True)
def test_emptying_after_a_test_with_real_commits_goes_through_the_owner() -> None:
    County.objects.create(number="98", name="Prøve")
    call_command("flush", verbosity=0, interactive=False)
    assert not County.objects.exists()


@pytest.mark.django_db(databases=["default", "owner"])
def test_check_refuses_a_powerful_role(monkeypatch: pytest.MonkeyPatch) -> None:
    """core.E001 as `release` meets it: DATABASE_URL holds the owner's address."""
    assert run_checks(tags=["database"], databases=["default"]) == []
    monkeypatch.setitem(connections["default"].settings_dict, "USER", "portal_owner")
    powerful = connections["default"].copy()
    try:
        monkeypatch.setattr(connections["default"], "cursor", powerful.cursor)
        assert [found.id for found in run_checks(tags=["database"], databases=["default"])] == ["core.E001"]
        with pytest.raises(CommandError, match="owns the database"):
            call_command("check", databases=["default"])
    finally:
        powerful.close()
