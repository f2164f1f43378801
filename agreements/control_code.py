"""The code on every page of a frozen document: a hundred random bits, in letters that are easy to tell apart.

It is no hash and no number, so it tells nothing and cannot be guessed. `/ekte/` is asked with it.
"""

import re
import secrets

LENGTH = 20
# Base32 without I, L, O and U, as Crockford writes it: what people read off paper and say on the telephone.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISTAKEN = str.maketrans({"I": "1", "L": "1", "O": "0"})
_BETWEEN = re.compile(r"[\s\-–—.]+")


def new_control_code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))


def shown(code: str) -> str:
    """In five groups of four, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read(typed: str) -> str:
    """The code somebody typed, however she divided it; empty for what is none."""
    code = _BETWEEN.sub("", typed[:60]).upper().translate(_MISTAKEN)
    return code if len(code) == LENGTH and set(code) <= set(_LETTERS) else ""
