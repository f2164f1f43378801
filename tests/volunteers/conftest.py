"""Two municipalities, as where partnerships are tried; and the SMS that were sent."""

from tests.partnerships.conftest import neighbour, texts, town

__all__ = ["neighbour", "texts", "town"]
