"""A telephone number as people read it."""

from django import template

from samskaping.core.sms import shown_number

register = template.Library()


@register.filter
def phone(number: str) -> str:
    return shown_number(number) if number else ""
