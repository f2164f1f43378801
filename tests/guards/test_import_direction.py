"""Imports point one way (architecture § 2), also those inside functions."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from samskaping.embedded.paths import REPOSITORY

# Each may import from those after it.
ORDER = (
    "samskaping.dashboards",
    "samskaping.evaluations",
    "agreements",
    "volunteers",
    "partnerships",
    "samskaping.accounts",
    "samskaping.core",
)
# Wiring and tools that know no app of ours above the ground, with what each may import itself.
TOOLS = {
    "samskaping.env": set(),
    "samskaping.celery": {"samskaping.press"},
    "samskaping.formats": set(),
    "samskaping.press": set(),
    "samskaping.embedded": {"samskaping.env"},
    "samskaping.backup": {"samskaping.env", "samskaping.core", "samskaping.embedded"},
    "samskaping.settings": {"samskaping.env", "samskaping.embedded"},
}
FOR_ALL = {"samskaping.env", "samskaping.celery", "samskaping.press"}


def modules(package: str) -> Iterator[tuple[str, Path]]:
    path = REPOSITORY / package.replace(".", "/")
    for file in sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]:
        parts = file.relative_to(REPOSITORY).with_suffix("").parts
        yield ".".join(parts), file


def imports(module: str, source: str) -> Iterator[str]:
    """Every module named in an import anywhere in the source, relative ones made absolute."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*module.split(".")[: -node.level], *([base] if base else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def ours(name: str) -> str | None:
    """Which part of the portal a module belongs to, if any."""
    parts = (*ORDER, *TOOLS, "samskaping.bootstrap", "samskaping.urls", "tests")
    return next((part for part in parts if name == part or name.startswith(f"{part}.")), None)


def wrong_imports(package: str, module: str, source: str) -> list[str]:
    to_its_right = set(ORDER[ORDER.index(package) :]) if package in ORDER else {package}
    allowed = to_its_right | TOOLS.get(package, FOR_ALL)
    return [
        f"{module} imports {name}"
        for name in imports(module, source)
        if (part := ours(name)) and part not in allowed
    ]


@pytest.mark.parametrize("package", [*ORDER, *TOOLS])
def test_imports_point_one_way(package: str) -> None:
    found = list(modules(package))
    assert found, f"{package} is gone: take it out of the list"
    wrong = [line for module, file in found for line in wrong_imports(package, module, file.read_text())]
    assert wrong == []


def test_bootstrap_needs_only_the_standard_library() -> None:
    """It runs before anything is installed. `embedded.paths` and `.secret` promise the same of themselves."""
    inside = {"samskaping"} | {file.stem for file in (REPOSITORY / "samskaping/bootstrap").glob("*.py")}
    for module, file in modules("samskaping.bootstrap"):
        foreign = (
            {n.split(".")[0] for n in imports(module, file.read_text())} - sys.stdlib_module_names - inside
        )
        assert not foreign, f"{module} imports {foreign}"


@pytest.mark.parametrize("module", ["paths", "secret", "errors"])
def test_settings_read_standard_library_only(module: str) -> None:
    source = (REPOSITORY / f"samskaping/embedded/{module}.py").read_text()
    foreign = {n.split(".")[0] for n in imports(f"samskaping.embedded.{module}", source)}
    assert foreign <= sys.stdlib_module_names | {"samskaping"}


@pytest.mark.parametrize(
    "source",
    [
        "from agreements.models import Agreement",
        "import agreements",
        "def f():\n    from samskaping.dashboards import views",
        "from ...dashboards import views",
    ],
)
def test_guard_sees_an_import_the_wrong_way(source: str) -> None:
    assert wrong_imports("samskaping.core", "samskaping.core.views.pages", source)
