"""Tags of the crispy pack: the control, its choices, and which of the pack's shapes a field takes."""

from __future__ import annotations

from django import forms, template
from django.forms.boundfield import BoundField

from samskaping.core.forms import control, options

register = template.Library()
register.filter(control)
register.filter(options)


@register.filter
def shape(field: BoundField) -> str:
    """hidden, group (a fieldset), choices (a group of radios or checkboxes), tick (one checkbox) or plain."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect):  # Django's CheckboxSelectMultiple is one too
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "group" if field.use_fieldset else "plain"
