"""Text helpers that every part of the portal shares."""

import unicodedata

# Norwegian order: æ, ø and å last, in that order; Danish-Norwegian «aa» is left alone, since in names it
# is as often two letters. Sámi letters sort beside the letter they are made from.
_LAST = {"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"}
_SAMI = {"đ": "d", "ŋ": "n", "ŧ": "t", "ǥ": "g", "ʒ": "z", "ß": "ss", "þ": "th", "ð": "d"}


def sort_key(text: str) -> str:
    """A key that sorts as Norwegians expect, in Python and, byte by byte, in PostgreSQL with collation C.

    The database has no ICU collations (docs/adr/0002), so tables keep this key beside the text.
    """
    letters: list[str] = []
    for char in unicodedata.normalize("NFC", text).casefold():
        if char in _LAST:
            letters.append(_LAST[char])
        elif char in _SAMI:
            letters.append(_SAMI[char])
        else:
            letters += [c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c)]
    return " ".join("".join(c if c.isalnum() or c in "{|}" else " " for c in letters).split())
