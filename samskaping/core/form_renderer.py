"""Controls of forms, written without templates.

Django's templates include one for each option of a select and one for its attributes: a filter with a few
selects was a quarter of what a list of partnerships cost. The same elements are written here, of the controls
that are one element. What is made of several is Django's, and groups of radios are the crispy pack's.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]
_FOLDER = "django/forms/widgets/"


class FormRenderer(TemplatesSetting):
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        write = _WRITTEN.get(template_name)
        return write(context["widget"]) if write else super().render(template_name, context, request)


def _input(widget: Widget) -> SafeString:
    own = {"type": widget["type"], "name": widget["name"]}
    value = {} if widget["value"] is None else {"value": widget["value"]}
    return mark_safe(f"<input{_attributes({**own, **value, **widget['attrs']})}>")  # noqa: S308 - escaped


def _textarea(widget: Widget) -> SafeString:
    attributes = _attributes({"name": widget["name"], **widget["attrs"]})
    # The line break is not part of the text: without it, browsers would swallow one that is.
    return mark_safe(f"<textarea{attributes}>\n{_shown(widget['value'] or '')}</textarea>")  # noqa: S308 - escaped


def _select(widget: Widget) -> SafeString:
    attributes = _attributes({"name": widget["name"], **widget["attrs"]})
    return mark_safe(f"<select{attributes}>{''.join(_options(widget))}</select>")  # noqa: S308 - escaped


def _options(widget: Widget) -> Iterator[str]:
    for group, options, _nth in widget["optgroups"]:
        if group:
            yield f'<optgroup label="{_shown(group)}">'
        for option in options:
            attributes = _attributes({"value": str(option["value"]), **option["attrs"]})
            yield f"<option{attributes}>{_shown(option['label'])}</option>"
        if group:
            yield "</optgroup>"


def _attributes(attributes: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}"
        if value is True
        else f' {conditional_escape(name)}="{conditional_escape(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _shown(label: Any) -> str:
    """As a template shows it: numbers the way the language writes them."""
    text: Any = label if isinstance(label, str | Promise) else localize(label)
    return conditional_escape(text)


_INPUTS = (
    "checkbox", "color", "date", "datetime", "email", "file", "hidden", "input", "number", "password",
    "search", "tel", "text", "time", "url",
)  # fmt: skip
_WRITTEN: Mapping[str, Callable[[Widget], SafeString]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _INPUTS},
    f"{_FOLDER}select.html": _select,
    f"{_FOLDER}textarea.html": _textarea,
}
