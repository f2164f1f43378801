"""System checks of our own: what must hold before the portal may serve anybody."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connections


@register(Tags.database)
def app_role_is_no_owner(*, databases: Sequence[str] | None, **_kwargs: Any) -> list[CheckMessage]:
    """Append-only tables and the wall between municipalities hold only for a role without powers."""
    if not databases or "default" not in databases:
        return []
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT r.rolsuper OR r.rolcreaterole OR r.rolbypassrls OR d.datdba = r.oid "
                "FROM pg_roles r, pg_database d "
                "WHERE r.rolname = current_user AND d.datname = current_database()"
            )
            row = cursor.fetchone()
    except OperationalError:
        return []  # no server to ask; whoever needs one says so
    if row and row[0]:
        return [
            Error(
                "The role in DATABASE_URL owns the database or has powers over it.",
                hint="Make a plain role for the portal to run as, and keep the owner for DATABASE_OWNER_URL.",
                id="core.E001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def no_developer_pages(**_kwargs: Any) -> list[CheckMessage]:
    if settings.DEVELOPER_PAGES:
        return [
            Error(
                "DEVELOPER_PAGES is on: everybody could read the demo post and the component gallery.",
                hint="Set DEVELOPER_PAGES=0.",
                id="core.E002",
            )
        ]
    return []
