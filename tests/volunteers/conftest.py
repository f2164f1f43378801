"""Two municipalities, as where partnerships are tried; the SMS that were sent; and a time of an offer."""

from typing import Any

import pytest

from tests.partnerships.conftest import neighbour, texts, town

__all__ = ["neighbour", "texts", "time", "town"]


@pytest.fixture
def time(town: Any) -> Any:
    from tests.volunteers.crew import make_time

    return make_time(town)
