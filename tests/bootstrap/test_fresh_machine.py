"""`make` in a fresh clone where something is wrong: one sentence, a bad exit code, nothing half made."""

import shutil
import subprocess
from pathlib import Path

import pytest

from samskaping.bootstrap.verbs import VERBS

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("bootstrap")]

# Port 9 («discard») of this machine: refuses at once, like a network that is not there.
NO_NETWORK = {
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
    "PIP_CONFIG_FILE": "/dev/null",
    "PIP_NO_CACHE_DIR": "1",
    "PIP_RETRIES": "1",
}


def make(checkout: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def sentences(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What was said on stderr, without make's own last word."""
    return [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]


def test_make_alone_lists_every_verb_and_does_nothing(
    checkout: Path, clean_environment: dict[str, str]
) -> None:
    done = make(checkout, clean_environment)
    assert done.returncode == 0
    assert {line.split()[1] for line in done.stdout.splitlines()} == {*VERBS, "help"}
    assert not (checkout / "var").exists()


def test_no_network(checkout: Path, clean_environment: dict[str, str]) -> None:
    done = make(checkout, {**clean_environment, **NO_NETWORK}, "run")
    assert done.returncode != 0
    (sentence,) = sentences(done)
    assert "the package registry cannot be reached. Check the network" in sentence
    assert sentence.endswith(f"Details: {checkout / 'var' / 'log' / 'setup.log'}")
    assert not (checkout / ".venv").exists()


def test_a_data_folder_that_is_a_file(checkout: Path, clean_environment: dict[str, str]) -> None:
    (checkout / "var").write_text("mine")
    done = make(checkout, clean_environment, "run")
    assert done.returncode != 0
    assert sentences(done) == [f"{checkout / 'var'} is not a folder. Set DATA_DIR to a folder."]
    assert not (checkout / ".venv").exists()


def test_a_python_of_ones_own_is_kept_when_installing_fails(
    checkout: Path, clean_environment: dict[str, str]
) -> None:
    subprocess.run(["python3", "-m", "venv", checkout / ".venv"], check=True, env=clean_environment)
    (checkout / ".venv" / "mine").touch()
    done = make(checkout, {**clean_environment, **NO_NETWORK}, "run")
    assert done.returncode != 0
    assert (checkout / ".venv" / "mine").exists()
    assert not (checkout / ".venv" / "samskaping.json").exists()


def test_an_unknown_verb(checkout: Path, clean_environment: dict[str, str]) -> None:
    python = shutil.which("python3") or ""
    done = subprocess.run(
        [python, "samskaping/bootstrap", "fly"],
        cwd=checkout,
        env=clean_environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.decode().startswith("There is no verb «fly». There is: run, test")
