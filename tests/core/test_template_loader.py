"""Numbers people read have a space for thousands; keys and the values of fields do not."""

from types import SimpleNamespace

import pytest
from django.template import engines
from django.template.loader import get_template

from samskaping.core.template_loader import plainly


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{{ one.pk }}", "12345"),
        ("{{ one.person_id }}", "12345"),
        ('<input value="{{ one.count }}">', '<input value="12345">'),
        ('<p id="row-{{ one.count }}">{{ one.count }}</p>', '<p id="row-12345">12\xa0345</p>'),
        ('<progress max="{{ one.count }}" value="{{one.count}}">', '<progress max="12345" value="12345">'),
        ('<a href="?som={{ one.pk }}">', '<a href="?som=12345">'),
        # What a person reads keeps its space, half an hour its comma, and a text stays a text.
        ('<input value="{{ one.half }}">', '<input value="1,5">'),
        ("{{ one.count }}", "12\xa0345"),
        ('<input value="{{ one.words }}">', '<input value="&lt;b&gt;">'),
        ('<input value="{{ one.words|upper }}">', '<input value="&lt;B&gt;">'),
        ('<input value="{{ one.nothing }}">', '<input value="">'),
    ],
)
def test_keys_are_written_plainly(written: str, shown: str) -> None:
    one = SimpleNamespace(pk=12345, person_id=12345, count=12345, half=1.5, words="<b>")
    template = engines["django"].from_string(plainly(written))
    assert template.render({"one": one}) == shown


def test_our_templates_are_read_so() -> None:
    source = get_template("partnerships/signal/raise.html").template.source  # type: ignore[attr-defined]
    assert 'value="{{ one.pk|plain }}"' in source
