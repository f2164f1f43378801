"""Missing programs and libraries: installed where that needs no password, else asked for in one sentence."""

import ctypes
import os
import sys
from pathlib import Path

import pytest

from samskaping.bootstrap import system
from samskaping.bootstrap.console import Console, SetupError
from tests.bootstrap.conftest import write_program

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="these are apt's ways")


def tool(programs: Path, name: str = "qpdf") -> system.Tool:
    return system.Tool(name, lambda: (programs / name).exists(), apt=(f"{name}-package",), brew=(name,))


def test_what_is_there_is_not_installed(programs: Path, console: Console) -> None:
    write_program(programs, "apt-get", "exit 1")
    write_program(programs, "qpdf", "")
    system.ensure([tool(programs)], console)


def test_without_a_package_manager_the_sentence_names_the_packages(programs: Path, console: Console) -> None:
    with pytest.raises(
        SetupError, match=r"^Missing on this machine: qpdf, java\. .*qpdf-package java-package\)$"
    ):
        system.ensure([tool(programs), tool(programs, "java")], console)


def test_an_ordinary_user_without_sudo_is_told_what_to_type(
    programs: Path, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    write_program(programs, "apt-get", "exit 1")
    write_program(programs, "sudo", "exit 1")
    with pytest.raises(SetupError, match=r"qpdf\. Install with: sudo apt-get install qpdf-package$"):
        system.ensure([tool(programs)], console)


@pytest.mark.parametrize("uid", [0, 1000])
def test_a_fresh_machine_gets_its_lists_first(
    programs: Path, console: Console, monkeypatch: pytest.MonkeyPatch, uid: int
) -> None:
    """apt-get install fails until there has been an update, as in a new container."""
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    write_program(programs, "env", 'shift; exec "$@"')
    write_program(programs, "sudo", '[ "$1" = -n ] && shift; [ "$1" = true ] && exit 0; exec "$@"')
    write_program(
        programs,
        "apt-get",
        f"""cd '{programs}'; echo "$@" >> ran
        case "$*" in *update*) : > lists;; *install*) [ -e lists ] && : > qpdf || exit 100;; esac""",
    )
    system.ensure([tool(programs)], console)
    kinds = [line.split("60 ")[1].split()[0] for line in (programs / "ran").read_text().splitlines()]
    assert kinds == ["install", "update", "install"]


def test_an_installation_that_fails_says_so(
    programs: Path, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    write_program(programs, "env", 'shift; exec "$@"')
    write_program(programs, "apt-get", "echo E: Unable to fetch some archives.; exit 100")
    with pytest.raises(
        SetupError, match=r"installing failed \(E: Unable to fetch some archives\)\. Install with: sudo"
    ):
        system.ensure([tool(programs)], console)


def test_pango_is_looked_for_as_weasyprint_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert system.PANGO.present(), "this suite's own PDF tests need it"
    real = ctypes.CDLL

    def without_pangoft2(name: str) -> object:
        if "pangoft2" in name:
            raise OSError(name)
        return real(name)

    monkeypatch.setattr(ctypes, "CDLL", without_pangoft2)
    assert not system.PANGO.present()
