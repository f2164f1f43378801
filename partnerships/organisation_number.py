"""The nine digits of an organisation: what can exist, and how they are written."""

import re

_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
# No number begins with nought, or nine noughts would pass the sum below.
_WRITTEN = re.compile(r"(?:NO)?([1-9][0-9]{8})(?:MVA)?")


def normal_organisation_number(typed: str) -> str:
    """«NO 974 760 673 MVA» → «974760673». Empty for what can never have been issued."""
    # The no-break space is what our own display uses.
    found = _WRITTEN.fullmatch(re.sub(r"[\s.\-]", "", typed).upper())
    if found is None:
        return ""
    digits = found[1]
    rest = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11
    check = 0 if rest == 0 else 11 - rest
    # A rest of 1 would need the digit ten: such a number is never issued.
    return digits if check == int(digits[8]) else ""


def shown_organisation_number(number: str | None) -> str:
    """«974 760 673», with spaces that do not break."""
    return f"{number[:3]}\u00a0{number[3:6]}\u00a0{number[6:]}" if number else ""
