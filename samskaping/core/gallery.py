"""The component gallery: every template in templates/components/, its documentation and its examples.

A component is found by being a file, and documented by the comment it starts with, so neither can be
forgotten here; what it looks like with real contents is in gallery_examples.py. The tests fail when a
component has no documentation or no example.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

_COMMENT = re.compile(r"{%\s*comment\s*%}(.*?){%\s*endcomment\s*%}", re.DOTALL)
# "title: the page's h1." and "url, action: the first thing to do." name variables at the start of a line.
_VARIABLES = re.compile(r"^([a-z_]+(?:, [a-z_]+)*):(?:\s|$)", re.MULTILINE)
_TAG_WRITTEN_OUT = re.compile(r"{%\s*templatetag (open|close)block\s*%}")


class Example(NamedTuple):
    """One way a component looks: normal, empty, long words, many."""

    title: str
    # A value that can be called is made anew each time: a form carries marks from having been shown.
    context: Mapping[str, Any]

    def fresh_context(self) -> dict[str, Any]:
        return {name: value() if callable(value) else value for name, value in self.context.items()}


@dataclass(frozen=True)
class Component:
    name: str
    template: str
    documentation: str
    examples: list[Example] = field(default_factory=list)
    # True when two of them on one page would be wrong (two error summaries, two "you are here").
    alone: bool = False
    # True when it normally stands in a card.
    framed: bool = False

    @property
    def title(self) -> str:
        return self.name.replace("-", " ").capitalize()

    @property
    def variables(self) -> set[str]:
        """The names the documentation gives to what the template takes."""
        return {name for names in _VARIABLES.findall(self.documentation) for name in names.split(", ")}


def folder() -> Path:
    return Path(settings.BASE_DIR) / "templates" / "components"


def documentation_of(source: str) -> str:
    """The comment a component starts with, as its readers see it; empty when there is none."""
    found = _COMMENT.search(source)
    if not found:
        return ""
    return _TAG_WRITTEN_OUT.sub(lambda tag: "{%" if tag[1] == "open" else "%}", found[1]).strip()


@cache
def components() -> dict[str, Component]:
    """Every component by name, in the alphabet's order."""
    from samskaping.core.gallery_examples import ALONE, EXAMPLES, FRAMED

    found = [
        Component(
            name=path.stem.replace("_", "-"),
            template=f"components/{path.name}",
            documentation=documentation_of(path.read_text(encoding="utf-8")),
            examples=EXAMPLES.get(path.stem, []),
            alone=path.stem in ALONE,
            framed=path.stem in FRAMED,
        )
        for path in sorted(folder().glob("*.html"))
    ]
    # Not a file: how a form looks, with every kind of field.
    found.append(
        Component(
            name="skjema",
            template="gallery/form.html",
            documentation="form: a crispy form. Kinds of fields, and how errors look; see designsystemet/.",
            examples=EXAMPLES["skjema"],
            alone=True,
        )
    )
    return {component.name: component for component in found}
