"""A list costs the same number of queries for ten rows as for one."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def assert_constant_queries(client: Client, url: str, make_row: Callable[[], object], rows: int = 9) -> None:
    """Asks for the page with one row, then with `rows` more; fails with the repeated query."""
    make_row()
    client.get(url)  # what is looked up once per process is not the page's
    few = _queries(client, url)
    for _row in range(rows):
        make_row()
    many = _queries(client, url)
    more = [sql for sql in many if many.count(sql) > few.count(sql)] or many[len(few) :]
    assert len(many) <= len(few), f"{url}: {len(few)} queries became {len(many)}; again and again:\n{more[0]}"


def _queries(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200, f"{url} gives {response.status_code}"
    return [query["sql"] for query in captured.captured_queries]
