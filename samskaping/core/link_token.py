"""The last part of a link in a message: which row it is about, and that we made it.

No row, log or staff page holds it; it is made when the message leaves, the same at every try (architecture
§ 3.10). A row has a `nonce`: a new one makes every link that was sent before stop working.
"""

import hmac
from typing import Any, TypeVar

from django.db import models
from django.utils.crypto import salted_hmac

Row = TypeVar("Row", bound=models.Model)


def link_token(salt: str, row: Any) -> str:
    """`salt` names what the link is for: one made for something else opens nothing here."""
    mark = salted_hmac(salt, f"{row.pk}:{row.nonce}", algorithm="sha256")
    return f"{row.pk}-{mark.hexdigest()[:40]}"


def row_of_token(token: str, salt: str, rows: "models.QuerySet[Row]") -> Row | None:
    """The row a link names, in whatever state; None for anything we did not make."""
    number, _dash, mark = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    found = rows.filter(pk=int(number)).first()
    if found is None or not hmac.compare_digest(
        link_token(salt, found).encode(), f"{number}-{mark}".encode()
    ):
        return None
    return found


def proof_of(salt: str, name: str, address: str) -> str:
    """What a code that was sent there proves: that somebody reads this address. It cannot be read back."""
    mark = salted_hmac(salt, address, algorithm="sha256").hexdigest()
    return f"{name}:{mark[:32]}"
