"""Stored files."""

from tests.permissions.frame import Row

ROWS: dict[str, Row] = {}
