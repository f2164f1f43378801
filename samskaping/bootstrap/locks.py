"""`make lock`: writes the locks again from pyproject.toml and package.json."""

import subprocess
from pathlib import Path

from samskaping.bootstrap import node_packages
from samskaping.bootstrap.console import Console, ProgramFailed, SetupError

_LOCKS = {
    "production": (),
    "run": ("--extra", "assets", "--extra", "embedded"),
    "dev": ("--extra", "assets", "--extra", "embedded", "--extra", "dev"),
}
# Hashes, and nothing about where the packages came from: the lock is the same for every registry.
_HOW = (
    *("--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-header", "--no-emit-index-url", "--no-emit-find-links"),
)


def write(repository: Path, python: Path, console: Console) -> int:
    """Returns 0. Raises SetupError when a lock could not be made."""
    for name, extras in _LOCKS.items():
        output = repository / "requirements" / f"{name}.txt"
        print(f"requirements/{name}.txt", flush=True)
        command = ["-m", "uv", "pip", "compile", *_HOW, *extras, "pyproject.toml", "-o", str(output)]
        if subprocess.run(
            [python, *command], cwd=repository, stdout=subprocess.DEVNULL, check=False
        ).returncode:
            raise SetupError(f"requirements/{name}.txt could not be made; the lines above say why.")
    print("package-lock.json", flush=True)
    npm, env = node_packages.npm(repository)
    try:
        console.run([*npm, "install", "--package-lock-only"], cwd=repository, env=env)
    except ProgramFailed as failed:
        raise SetupError(f"package-lock.json could not be made: {failed.last_line}") from None
    return 0
