"""Reading the portal's pages in tests."""

import re

_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value="|"X-CSRFToken": ")[A-Za-z0-9]+')


def without_tokens(page: str) -> str:
    """The page without what is new each time, so that two pages can be compared."""
    return _TOKEN.sub(r"\1", page)
