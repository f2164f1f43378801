"""The two database roles: the owner migrates, the app runs and can only do what it was granted.

And how to tell that the database was away from that it said no.
"""

from typing import Any

import psycopg2
from django.apps import apps
from django.conf import settings
from django.db import InterfaceError, OperationalError, connections, models
from psycopg2 import sql


def database_away(error: BaseException | None) -> bool:
    """Whether trying again may help: it restarts, ended our connection, or let us wait too long for a lock.

    psycopg2 says the bare DatabaseError when the server goes in the middle of an answer.
    """
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return error is not None and type(error.__cause__) is psycopg2.DatabaseError


def append_only(model: type[models.Model]) -> bool:
    """Whether rows of the model may be added but never changed or removed by the app's role."""
    return bool(getattr(model, "append_only", False))


def add_only_tables() -> list[str]:
    """The tables of models that are append-only."""
    return [model._meta.db_table for model in apps.get_models() if append_only(model)]


def grant_to_app_role(*, using: str, **_kwargs: Any) -> None:
    """After migrating: the app's role may use every table, and only read or add to append-only ones.

    Runs each time, so a new table, a new role or a model that becomes append-only needs no step of its own.
    """
    owner = connections[using]
    app_role = str(settings.DATABASES["default"]["USER"])
    owner_role = owner.settings_dict["USER"]
    if app_role == owner_role:
        return  # system check core.E001 says so in words, and the portal does not start
    read_only = ["django_migrations"]
    names = {"role": sql.Identifier(app_role)}
    statements = [
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    ]
    with owner.cursor() as cursor:
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(**names))
        # The routes past append-only, for what is old; the functions themselves refuse what is not.
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc "
            "WHERE pronamespace = 'public'::regnamespace AND starts_with(proname, 'portal_forget_')"
        )
        for (forget,) in cursor.fetchall():
            # A restored function is everybody's until this is said again.
            cursor.execute(f"REVOKE ALL ON FUNCTION {forget} FROM PUBLIC")
            cursor.execute(sql.SQL(f"GRANT EXECUTE ON FUNCTION {forget} TO {{role}}").format(**names))
        for table, kept_from in [(t, "INSERT, UPDATE, DELETE") for t in read_only] + [
            (t, "UPDATE, DELETE") for t in add_only_tables()
        ]:
            cursor.execute(
                sql.SQL("REVOKE {} ON {} FROM {}").format(
                    sql.SQL(kept_from), sql.Identifier(table), names["role"]
                )
            )
