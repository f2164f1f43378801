"""Parts are found by being there, in the order of their names."""

from pathlib import Path

import pytest
from django.urls import get_resolver

from partnerships import demo_year, parts
from samskaping.core.parts import parts_of


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "prove_deler"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    for name, order in (("zebra", 1), ("apekatt", 2)):
        (folder / f"{name}.py").write_text(f"NAME, ORDER = {name!r}, {order}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return "prove_deler"


def test_every_module_is_found_by_name(package: str) -> None:
    assert [part.__name__ for part in parts_of(package)] == ["prove_deler.apekatt", "prove_deler.zebra"]


def test_parts_register_and_the_demo_loads_in_its_order(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = parts_of(package)
    seen: list[str] = []
    for part in found:
        part.register = part.load = lambda name=part.NAME: seen.append(name)  # type: ignore[attr-defined]
    for module in (parts, demo_year):
        monkeypatch.setattr(module, "parts_of", lambda _name: found)
    monkeypatch.setattr(demo_year, "_packages", [package])
    parts.register()
    demo_year.load()
    assert seen == ["apekatt", "zebra", "zebra", "apekatt"]


def test_addresses_of_every_module_are_there() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    for part in parts_of("partnerships.urls"):
        assert {pattern.name for pattern in part.urlpatterns} <= names
