"""A whole number as a program reads it: «12345», without the space people see. For every template of ours, by
core/template_loader.py.
"""

from typing import Any

from django import template

register = template.Library()


@register.filter
def plain(value: Any) -> Any:
    """Anything else, half hours with their comma too, as it would have been."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
