"""One test database per xdist worker, made by the owner and used by the app's role, as in production.

Django would make and empty it through `default`; that role may do neither, which is the point of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

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
        owner.creation.destroy_test_db(real_name, verbosity=0)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Everything inside never happened. For rows that a whole module shares."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


test_database.__test__ = False  # type: ignore[attr-defined]
