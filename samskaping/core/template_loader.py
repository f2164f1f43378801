"""Our templates, with keys and the values of fields written plainly: «12345», never «12 345».

Numbers people read have a space for thousands (USE_THOUSAND_SEPARATOR). A primary key or the number in an
attribute is read by a program, and with a space in it a form sends nothing that can be found. Nobody has to
remember it: `{{ one.pk }}`, `{{ one.person_id }}` and `value="{{ number }}"` are read as `|plain`.
"""

import re
from typing import Any

from django.template.loaders.filesystem import Loader as FilesystemLoader

# What stands alone between the braces; with a filter somebody has said how it is written.
_ANY = re.compile(r"\{\{ *([\w.]+) *\}\}")
_KEY = re.compile(r"\{\{ *((?:\w+\.)*(?:pk|\w+_id)) *\}\}")
_ATTRIBUTE = re.compile(r'\b(?:value|min|max|id|for|name|aria-labelledby|aria-describedby)="[^"]*"')


class Loader(FilesystemLoader):
    def get_contents(self, origin: Any) -> str:
        return plainly(super().get_contents(origin))


def plainly(template: str) -> str:
    """The template with `|plain` where a program reads what it writes."""
    keys = _KEY.sub(r"{{ \1|plain }}", template)
    return _ATTRIBUTE.sub(lambda found: _ANY.sub(r"{{ \1|plain }}", found[0]), keys)
