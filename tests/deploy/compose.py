"""Reads docker-compose.yml and the Dockerfile, and says what a service's process would get."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
# ${NAME:-default}, and $$ for one dollar sign.
_VARIABLE = re.compile(r"\$\$|\$\{(?P<name>[A-Z_]+)(:-(?P<default>[^}]*))?\}")


@cache
def read() -> dict[str, Any]:
    with (ROOT / "docker-compose.yml").open(encoding="utf-8") as file:
        document: dict[str, Any] = yaml.safe_load(file)
    return document


def environment(service: str, given: dict[str, str] | None = None) -> dict[str, str]:
    """The environment of a service, with `given` as what its owner has in the shell or in .env."""
    values = read()["services"][service].get("environment", {})
    return {name: fill_in(str(value), given or {}) for name, value in values.items()}


def fill_in(text: str, given: dict[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        return given.get(match["name"]) or match["default"] or ""

    return _VARIABLE.sub(value, text)


def variables() -> set[str]:
    """The names a person may set for docker compose."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    return {match["name"] for match in _VARIABLE.finditer(text) if match["name"]}


def stages() -> dict[str, list[tuple[str, str]]]:
    """The Dockerfile's stages by name, each a list of (instruction, arguments)."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    found: dict[str, list[tuple[str, str]]] = {}
    for line in joined.splitlines():
        if not line.strip():
            continue
        instruction, _, arguments = line.strip().partition(" ")
        if instruction == "FROM":
            name = arguments.rsplit(" AS ", 1)[1]
            found[name] = []
        found[name].append((instruction, arguments.strip()))
    return found
