"""Every component is documented, shown with examples, and takes what its documentation says."""

import re

import pytest
from django.test import Client

from samskaping.core import gallery

# Every request runs in a transaction, also those that ask the database nothing.
pytestmark = pytest.mark.django_db

NAMES = sorted(gallery.components())


@pytest.mark.parametrize("name", NAMES)
def test_component_is_documented_and_has_examples(name):
    component = gallery.components()[name]
    assert component.documentation, f"{component.template} does not start with a comment"
    assert component.variables, f"{component.template} names none of its variables"
    assert component.examples, f"{component.template} has no example in gallery_examples.py"


def test_every_example_belongs_to_a_component():
    from samskaping.core.gallery_examples import ALONE, EXAMPLES, FRAMED

    templates = {path.stem for path in gallery.folder().glob("*.html")} | {"skjema"}
    assert set(EXAMPLES) == templates
    assert templates >= ALONE | FRAMED


@pytest.mark.parametrize("name", NAMES)
def test_documentation_and_template_agree_on_the_variables(name):
    component = gallery.components()[name]
    if component.name == "skjema":
        return
    source = (gallery.folder() / f"{component.name.replace('-', '_')}.html").read_text()
    markup = source.split("{% endcomment %}", 1)[1]
    for variable in component.variables:
        assert re.search(rf"\b{variable}\b", markup), f"{variable} is documented, but nothing uses it"
    for example in component.examples:
        assert set(example.context) <= component.variables, f"«{example.title}» gives something undocumented"


def test_a_component_without_documentation_is_noticed():
    assert gallery.documentation_of("<p>{{ title }}</p>") == ""
    assert (
        gallery.documentation_of("{% load i18n %}{% comment %}\nTells.\n\na: b\n{% endcomment %}")
        == "Tells.\n\na: b"
    )


@pytest.mark.parametrize("name", NAMES)
def test_component_page_shows_every_example(client: Client, name):
    component = gallery.components()[name]
    pages = range(1, len(component.examples) + 1) if component.alone else [1]
    for number in pages:
        response = client.get(f"/komponenter/{name}/", {"eksempel": number})
        assert response.status_code == 200
        html = response.content.decode()
        titles = [component.examples[number - 1]] if component.alone else component.examples
        assert all(example.title in html for example in titles)
        assert " style=" not in html
        assert "<script>" not in html


def test_unknown_component_is_not_found(client: Client):
    assert client.get("/komponenter/finnes-ikke/").status_code == 404


def test_share_bar_says_the_numbers_and_draws_the_share(client: Client):
    html = client.get("/komponenter/share-bar/").content.decode()
    assert "38 av 41" in html
    assert 'width="93%"' in html
    assert "Ingen svar ennå" in html


def test_line_says_in_words_what_the_arrows_draw(client: Client):
    html = client.get("/komponenter/line/").content.decode()
    assert "Mellom dette og neste steg: </span>1 åpen" in html
    assert 'aria-label="ferdig"' in html


def test_pagination_keeps_the_filters(client: Client):
    html = client.get("/komponenter/pagination/?eksempel=1&omrade=eldre").content.decode()
    assert 'href="?eksempel=1&amp;omrade=eldre&amp;page=8"' in html


def test_table_cells_carry_their_column_once(client: Client):
    html = client.get("/komponenter/table/").content.decode()
    assert '<td data-label="Ansvarlig"><span>Biblioteksjef</span></td>' in html
    assert '<th scope="row"><span>Leder</span></th>' in html
