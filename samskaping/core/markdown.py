"""Our texts are Markdown; this is the one way they become HTML."""

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# Raw HTML in a text stays text, and only addresses that can be followed become links.
_parser = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
_CLASSES = {
    "heading_open": "ds-heading",
    "paragraph_open": "ds-paragraph",
    "link_open": "ds-link",
    "bullet_list_open": "ds-list",
    "ordered_list_open": "ds-list",
    "table_open": "ds-table",
}
_SIZES = {"h2": "sm", "h3": "xs", "h4": "2xs"}


def to_html(text: str) -> SafeString:
    tokens = _parser.parse(text)
    for token in [t for outer in tokens for t in (outer, *(outer.children or ()))]:
        name = _CLASSES.get(token.type)
        if name:
            token.attrSet("class", name)
        if token.type == "heading_open":
            token.attrSet("data-size", _SIZES.get(token.tag, "2xs"))
    html: str = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(html)  # noqa: S308 - escaped by the parser
