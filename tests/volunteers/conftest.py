"""Two municipalities, as where partnerships are tried."""

from tests.partnerships.conftest import neighbour, town

__all__ = ["neighbour", "town"]
