"""Log lines without personal data.

Names, addresses and tokens reach logs by three roads: paths, exception messages ("Key
(email)=(…) already exists") and the objects in a message's arguments. So a request is named by
its route, an exception by its type and where it happened, and own code logs ids only.
"""

import logging
import traceback
from contextvars import ContextVar
from types import TracebackType

from gunicorn.glogging import Logger
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter as BaseJsonFormatter

request_id: ContextVar[str] = ContextVar("request_id", default="-")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def describe_exception(ei: ExcInfo) -> str:
    """Type and frames of an exception and its causes, never a message or a value."""
    lines: list[str] = []
    error = ei[1]
    while error is not None and len(lines) < 200:
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
        lines += [
            f"  {frame.filename}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if error is not None:
            lines.append("from")
    return "\n".join(lines)


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class TaskFailureFilter(logging.Filter):
    """Celery tells a failed task's arguments, exception text and traceback; what and where is enough."""

    def filter(self, record: logging.LogRecord) -> bool:
        data = record.__dict__.pop("data", None)
        if isinstance(data, dict) and "traceback" in data:
            record.msg, record.args = "task failed: %s", (data.get("name"),)
        return True


class JsonFormatter(BaseJsonFormatter):
    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
            reserved_attrs=[*RESERVED_ATTRS, "shown"],  # the readable form is for TextFormatter alone
        )

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the library's name
        return describe_exception(ei)


class TextFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        fields = getattr(record, "shown", None)
        return f"{line} {fields}" if fields else line

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the library's name
        return describe_exception(ei)


class GunicornLogger(Logger):
    """Gunicorn's own few lines in the portal's format, through the root logger."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
