"""One test database per xdist worker, made by the owner and used by the app's role, as in production.

Django would make and empty it through `default`; that role may do neither, which is the point of it.
"""

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction


@contextmanager
def test_database(worker: str) -> Iterator[None]:
    """Makes, migrates and at last drops the database that both aliases then point to."""
    owner, app = connections["owner"], connections["default"]
    real_name = owner.settings_dict["NAME"]
    owner.settings_dict["TEST"]["NAME"] = f"test_{real_name}_{worker}"
    name = owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    app.close()
    app.settings_dict["NAME"] = name
    # Under the alias `default`: Django forbids any other to connect in a test that did not ask for it.
    emptier = owner.copy(alias="default")
    app.ops.execute_sql_flush = emptier.ops.execute_sql_flush  # type: ignore[method-assign]
    try:
        yield
    finally:
        for connection in (app, emptier):
            connection.close()
        _wait_until_left(owner)
        owner.creation.destroy_test_db(real_name, verbosity=0)


def _wait_until_left(owner: Any, seconds: float = 10) -> None:
    """A process that a test stopped may still be hanging up. One that stays is named when the drop fails."""
    end = time.monotonic() + seconds
    while True:
        with owner.cursor() as cursor:
            cursor.execute(
                "SELECT usename, application_name, state, backend_start FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            others = cursor.fetchall()
        if not others or time.monotonic() > end:
            break
        time.sleep(0.1)
    if others:
        warnings.warn(f"Still connected to the test database: {others}", stacklevel=2)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Everything inside never happened. For rows that a whole module shares."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


test_database.__test__ = False  # type: ignore[attr-defined]
