from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Made once for a module and rolled back after it; each question is rolled back on its own."""
    from tests.database import rolled_back
    from tests.permissions import world as worlds

    with django_db_blocker.unblock(), rolled_back():
        yield worlds.build()
