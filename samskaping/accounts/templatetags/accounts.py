"""Showing codes so that they can be read aloud and copied by hand."""

from django import template

register = template.Library()


@register.filter
def grouped(code: str) -> str:
    """«ABCDEFGH» → «ABCD EFGH»."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
