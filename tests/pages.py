"""Reading the portal's pages in tests."""

import re
from html import unescape
from typing import Any

_TAGS = re.compile(r"<[^>]*>")
_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value="|"X-CSRFToken": ")[A-Za-z0-9]+')


def without_tokens(page: str) -> str:
    """The page without what is new each time, so that two pages can be compared."""
    return _TOKEN.sub(r"\1", page)


def text_of(response: Any) -> str:
    """What a reader reads of an answer, with single spaces."""
    return " ".join(unescape(_TAGS.sub(" ", response.content.decode())).split())
