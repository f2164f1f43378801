"""Which environment variables the code reads, found in the code itself."""

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Reading(NamedTuple):
    """One place where a variable is read. `reader` is env's function, or «environ» for os.environ itself."""

    name: str
    reader: str
    default: str
    module: Path


def readings() -> list[Reading]:
    found: list[Reading] = []
    for path in sorted((ROOT / "samskaping").rglob("*.py")):
        if path.name == "env.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [r for node in ast.walk(tree) if (r := _reading(node, path.relative_to(ROOT)))]
    return found


@cache
def variables_read() -> dict[str, tuple[Reading, ...]]:
    by_name: dict[str, list[Reading]] = {}
    for reading in readings():
        by_name.setdefault(reading.name, []).append(reading)
    return {name: tuple(places) for name, places in sorted(by_name.items())}


def _reading(node: ast.AST, path: Path) -> Reading | None:
    """env.number("PORT", 8000, …), os.environ.get("DATA_DIR", "") or os.environ["DATA_DIR"]."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        owner, function = ast.unparse(node.func.value), node.func.attr
        is_reader = (owner == "env" and function.islower()) or (owner == "os.environ" and function == "get")
        if is_reader and isinstance(node.args[0], ast.Constant):
            default = _default(node, function)
            reader = "environ" if owner == "os.environ" else function
            return Reading(str(node.args[0].value), reader, default, path)
    if (
        isinstance(node, ast.Subscript)
        and ast.unparse(node.value) == "os.environ"
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.ctx, ast.Load)  # read, not written
    ):
        return Reading(str(node.slice.value), "environ", "", path)
    return None


def _default(node: ast.Call, function: str) -> str:
    named = [keyword.value for keyword in node.keywords if keyword.arg == "default"]
    value = named[0] if named else (node.args[1] if len(node.args) > 1 else None)
    return "" if value is None else ast.unparse(value)
