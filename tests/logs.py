"""Reading what the portal logs, in tests."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from samskaping.core.logs import JsonFormatter


@contextmanager
def portal_log() -> Iterator[io.StringIO]:
    """What the portal's own handler writes meanwhile, as settings configured it."""
    handlers = [h for h in logging.getLogger().handlers if isinstance(h.formatter, JsonFormatter)]
    assert len(handlers) == 1
    handler = handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    lines = io.StringIO()
    before = handler.setStream(lines)
    try:
        yield lines
    finally:
        handler.setStream(before)
