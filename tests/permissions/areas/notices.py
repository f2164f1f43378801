"""What is sent and coming, letters, calls and replies."""

from tests.permissions.frame import Row

ROWS: dict[str, Row] = {}
