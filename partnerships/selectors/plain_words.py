"""Klarspråk: small hints under what somebody wrote. Rules of our own, looked up here; nothing is sent away.

Advice, never a wall: what is written is saved as it stands.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

_DATA = Path(__file__).resolve().parents[1] / "data" / "plain_words.json"
# Longer than this, and most people read it twice.
WORDS_IN_A_SENTENCE = 22
AT_MOST = 4
_SENTENCE = re.compile(r"[^.!?\n]+")
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")


@dataclass(frozen=True)
class Hint:
    """What it is about (a word, or how a sentence begins), and what to try instead."""

    about: str
    advice: str


def hints(text: str) -> list[Hint]:
    """The first few things to look at again, in the order they stand; what people are called before all else.

    «Bruker» is looked for as a noun only: «vi bruker kjøkkenet» is plain enough.
    """
    words, heavy, people = _words()
    found: dict[str, Hint] = {}
    for sentence in _SENTENCE.findall(text):
        count = len(_WORD.findall(sentence))
        if count > WORDS_IN_A_SENTENCE:
            begins = " ".join(_WORD.findall(sentence)[:4]) + " …"
            found.setdefault(
                begins, Hint(begins, _("%(count)s ord på rad. Del setningen i to.") % {"count": count})
            )
        for match in words.finditer(sentence):
            word, low = match[0], match[0].lower()
            if low in people:
                found.setdefault(low, Hint(word, _("Skriv heller %(words)s.") % {"words": people[low]}))
            else:
                found.setdefault(low, Hint(word, _("Prøv «%(words)s».") % {"words": heavy[low]}))
    return [found[key] for key in sorted(found, key=lambda key: key not in people)][:AT_MOST]


@cache
def _words() -> tuple[re.Pattern[str], dict[str, str], dict[str, str]]:
    data = json.loads(_DATA.read_text())
    return _any_of((*data["heavy"], *data["people"])), data["heavy"], data["people"]


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """The longest first, so that «i henhold til» is not found as less than it is."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)
