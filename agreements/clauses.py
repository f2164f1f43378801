"""The words of an agreement: taken apart into sections, and filled in by replacing names. Pure.

What people write is Markdown with `{names}` of agreements/placeholders.py. It is never run as a template: a
name is looked up once, what comes instead is escaped, and anything else in braces stays as it was written.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# The introduction has this key, and no heading.
OPENING = "innledning"
_HEADING = re.compile(r"^## +(.+?) *$", re.MULTILINE)
_NAME = re.compile(r"\{([a-z_]{1,40})\}")
_BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_POINT = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]")
# Markdown takes a backslash before any of these as «the character itself».
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class Value:
    """What stands instead of a name: a sentence or more, a list, or a table with headings."""

    lines: tuple[str, ...]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def data(self) -> Any:
        """For the snapshot of what a document was filled with."""
        return [list(self.columns), *map(list, self.rows)] if self.columns else list(self.lines)


def words(text: str) -> Value | None:
    """Empty is nothing at all."""
    return Value((text.strip(),)) if text.strip() else None


def lines(found: Iterable[str]) -> Value | None:
    """Each once, without the empty ones."""
    kept = tuple(dict.fromkeys(line.strip() for line in found if line.strip()))
    return Value(kept) if kept else None


@dataclass(frozen=True)
class Clause:
    """One section of a text as the text has it."""

    key: str
    heading: str
    text: str
    required: bool = False
    hint: Mapping[str, str] | None = None


def clauses_of(body: str, data: Mapping[str, Any]) -> list[Clause]:
    """The introduction, and the sections `data` names in the order they stand; ValueError for others."""
    opening, *parts = _HEADING.split(body)
    written = list(zip(parts[::2], parts[1::2], strict=True))
    named = data["sections"]
    if len(written) != len(named):
        message = f"The text has {len(written)} sections, and {len(named)} are named."
        raise ValueError(message)
    found = [Clause(OPENING, "", opening.strip())] if opening.strip() else []
    for (heading, text), section in zip(written, named, strict=True):
        found.append(
            Clause(section["key"], heading, text.strip(), section.get("required", False), section.get("hint"))
        )
    return found


def body_of(clauses: Collection[Clause]) -> str:
    """The other way about."""
    return "\n\n".join(
        each.text if each.key == OPENING else f"## {each.heading}\n\n{each.text}".rstrip() for each in clauses
    )


def names_in(text: str, known: Collection[str]) -> list[str]:
    """Each once, as they come."""
    return list(dict.fromkeys(name for name in _NAME.findall(text) if name in known))


def unknown_names(text: str, known: Collection[str]) -> list[str]:
    """What looks like a name and is none, with its braces."""
    return [f"{{{name}}}" for name in dict.fromkeys(_NAME.findall(text)) if name not in known]


def in_words(text: str, labels: Mapping[str, object]) -> str:
    """For those who read a wording and do not write it: `{formal}` becomes «[hva dere vil oppnå]»."""
    return _NAME.sub(lambda found: f"[{labels[found[1]]}]" if found[1] in labels else found[0], text)


def filled(
    text: str, values: Mapping[str, Value | None], *, skipped: Collection[str], missing: Mapping[str, str]
) -> str:
    """Markdown with the values in it.

    A paragraph, or a point of a list, with a name that has no value and is skipped is left out. One that is
    not skipped says what is `missing` by its words there.
    """
    paragraphs = []
    for paragraph in _BETWEEN_PARAGRAPHS.split(text.replace("\r\n", "\n")):
        parts = [
            _put_in(part, values, missing)
            for part in _parts(paragraph)
            if not any(values.get(name) is None and name in skipped for name in names_in(part, values))
        ]
        if parts:
            paragraphs.append("\n".join(parts))
    return "\n\n".join(paragraphs).strip()


def escaped(text: str) -> str:
    """So that Markdown shows it as it was typed, with its lines."""
    typed = [_MARKS.sub(r"\\\1", " ".join(line.split())) for line in text.strip().splitlines()]
    return re.sub(r"\\\n(?:\\\n)+", "\n\n", "\\\n".join(typed))


def _parts(paragraph: str) -> list[str]:
    """The points of a list each for itself; else the whole."""
    found: list[str] = []
    for line in paragraph.split("\n"):
        if found and not _POINT.match(line):
            found[-1] = f"{found[-1]}\n{line}"
        else:
            found.append(line)
    return found


def _put_in(part: str, values: Mapping[str, Value | None], missing: Mapping[str, str]) -> str:
    written = []
    for line in part.split("\n"):
        alone = _NAME.fullmatch(line.strip())
        value = values.get(alone.group(1)) if alone else None
        if value is not None:
            written.append(_on_its_own(value))
        else:
            written.append(_NAME.sub(lambda found: _in_a_line(found, values, missing), line))
    return "\n".join(written)


def _in_a_line(found: re.Match[str], values: Mapping[str, Value | None], missing: Mapping[str, str]) -> str:
    name = found.group(1)
    if name not in values:
        return found.group(0)
    value = values[name]
    if value is None:
        return f"**\\[{escaped(missing[name])}\\]**"
    return ", ".join(_one_line(line) for line in value.lines)


def _on_its_own(value: Value) -> str:
    if value.columns:
        return _table(value)
    if len(value.lines) > 1:
        points = [escaped(line).replace("\n", "\n  ") for line in value.lines]
        return "\n" + "\n".join(f"- {point}" for point in points) + "\n"
    return escaped(value.lines[0])


def _table(value: Value) -> str:
    rows = [value.columns, ("---",) * len(value.columns), *value.rows]
    shown = [
        "| " + " | ".join(cell if number == 1 else _one_line(cell) or " " for cell in row) + " |"
        for number, row in enumerate(rows)
    ]
    return "\n" + "\n".join(shown) + "\n"


def _one_line(text: str) -> str:
    return escaped(" ".join(text.split()))
