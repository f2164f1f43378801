"""What a database holds, counted so that two can be compared: rows, content, files and the rules on them."""

from typing import Any

from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

from samskaping.core.models import AuditEvent, StoredFile

Census = dict[str, Any]

# A row's text must be the same wherever it is written.
_PLAIN = (
    "SET LOCAL timezone = 'UTC'", "SET LOCAL datestyle = 'ISO'", "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'", "SET LOCAL extra_float_digits = 1",
)  # fmt: skip
_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
    "ORDER BY 1"
)
# A sum has no order, so neither has the digest: a restored table may lie otherwise on the disk.
_ROWS = (
    "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM public.{table} AS t"
)
_FILES = (
    "SELECT count(*), encode(sha256(convert_to(coalesce(string_agg("
    "id::text || ' ' || encode(sha256(content), 'hex'), ',' ORDER BY id), ''), 'UTF8')), 'hex'), "
    "count(*) FILTER (WHERE encode(sha256(content), 'hex') <> sha256) FROM public.{table}"
)
# Names only: how a rule is written out differs between versions. Version 18 also lists NOT NULL ('n').
# Where a sequence stands is outside of snapshots, so it is not compared.
_RULES = """
SELECT 'trigger ' || c.relname || '.' || t.tgname || ' ' || t.tgenabled::text
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'constraint ' || c.relname || '.' || o.conname || CASE WHEN o.convalidated THEN '' ELSE ' unsure' END
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
WHERE o.contype <> 'n' AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'index ' || c.relname || CASE WHEN i.indisvalid THEN '' ELSE ' broken' END
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'sequence ' || sequencename FROM pg_sequences WHERE schemaname = 'public'
ORDER BY 1
"""


def tables(cursor: CursorWrapper) -> list[str]:
    cursor.execute(_TABLES)
    return [name for (name,) in cursor.fetchall()]


def take(cursor: CursorWrapper) -> Census:
    """Counts everything, in the cursor's transaction."""
    for setting in _PLAIN:
        cursor.execute(setting)
    rows = {name: _one(cursor, _ROWS, name) for name in tables(cursor)}
    files = _one(cursor, _FILES, StoredFile._meta.db_table)
    (newest,) = _one(cursor, "SELECT max(id) FROM public.{table}", AuditEvent._meta.db_table)
    cursor.execute(_RULES)
    return {
        "tables": {name: {"rows": count, "content": digest} for name, (count, digest) in rows.items()},
        "files": {"count": files[0], "content": files[1], "damaged": files[2]},
        "newest_trace": newest,
        "rules": [line for (line,) in cursor.fetchall()],
    }


def row_count(census: Census) -> int:
    return sum(table["rows"] for table in census["tables"].values())


def differences(promised: Census, found: Census) -> list[str]:
    """Every way in which what was found is not what was promised, a line each."""
    said = []
    for name in sorted({*promised["tables"], *found["tables"]}):
        wanted, got = promised["tables"].get(name), found["tables"].get(name)
        if wanted is None or got is None:
            said.append(f"table {name} {'is missing' if got is None else 'should not be there'}")
        elif wanted["rows"] != got["rows"]:
            said.append(f"table {name} has {got['rows']} rows and not {wanted['rows']}")
        elif wanted["content"] != got["content"]:
            said.append(f"table {name} has other content")
    for key, words in (
        ("count", "files are"),
        ("content", "content of the files is"),
        ("damaged", "damaged"),
    ):
        if promised["files"][key] != found["files"][key]:
            said.append(f"{words} {found['files'][key]} and not {promised['files'][key]}")
    if promised["newest_trace"] != found["newest_trace"]:
        said.append(f"the trace ends at {found['newest_trace']} and not at {promised['newest_trace']}")
    rules, there = set(promised["rules"]), set(found["rules"])
    said += [f"{rule} is missing" for rule in sorted(rules - there)]
    return said + [f"{rule} should not be there" for rule in sorted(there - rules)]


def _one(cursor: CursorWrapper, query: str, table: str) -> tuple[Any, ...]:
    cursor.execute(sql.SQL(query).format(table=sql.Identifier(table)))
    return tuple(cursor.fetchone())
