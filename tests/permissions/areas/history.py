"""The trace, in words."""

from tests.permissions.frame import Row

ROWS: dict[str, Row] = {}
