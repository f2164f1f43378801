"""docs/threats.md names tests that exist."""

import ast
import re

import pytest

from samskaping.embedded.paths import REPOSITORY

TEXT = (REPOSITORY / "docs" / "threats.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


def test_table_is_read() -> None:
    assert len(NAMED) > 20
    assert len(re.findall(r"^\| [0-9]+ \|", TEXT, re.MULTILINE)) >= 15


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_named_test_exists(file: str, name: str) -> None:
    tree = ast.parse((REPOSITORY / file).read_text())
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
