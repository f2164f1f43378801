"""Many rows at once by COPY. As INSERT they are a statement with a hundred thousand values, which takes
longer to write, read and plan than the rows take to store.
"""

from collections.abc import Sequence
from io import StringIO
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg2.extras import Json

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Stores them and gives each its key, as bulk_create does: without `save` and without signals."""
    if not rows:
        return
    table, key = model._meta.db_table, model._meta.pk
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    with connection.cursor() as cursor:
        # Within an ignore of triggers it is this that tells the server so.
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, key.column, len(rows)],
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number
        values = [[field.pre_save(row, add=True) for field in fields] for row in rows]
        # What the database itself says is left to it; one row decides for all of them.
        kept = [at for at, value in enumerate(values[0]) if not isinstance(value, DatabaseDefault)]
        columns = ", ".join(f'"{fields[at].column}"' for at in kept)
        text = StringIO()
        for line in values:
            cells = (_text(fields[at].get_db_prep_save(line[at], connection)) for at in kept)
            text.write("\t".join(cells) + "\n")
        text.seek(0)
        cursor.copy_expert(f'COPY "{table}" ({columns}) FROM STDIN', text)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _text(value: Any) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list | tuple):
        return _plain("{" + ",".join(_element(one) for one in value) + "}")
    if isinstance(value, Json):
        return _plain(value.dumps(value.adapted))
    if isinstance(value, bytes | memoryview):
        return _plain(f"\\x{bytes(value).hex()}")
    return _plain(str(value))


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _plain(text: str) -> str:
    return text.translate(_ESCAPED)
