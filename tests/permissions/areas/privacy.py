"""Export, erasure and how long things are kept."""

from tests.permissions.frame import Row

ROWS: dict[str, Row] = {}
