"""Technical pages of operators."""

from tests.permissions.frame import Row

ROWS: dict[str, Row] = {}
