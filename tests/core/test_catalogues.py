"""Bokmål, nynorsk and English are complete, and the check notices when they are not."""

import polib
import pytest

from samskaping.core import catalogues
from samskaping.core.catalogues import Message


def test_catalogues_are_complete():
    assert catalogues.missing_translations() == []


@pytest.fixture
def small(tmp_path):
    """A project of one template and one Python file, with complete catalogues."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/a.html").write_text(
        '{% load i18n %}{% translate "Avbryt" %}'
        "{% blocktranslate count n=x %}{{ n }} sak{% plural %}{{ n }} saker{% endblocktranslate %}"
    )
    core = tmp_path / "samskaping/core"
    core.mkdir(parents=True)
    (core / "library_texts.py").write_text('_("Password")')
    words = {
        "Avbryt": {"nn": "Avbryt", "en": "Cancel"},
        "Password": {"nb": "Passord", "nn": "Passord", "en": "Password"},
    }
    for language in catalogues.LANGUAGES:
        po = polib.POFile()
        for message in catalogues.expected(language, tmp_path):
            entry = polib.POEntry(msgid=message.text, msgid_plural=message.plural)
            if message.plural:
                entry.msgstr_plural = {0: "%(n)s sak", 1: "%(n)s saker"}
            else:
                entry.msgstr = words[message.text][language]
            po.append(entry)
        path = catalogues.catalogue_path(language, tmp_path)
        path.parent.mkdir(parents=True)
        po.save(path)
    assert catalogues.missing_translations(tmp_path) == []
    return tmp_path


def test_source_is_read_in_templates_and_python(small):
    assert catalogues.messages_in_source(small) == {
        Message("Avbryt"),
        Message("%(n)s sak", plural="%(n)s saker"),
        Message("Password"),
    }


def change(root, language, text, **changes):
    path = catalogues.catalogue_path(language, root)
    po = polib.pofile(path)
    entry = po.find(text)
    for name, value in changes.items():
        setattr(entry, name, value)
    po.save(path)
    return catalogues.missing_translations(root)


@pytest.mark.parametrize(
    ("language", "text", "changes", "complaint"),
    [
        ("nn", "Avbryt", {"msgstr": ""}, "has no translation"),
        ("en", "Avbryt", {"flags": ["fuzzy"]}, "obsolete or fuzzy"),
        ("nn", "Avbryt", {"msgstr": "Ikke gjør det"}, "bokmål word «Ikke»"),
        ("en", "Avbryt", {"msgstr": "Gå tilbake"}, "still Norwegian"),
        ("nn", "%(n)s sak", {"msgstr_plural": {0: "éi sak", 1: "fleire"}}, "other placeholders"),
        ("nb", "Password", {"msgid": "Passwort"}, "is not in the catalogue"),
    ],
)
def test_what_is_wrong_is_said(small, language, text, changes, complaint):
    problems = change(small, language, text, **changes)
    assert any(problem.startswith(language) and complaint in problem for problem in problems), problems


def test_a_new_text_in_the_source_is_missing_in_both(small):
    (small / "templates/b.html").write_text('{% load i18n %}{% translate "Slett møtet" %}')
    problems = catalogues.missing_translations(small)
    assert problems == [
        "en: «Slett møtet» is not in the catalogue.",
        "nn: «Slett møtet» is not in the catalogue.",
    ]


def test_a_name_that_is_not_read_is_told(small):
    (small / "samskaping/a.py").write_text(
        "from django.utils.translation import gettext as say\nfrom django.utils.translation import ngettext\n"
    )
    assert catalogues.missing_translations(small) == [
        "samskaping/a.py: gettext is called say, so its texts are not found."
    ]


def test_bokmal_catalogue_keeps_to_the_libraries():
    po = polib.pofile(catalogues.catalogue_path("nb"))
    assert {catalogues.message_of(entry) for entry in po} == catalogues.library_messages()
