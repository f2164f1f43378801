"""What README and the docs say about the environment and the code is what the code says."""

import ast
import re
from functools import cache

import pytest

from tests.deploy import compose
from tests.deploy.environment import variables_read

ROOT = compose.ROOT
# Read by the code, and nothing a person sets for the portal.
NOT_OURS = {"PATH": "set-up puts Node on it", "SECRET_KEY_FILE": "every variable has a _FILE; README says so"}
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@cache
def configuration():
    """README's table: name → (default, meaning)."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## Configuration")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$", section, re.MULTILINE)
    return {name: (default, meaning) for name, default, meaning in rows}


def test_every_variable_the_code_reads_is_in_the_readme():
    assert set(configuration()) == set(variables_read()) - set(NOT_OURS)


def test_no_stale_exception():
    assert set(NOT_OURS) <= set(variables_read())


@pytest.mark.parametrize("name", sorted(configuration()))
def test_the_default_is_the_code_s(name):
    shown, meaning = configuration()[name]
    assert len(meaning) > 10
    for place in variables_read().get(name, ()):
        try:
            default = ast.literal_eval(place.default)
        except (ValueError, SyntaxError):
            continue  # worked out from other values: README says how in words
        if default == "":
            continue
        plain = str(int(default)) if isinstance(default, bool) else str(default)
        assert shown.startswith(f"`{plain}`"), f"{place.module} says {plain}"


def test_variables_in_production_docs_exist():
    text = (ROOT / "docs/production.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([A-Z][A-Z_]{3,})=?", text)) - {"HEAD", "TERM"}  # a method and a signal
    known = set(variables_read()) | {f"{name}_FILE" for name in variables_read()} | {"REMAP_SIGTERM"}
    assert named <= known


@pytest.mark.parametrize(
    "document",
    [p.relative_to(ROOT).as_posix() for p in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])],
)
def test_links_lead_to_files_that_exist(document):
    path = ROOT / document
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_folders_in_the_package_map_exist_and_none_is_missing():
    text = (ROOT / "docs/package-map.md").read_text(encoding="utf-8")
    named = {name.rstrip("/") for name in re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)}
    for name in named:
        assert (ROOT / name).exists(), f"{name} is gone"
    packages = {p.parent.relative_to(ROOT).as_posix() for p in ROOT.glob("samskaping/*/__init__.py")}
    packages |= {p.parent.relative_to(ROOT).as_posix() for p in ROOT.glob("*/apps.py")}
    assert packages <= named, "a package nobody is told about"


def test_make_targets_in_the_docs_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md", "docs/production.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert (
            set(re.findall(r"\bmake ([a-z-]+)[`\s]", text)) & {"run", "test", "lint", "bench", "proof"}
            <= targets
        )
        assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets


def test_adrs_are_numbered_and_say_the_same_three_things():
    found = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    numbers = [path.name[:4] for path in found]
    assert len(numbers) == len(set(numbers))
    for path in found:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} "), path.name
        for heading in ("## Context", "## Decision", "## Consequences"):
            assert heading in text, f"{path.name} lacks {heading}"
