"""Every component says what it takes, and shows what it looks like."""

import re

import pytest

from samskaping.core import gallery

COMPONENTS = gallery.components()


def test_every_component_file_is_in_the_gallery() -> None:
    files = {path.stem.replace("_", "-") for path in gallery.folder().glob("*.html")}
    assert files
    assert files <= set(COMPONENTS)


@pytest.mark.parametrize("name", COMPONENTS)
def test_component_is_documented_and_shown(name: str) -> None:
    component = COMPONENTS[name]
    assert component.documentation, "starts with a comment that says what it is for"
    assert component.examples, "has at least one example in gallery_examples.py"


@pytest.mark.parametrize("name", [n for n, c in COMPONENTS.items() if c.template.startswith("components/")])
def test_component_documents_what_it_takes(name: str) -> None:
    """Names the template reads from its context, found in {{ … }} and in if/for, are in the documentation."""
    component = COMPONENTS[name]
    source = (gallery.folder() / component.template.removeprefix("components/")).read_text()
    source = re.sub(r"{%\s*comment.*?endcomment\s*%}", "", source, flags=re.DOTALL)
    read = set(re.findall(r"{{\s*([a-z_]+)", source)) | set(
        re.findall(r"{%\s*(?:el)?if (?:not )?([a-z_]+)", source)
    )
    read |= set(re.findall(r"{%\s*for [a-z_, ]+ in ([a-z_]+)", source))
    made = {n for names in re.findall(r"{%\s*for ([a-z_, ]+) in", source) for n in re.split(r", ?", names)}
    made |= set(re.findall(r"\b([a-z_]+)=", source)) | {"forloop", "request", "shell", "csrf_token"}
    assert read - made - component.variables == set()
