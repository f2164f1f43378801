"""Our texts are Markdown; this is the one way they become HTML."""

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# Raw HTML in a text stays text, and only addresses that can be followed become links.
_parser = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
# What people write in an agreement: paragraphs, lists, tables, stress and links. Its headings are the
# sections', and a picture would have to be fetched from somewhere.
_plain = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
_plain.disable(["heading", "lheading", "image", "code", "fence", "backticks", "hr", "reference"])
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
    return _html(text, _parser)


def clause_to_html(text: str) -> SafeString:
    """The little that is safe and of use in a section of somebody's own agreement."""
    return _html(text, _plain)


def _html(text: str, parser: MarkdownIt) -> SafeString:
    tokens = parser.parse(text)
    for token in [t for outer in tokens for t in (outer, *(outer.children or ()))]:
        name = _CLASSES.get(token.type)
        if name:
            token.attrSet("class", name)
        if token.type == "heading_open":
            token.attrSet("data-size", _SIZES.get(token.tag, "2xs"))
        if token.type == "th_open":
            token.attrSet("scope", "col")
    html: str = parser.renderer.render(tokens, parser.options, {})
    return mark_safe(html)  # noqa: S308 - escaped by the parser
