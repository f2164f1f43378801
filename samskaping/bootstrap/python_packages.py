""".venv with the locked Python packages. Whole, or not there at all."""

import hashlib
import importlib
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

from samskaping.bootstrap import failures, system
from samskaping.bootstrap.console import Console, ProgramFailed, SetupError

_STAMP = "samskaping.json"
_UNFINISHED = "samskaping.unfinished"
# .venv and node_modules together, unpacked, with some air.
_SPACE = 1_200_000_000


def ensure(repository: Path, lock: str, console: Console) -> Path:
    """Installs requirements/<lock>.txt if it is not installed; returns .venv's Python.

    Raises SetupError. A .venv begun in this run is removed again when it cannot be finished.
    """
    venv = repository / ".venv"
    if _is_ready(venv, repository, lock):
        return _python(venv)
    if _is_broken(venv, repository):
        shutil.rmtree(venv)
    fresh = not venv.exists()
    try:
        if fresh:
            _create(venv, console)
        (venv / _STAMP).unlink(missing_ok=True)
        _install(venv, repository, lock, console)
        _write_stamp(venv, repository, lock)
    except BaseException:
        if fresh:
            shutil.rmtree(venv, ignore_errors=True)
        raise
    return _python(venv)


def site_packages(venv: Path) -> Path:
    return next((venv / "lib").glob("python3.*")) / "site-packages"


def _is_ready(venv: Path, repository: Path, lock: str) -> bool:
    try:
        stamp = json.loads((venv / _STAMP).read_text())
    except (OSError, ValueError):
        return False
    # What tests need includes what the portal needs.
    wanted = {lock, "dev"}
    return stamp.get("lock") in wanted and stamp == _stamp(repository, stamp["lock"]) and _answers(venv)


def _is_broken(venv: Path, repository: Path) -> bool:
    """Ours and cut short by kill -9, moved here, or without its Python; never someone's own."""
    if (venv / _UNFINISHED).exists():
        return True
    try:
        folder = json.loads((venv / _STAMP).read_text()).get("folder")
    except (OSError, ValueError):
        return False
    return folder != str(repository) or not _answers(venv)


def _stamp(repository: Path, lock: str) -> dict[str, str]:
    digest = hashlib.sha256((repository / "requirements" / f"{lock}.txt").read_bytes()).hexdigest()
    return {"lock": lock, "sha256": digest, "folder": str(repository)}


def _write_stamp(venv: Path, repository: Path, lock: str) -> None:
    draft = venv / f"{_STAMP}.draft"
    draft.write_text(json.dumps(_stamp(repository, lock)))
    draft.replace(venv / _STAMP)
    (venv / _UNFINISHED).unlink(missing_ok=True)


def _create(venv: Path, console: Console) -> None:
    free = shutil.disk_usage(venv.parent).free
    if free < _SPACE:
        raise SetupError(
            f"The packages need {_SPACE // 1_000_000} MB and the disk has {free // 1_000_000} MB free. "
            "Make room and try again."
        )
    _need_venv_module(console)
    venv.mkdir()
    (venv / _UNFINISHED).touch()
    try:
        console.run([sys.executable, "-m", "venv", venv], cwd=venv.parent)
    except ProgramFailed as failed:
        raise failures.sentence("A Python environment (.venv)", failed, console.log) from None


def _need_venv_module(console: Console) -> None:
    """Debian and Ubuntu leave it out of python3."""
    package = f"python3.{sys.version_info.minor}-venv"
    tool = system.Tool("Python's venv module", _has_venv_module, apt=(package,))
    system.ensure([tool], console)


def _has_venv_module() -> bool:
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip"))


def _install(venv: Path, repository: Path, lock: str, console: Console) -> None:
    # The lock is complete, so pip need not look for more; hashes say that it is what was locked.
    # Only wheels: a package that must be built would fail far from here, with a compiler's words.
    how = ("--quiet", "--require-hashes", "--no-deps", "--only-binary=:all:", "--no-compile")
    requirements = repository / "requirements" / f"{lock}.txt"
    try:
        console.run([_python(venv), "-m", "pip", "install", *how, "-r", requirements], cwd=repository)
    except ProgramFailed as failed:
        raise failures.sentence("The Python packages", failed, console.log) from None
    # pip compiles on one core; this does it on all. A file that cannot be compiled is one nobody imports.
    compile_all = [str(_python(venv)), "-m", "compileall", "-q", "-j", "0", str(site_packages(venv))]
    subprocess.run(compile_all, capture_output=True, check=False)


def _python(venv: Path) -> Path:
    return venv / "bin" / "python"


def _answers(venv: Path) -> bool:
    """Is its Python still there? It is a link to one that may have been upgraded away."""
    try:
        code = "import sys; sys.exit(sys.version_info < (3, 11))"
        return subprocess.run([_python(venv), "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False
