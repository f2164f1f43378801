"""The translation catalogues: what the source says, what they hold, and what is wrong with them.

The source is bokmål. `nn` and `en` translate all of it. `nb` holds only what Django and allauth say in
English (library_texts.py), in words of our own. Reading the source needs no gettext on the machine:
Python is read as a syntax tree, templates through Django's own `templatize`.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.conf import settings
from django.utils.translation import templatize

LANGUAGES = ("nb", "nn", "en")
SOURCES = ("samskaping", "partnerships", "volunteers", "agreements", "templates")
LIBRARY_TEXTS = "samskaping/core/library_texts.py"
# Developers' own pages, always in bokmål.
NOT_TRANSLATED = ("gallery_examples.py", "gallery_form.py")

_PLAIN = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop"})
_PLURAL = frozenset({"ngettext", "ngettext_lazy"})
_CONTEXT = frozenset({"pgettext", "pgettext_lazy"})
_READ = _PLAIN | _PLURAL | _CONTEXT
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w+}")
# Words bokmål has and nynorsk has not: one of them in `nn` is a text nobody translated.
_BOKMAL = re.compile(
    r"\b(ikke|jeg|hva|hvem|hvor|hvordan|hvilke\w*|noe|noen|dere|deres|være|gjøre|bare|også|forespør\w*|kommer|"
    r"tjeneste\w*|innspill\w*|enhet\w*|frivillighet\w*|mottaker\w*|innbygger\w*|ansatt\w*|nettleser\w*)\b",
    re.IGNORECASE,
)

# Languages keep their own name in every language.
_NORWEGIAN_LETTER = re.compile(r"(?!Bokmål)\b\w*[æøåÆØÅ]")


class Message(NamedTuple):
    """One text of the source; `plural` and `context` are empty for most."""

    text: str
    plural: str = ""
    context: str = ""


def messages_in_source(root: Path | None = None) -> set[Message]:
    """Every text that is marked for translation, in Python and in templates."""
    root = root or Path(settings.BASE_DIR)
    found: set[Message] = set()
    for path in _sources(root):
        read = _in_python if path.suffix == ".py" else _in_template
        found.update(read(path.read_text(encoding="utf-8")))
    return found


def _sources(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        for path in sorted((root / name).rglob("*")):
            ours = path.name not in NOT_TRANSLATED and "migrations" not in path.parts
            if ours and path.suffix in {".py", ".html", ".txt"}:
                yield path


def library_messages(root: Path | None = None) -> set[Message]:
    root = root or Path(settings.BASE_DIR)
    return set(_in_python((root / LIBRARY_TEXTS).read_text(encoding="utf-8")))


def catalogue_path(language: str, root: Path | None = None) -> Path:
    return (root or Path(settings.BASE_DIR)) / "locale" / language / "LC_MESSAGES" / "django.po"


def expected(language: str, root: Path | None = None) -> set[Message]:
    """What a catalogue must hold: all of it, or for bokmål only what the libraries say."""
    return library_messages(root) if language == "nb" else messages_in_source(root)


def missing_translations(root: Path | None = None) -> list[str]:
    """One sentence for each thing wrong with the catalogues; an empty list when they are complete."""
    problems = [f"{name}, so its texts are not found." for name in _names_not_read(root)]
    for language in LANGUAGES:
        path = catalogue_path(language, root)
        if not path.is_file():
            problems.append(f"{language}: {path} is not there; run `manage.py messages`.")
            continue
        entries = {message_of(entry): entry for entry in polib.pofile(path)}
        wanted = expected(language, root)
        problems += [
            f"{language}: «{message.text}» is not in the catalogue." for message in wanted - entries.keys()
        ]
        problems += [
            f"{language}: «{message.text}» is no longer in the source." for message in entries.keys() - wanted
        ]
        problems += [
            f"{language}: «{message.text}» {fault}."
            for message, entry in entries.items()
            for fault in _faults(language, message, entry)
        ]
    return sorted(problems)


def _names_not_read(root: Path | None) -> Iterator[str]:
    """Who marks texts under a name of its own leaves them in bokmål, and nobody hears of it."""
    root = root or Path(settings.BASE_DIR)
    for path in _sources(root):
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                for name in node.names:
                    called = name.asname or name.name
                    if name.name in _READ and called not in _READ:
                        yield f"{path.relative_to(root)}: {name.name} is called {called}"


def message_of(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def _faults(language: str, message: Message, entry: polib.POEntry) -> Iterator[str]:
    translations = list(entry.msgstr_plural.values()) if message.plural else [entry.msgstr]
    if entry.obsolete or entry.fuzzy:
        yield "is obsolete or fuzzy"
    if not all(translations) or not translations:
        yield "has no translation"
        return
    originals = set(_PLACEHOLDER.findall(message.text + message.plural))
    if any(set(_PLACEHOLDER.findall(text)) - originals for text in translations) or originals - set(
        _PLACEHOLDER.findall(" ".join(translations))
    ):
        yield "has other placeholders than the source"
    if language == "nn" and (word := _BOKMAL.search(" ".join(translations))):
        yield f"has the bokmål word «{word[0]}» in nynorsk"
    if language == "en" and _NORWEGIAN_LETTER.search(" ".join(translations)):
        yield "is still Norwegian in English"


def _in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        yield from _message(name, texts)


def _in_template(source: str) -> Iterator[Message]:
    """Django turns a template into something that reads like Python; only names and strings matter to us."""
    text = "\n".join(line.strip() for line in templatize(source).splitlines())
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    for number, token in enumerate(tokens):
        if token.type != tokenize.NAME or tokens[number + 1].string != "(":
            continue
        texts = []
        for following in tokens[number + 2 :]:
            if following.string == ")":
                break
            if following.type == tokenize.STRING:
                texts.append(ast.literal_eval(following.string))
        yield from _message(token.string, texts)


def _message(name: str, texts: list[str]) -> Iterator[Message]:
    if name in _PLAIN and texts:
        yield Message(texts[0])
    elif name in _PLURAL and len(texts) > 1:
        yield Message(texts[0], plural=texts[1])
    elif name in _CONTEXT and len(texts) > 1:
        yield Message(texts[1], context=texts[0])
