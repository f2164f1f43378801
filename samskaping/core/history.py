"""What a row was before: the tables whose changes are kept, by triggers that bulk updates and SQL meet too.

Fields are named one by one, so a new one is kept only when somebody decides so. What stands here is never
personal: ids of people, yes; their names, addresses and numbers, no. Who made a change stands in AuditEvent,
which shares `transaction_at` with what was written in the same transaction.
"""

from typing import Any

import pghistory
from django.contrib.postgres.functions import TransactionNow
from django.db import models

# Each model and the table of what it was.
TRACKED: dict[type[models.Model], Any] = {}


def transaction_time() -> "models.DateTimeField[Any, Any]":
    """When the transaction began: the same in everything it wrote, and a moment no other one shares."""
    return models.DateTimeField(db_default=TransactionNow(), editable=False)


def keep_history(model: type[models.Model], *fields: str) -> None:
    """Makes `<Model>Event`: one row for each insert, update of these fields, and delete."""
    TRACKED[model] = pghistory.create_event_model(
        model,
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        fields=list(fields),
        model_name=f"{model.__name__}Event",
        obj_field=pghistory.ObjForeignKey(related_name="+", db_index=True),
        # Its context would need a row and two settings for each request; transaction_at costs nothing.
        # None is documented, and missing in its types.
        context_field=None,  # type: ignore[arg-type]
        append_only=True,
        attrs={"append_only": True, "transaction_at": transaction_time()},
        meta={"ordering": ("-pgh_id",)},
        abstract=False,
    )
