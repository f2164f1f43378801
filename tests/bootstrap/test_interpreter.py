import ast
import os
import sys
from pathlib import Path

import pytest

from samskaping.bootstrap import interpreter
from tests.bootstrap.conftest import write_program

FOLDER = Path(interpreter.__file__).parent


@pytest.fixture
def too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "MINIMUM", (99, 0))


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py", "interpreter.py", "../__init__.py"])
def test_an_old_python_can_read_what_tells_it_that_it_is_old(name: str) -> None:
    ast.parse((FOLDER / name).read_text(), feature_version=(3, 4))


def test_this_python_will_do() -> None:
    assert interpreter.require(str(FOLDER), ["run"]) is None


def test_without_a_newer_one_there_is_a_sentence(too_old: None, programs: Path) -> None:
    with pytest.raises(SystemExit, match=r"needs Python 99\.0 or newer, and this one is 3\."):
        interpreter.require(str(FOLDER), ["run"])


def test_a_newer_one_is_asked_before_it_is_trusted(
    too_old: None, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_program(programs, "python3.13", "echo version manager: not installed >&2; exit 127")
    write_program(programs, "python3.12", "exit 0")
    became: list[list[str]] = []

    def become(program: str, arguments: list[str]) -> None:
        became.append(arguments)
        sys.exit(0)

    monkeypatch.setattr(os, "execv", become)
    with pytest.raises(SystemExit):
        interpreter.require("/a folder", ["run", "-x"])
    assert became == [[str(programs / "python3.12"), "/a folder", "run", "-x"]]
