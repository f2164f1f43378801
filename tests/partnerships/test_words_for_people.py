"""What is shown speaks of a person without a pronoun: nobody is taken for a woman or a man."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
HUN = re.compile(r"\bhun\b", re.IGNORECASE)
MARKS = ("_", "gettext", "gettext_lazy", "ngettext", "pgettext")
MARKED = re.compile(
    r'{%\s*translate\s+"([^"]*)"|{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate', re.DOTALL
)


def _in_code(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            given = (one.value for one in node.args if isinstance(one, ast.Constant))
            yield from (value for value in given if isinstance(value, str))


def _in_template(text: str) -> Iterator[str]:
    for found in MARKED.finditer(text):
        yield found[1] or found[2] or ""


def test_no_shown_text_says_hun() -> None:
    apps = ("samskaping", "accounts", "partnerships", "volunteers", "agreements", "evaluations", "dashboards")
    code = [path for app in apps for path in (ROOT / app).rglob("*.py")]
    templates = list((ROOT / "templates").rglob("*.html")) + list((ROOT / "templates").rglob("*.txt"))
    assert len(code) > 200
    assert len(templates) > 100
    texts = [(path, text) for path in code for text in _in_code(path.read_text())]
    texts += [(path, text) for path in templates for text in _in_template(path.read_text())]
    assert [(path.name, text) for path, text in texts if HUN.search(text)] == []
