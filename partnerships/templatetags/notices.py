"""What a notice is called and how it went, in templates: {{ notice.kind|kind_label }}."""

from django import template

from partnerships.models import Notice
from partnerships.selectors.notice import COLOURS, kind_label, problem_words

register = template.Library()
register.filter("kind_label", kind_label)
register.filter("problem_words", problem_words)


@register.filter
def state_color(notice: Notice) -> str:
    return COLOURS[notice.state]  # type: ignore[index]
