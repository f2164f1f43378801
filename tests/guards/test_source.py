"""Habits that hold for every file: what may not be written, how long a file may be, what it may name."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from samskaping.embedded.paths import REPOSITORY

CODE = ("samskaping", "partnerships", "volunteers", "agreements")
LONGEST = 400


def tracked(pattern: str = "") -> list[Path]:
    """Files git knows or would add; generated and ignored ones are nobody's to read."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    return [REPOSITORY / name for name in listed if name.endswith(pattern) and (REPOSITORY / name).is_file()]


def code() -> Iterator[tuple[str, ast.Module]]:
    for file in tracked(".py"):
        name = str(file.relative_to(REPOSITORY))
        if name.startswith(CODE) and "/migrations/" not in name:
            yield name, ast.parse(file.read_text())


def templates() -> list[tuple[str, str]]:
    found = [
        (str(f.relative_to(REPOSITORY)), f.read_text()) for f in tracked(".html") if "templates" in f.parts
    ]
    assert found
    return found


# --- Templates: the strict CSP has no exception for inline anything ---------------------------
INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "address that is a script": re.compile(r"""(href|src|action)\s*=\s*["']?\s*javascript:""", re.IGNORECASE),
    "htmx that needs eval": re.compile(r"\b(hx-on|hx-vals=[\"']js:|hx-vars)", re.IGNORECASE),
}
# Letters and PDF documents are made without a browser and its CSP.
APART = ("templates/email/", "templates/pdf/")


@pytest.mark.parametrize("kind", INLINE)
def test_nothing_inline(kind: str) -> None:
    found = [name for name, text in templates() if not name.startswith(APART) and INLINE[kind].search(text)]
    assert found == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("script", "<script>alert(1)</script>"),
        ("style element", "<style>a{}</style>"),
        ("style attribute", '<p class="x" style="color:red">'),
        ("event attribute", "<button\n  onclick='x()'>"),
        ("address that is a script", '<a href="javascript:x">'),
        ("htmx that needs eval", '<a hx-on:click="x">'),
    ],
)
def test_inline_is_seen(kind: str, text: str) -> None:
    assert INLINE[kind].search(text)


def test_nothing_switches_escaping_off() -> None:
    """Except crispy's help texts, which are ours and may hold a link, as in Django's own form templates."""
    text_of = {name: re.sub(r"\bhelp_text\s*\|\s*safe\b", "", text) for name, text in templates()}
    assert [name for name, text in text_of.items() if re.search(r"\|\s*safe\b|autoescape\s+off", text)] == []


# --- Python ---------------------------------------------------------------------------------------
def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_no_job_waits_in_redis() -> None:
    """A task with eta or countdown lives in Redis only, and runs twice past the visibility timeout."""
    found = [
        f"{name}:{node.lineno}"
        for name, tree in code()
        for _called, node in calls(tree)
        for keyword in node.keywords
        if keyword.arg in {"eta", "countdown"}
    ]
    assert found == []


def test_views_go_through_the_one_door() -> None:
    found = [
        f"{name}:{node.lineno} {called}"
        for name, tree in code()
        if "/views" in name
        for called, node in calls(tree)
        if re.search(r"\bobjects\b.*\.get$|^get_object_or_404$", called)
    ]
    assert found == []


def test_every_task_has_a_name_of_its_own() -> None:
    """A name made from the module path changes when a file moves, and jobs under way are lost."""
    found = []
    for name, tree in code():
        for node in ast.walk(tree):
            for decorator in getattr(node, "decorator_list", []):
                if "shared_task" in ast.unparse(decorator) or ".task" in ast.unparse(decorator):
                    named = isinstance(decorator, ast.Call) and any(
                        k.arg == "name" for k in decorator.keywords
                    )
                    if not named:
                        found.append(f"{name}:{decorator.lineno}")
    assert found == []


def test_files_can_be_read_in_one_sitting() -> None:
    long = {
        f"{file.relative_to(REPOSITORY)}: {lines}"
        for suffix in (".py", ".html", ".css", ".js")
        for file in tracked(suffix)
        if "tests" not in file.parts and "migrations" not in file.parts
        and (lines := len(file.read_text().splitlines())) > LONGEST
    }  # fmt: skip
    assert long == set()


# --- Every tracked file ------------------------------------------------------------------------------
NOT_FOR_OTHERS = {
    "a path of one machine": re.compile(r"/(root|home/[a-z]+|Users/[A-Za-z]+|work/(main|shared))/"),
    "the host of a package mirror": re.compile(
        r"https?://[^\s\"']*(pypi|npm|registry|artifactory|nexus|proxy)[^\s\"']*/(simple|api|packages|repository)"
        r"|^\s*(--index-url|--extra-index-url|--trusted-host|registry\s*=)|\"resolved\":",
        re.MULTILINE,
    ),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
}


@pytest.mark.parametrize("what", NOT_FOR_OTHERS)
def test_no_file_names(what: str) -> None:
    found = []
    for file in tracked():
        if file == Path(__file__):
            continue
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue
        if match := NOT_FOR_OTHERS[what].search(text):
            found.append(f"{file.relative_to(REPOSITORY)}: {match[0]!r}")
    assert found == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a path of one machine", "#    via -r /home/kari/portal/pyproject.toml"),
        ("the host of a package mirror", "--index-url https://mirror.example/simple"),
        ("the host of a package mirror", '"resolved": "https://registry.example/x.tgz"'),
        ("a private key", "-----BEGIN EC PRIVATE KEY-----"),
    ],
)
def test_names_are_seen(what: str, text: str) -> None:
    assert NOT_FOR_OTHERS[what].search(text)
