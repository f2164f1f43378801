"""What messages need: words that people typed, made unable to lead anybody astray."""

import re

from django import template

register = template.Library()

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_DOT = re.compile(r"(?<=\w)\.(?=\w*[^\W\d])")


@register.filter
def without_links(text: object) -> str:
    """«Kari evil.example» → «Kari evil. example»: mail programs make links of anything that looks like one.

    Also keeps to one line and loses what cannot be seen, so that a name cannot grow a paragraph of its own.
    """
    plain = _SCHEME.sub("", str(text)).replace("@", " ")
    one_line = " ".join("".join(c if c.isprintable() else " " for c in plain).split())
    return _DOT.sub(". ", one_line)
