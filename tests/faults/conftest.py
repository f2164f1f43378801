from collections.abc import Iterator

import pytest

from tests.faults.place import Place, place


@pytest.fixture(scope="session")
def shared_place() -> Iterator[Place]:
    """Making the database takes longest: the folder's tests share one, and a worker (scheduling.py)."""
    with place(quick=True) as made:
        yield made


@pytest.fixture
def here(shared_place: Place) -> Iterator[Place]:
    """A place as new, and what its processes said when a test fails."""
    shared_place.clear()
    yield shared_place
    shared_place.clear()
