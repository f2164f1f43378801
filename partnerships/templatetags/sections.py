from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString

from partnerships.page import ShownSection

register = template.Library()


@register.simple_tag(takes_context=True)
def section(context: Any, shown: ShownSection) -> SafeString:
    """A section of a partnership's page, in the page's own context: one of its own for each would work out
    anew what the frame around the page needs."""
    found: Any = get_template(shown.template)
    with context.push(**shown.context):
        return found.template.render(context)  # type: ignore[no-any-return]
