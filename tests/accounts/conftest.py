from collections.abc import Iterator
from typing import Any

import pytest

# No Django import up here: this file is read before the settings are (tests/conftest.py).


@pytest.fixture
def kari(db: None) -> Any:
    from tests.factories.accounts import UserFactory

    return UserFactory.create(email="kari@prove.example")


@pytest.fixture
def with_role() -> Iterator[None]:
    """Everybody who signs in has a role that needs a second factor."""
    from samskaping.accounts import registry
    from tests.accounts.doing import Roles

    before = registry.people()
    registry.register_people(Roles())
    yield
    registry.register_people(before)
