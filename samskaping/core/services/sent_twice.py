"""A press that came twice, or a page that was sent anew: the second is given what the first made."""

from datetime import timedelta
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.functions import Now

Row = TypeVar("Row", bound=models.Model)
# Two bus tickets of the same price are typed one after the other; a double press is faster.
LATELY = timedelta(seconds=10)


def made_lately(row: Row, at: str, fields: tuple[str, ...], **also: Any) -> Row | None:
    """The one of the last seconds that is like `row` in these fields; `at` names when a row was made.

    To be asked inside the transaction that saves `row` otherwise: two at the same moment wait for each other.
    """
    same = {field: getattr(row, field) for field in fields}
    key = f"sent {row._meta.label} {[str(value) for value in same.values()]}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    rows = type(row)._default_manager.filter(**same, **also, **{f"{at}__gt": Now() - LATELY})
    return rows.order_by("-pk").first()
