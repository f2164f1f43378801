"""`make lint`: every checker, side by side, one line each. All run even when one fails.

python -m tests.lint            all of them
python -m tests.lint mypy locks some of them
"""

import json
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parent.parent
# mypy's Django plugin reads the settings; no server is asked.
ENVIRONMENT = {
    **os.environ,
    "SECRET_KEY": "only-the-linters-use-this-key-and-nothing-is-signed-with-it",
    "MAIL_URL": "smtp://127.0.0.1:9",
}

Complaints = list[str]


def program(*arguments: str) -> Callable[[], Complaints]:
    def run() -> Complaints:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=REPOSITORY,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        return (done.stdout + done.stderr).strip().splitlines() if done.returncode else []

    return run


def translations() -> Complaints:
    """Every text of the source in nynorsk and English, and nothing left over."""
    return program("tests.lint", "--translations")()


def locks() -> Complaints:
    """What pyproject.toml asks for is what requirements/*.txt hold, with hashes and no addresses."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = {
        "production": project["dependencies"],
        "run": [*project["dependencies"], *extras["assets"], *extras["embedded"]],
    }
    asked["dev"] = [*asked["run"], *extras["dev"]]
    found: Complaints = []
    pins = {name: read_lock(name, found) for name in asked}
    for name, requirements in asked.items():
        for text in requirements:
            wanted = Requirement(text)
            version = pins[name].get(canonicalize_name(wanted.name))
            if version is None:
                found.append(f"requirements/{name}.txt lacks {wanted.name}: type `make lock`")
            elif not wanted.specifier.contains(version, prereleases=True):
                found.append(f"requirements/{name}.txt has {wanted.name} {version}, not {wanted.specifier}")
    for smaller, larger in (("production", "run"), ("run", "dev")):
        other = {k for k, v in pins[smaller].items() if pins[larger].get(k) != v}
        found += [f"{name} differs between {smaller}.txt and {larger}.txt" for name in sorted(other)]
    return found + npm_lock()


def read_lock(name: str, found: Complaints) -> dict[str, str]:
    pins: dict[str, str] = {}
    text = (REPOSITORY / f"requirements/{name}.txt").read_text()
    for block in text.replace("\\\n", " ").splitlines():
        if not block.strip() or block.lstrip().startswith("#"):
            continue
        if block.startswith("-"):
            found.append(f"requirements/{name}.txt names a registry: {block.split()[0]}")
            continue
        wanted = Requirement(block.split("--hash")[0].strip())
        if "--hash=sha256:" not in block:
            found.append(f"requirements/{name}.txt has no hash for {wanted.name}")
        pins[canonicalize_name(wanted.name)] = next(iter(wanted.specifier)).version
    return pins


def npm_lock() -> Complaints:
    package = json.loads((REPOSITORY / "package.json").read_text())
    lock = json.loads((REPOSITORY / "package-lock.json").read_text())["packages"]
    found = [f"package-lock.json says where {name} came from" for name, p in lock.items() if "resolved" in p]
    found += [f"package-lock.json has no hash for {n}" for n, p in lock.items() if n and "integrity" not in p]
    for kind in ("dependencies", "devDependencies"):
        if package.get(kind, {}) != lock[""].get(kind, {}):
            found.append(f"package.json and package-lock.json differ in {kind}: type `make lock`")
    return found


CHECKS: dict[str, Callable[[], Complaints]] = {
    "mypy": program("mypy", "--no-error-summary", "."),
    "djlint": program("djlint", "--lint", "--quiet", "templates"),
    "translations": translations,
    "ruff": program("ruff", "check", "--quiet", "--output-format=concise", "."),
    "format": program("ruff", "format", "--check", "--quiet", "."),
    "locks": locks,
}


def main(names: list[str]) -> int:
    def timed(name: str) -> tuple[Complaints, float]:
        started = time.perf_counter()
        return CHECKS[name](), time.perf_counter() - started

    chosen = names or list(CHECKS)
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = dict(zip(chosen, pool.map(timed, chosen), strict=True))
    for name, (complaints, seconds) in results.items():
        print(f"{name:<13} {'ok' if not complaints else f'{len(complaints)} lines':<10} {seconds:5.1f} s")  # noqa: T201
    for name, (complaints, _seconds) in results.items():
        if complaints:
            print("\n".join(("", name, *complaints)))  # noqa: T201
    return 1 if any(complaints for complaints, _seconds in results.values()) else 0


def check_translations() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samskaping.settings.test")
    import django

    django.setup()
    from samskaping.core.catalogues import missing_translations

    missing = missing_translations()
    print("\n".join(missing))  # noqa: T201
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(check_translations() if sys.argv[1:] == ["--translations"] else main(sys.argv[1:]))
