"""A text somebody has used stays as it was; a change becomes the next version."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connections, transaction
from django.utils import timezone

from samskaping.core.markdown import to_html
from samskaping.core.models import ContentTemplate
from samskaping.core.models.content_template import ContentKind
from samskaping.core.selectors.content_template import content_template_current
from samskaping.core.services import reference as service
from tests.factories.core import ContentTemplateFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db
NEW = {"nb": {"title": "Nytt", "body": "Ny tekst"}}


def texts_are(monkeypatch: pytest.MonkeyPatch, texts: dict[str, Any]) -> list[str]:
    """Loads reference data as if our files held this one text; gives the keys that were written."""
    found = [{"key": "brev", "kind": ContentKind.LETTER, "texts": texts, "data": {}}]
    monkeypatch.setattr(service, "_read_texts", lambda: found)
    return service.reference_load().new_texts


def test_unused_text_is_replaced_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    texts_are(monkeypatch, {"nb": {"title": "Gammelt", "body": ""}})
    assert texts_are(monkeypatch, NEW) == ["brev"]
    assert [(t.version, t.texts) for t in ContentTemplate.objects.filter(key="brev")] == [(1, NEW)]


def test_used_text_gets_a_next_version(monkeypatch: pytest.MonkeyPatch) -> None:
    old = {"nb": {"title": "Gammelt", "body": ""}}
    texts_are(monkeypatch, old)
    ContentTemplate.objects.filter(key="brev").update(first_used_at=timezone.now())
    assert texts_are(monkeypatch, NEW) == ["brev"]
    assert texts_are(monkeypatch, NEW) == []
    newest, used = ContentTemplate.objects.filter(key="brev")
    assert (newest.version, newest.texts, newest.based_on) == (2, NEW, used)
    assert (used.version, used.texts) == (1, old)
    assert content_template_current("brev") == newest


@pytest.mark.parametrize("road", ["save", "bulk update", "delete", "SQL"])
def test_database_refuses_to_change_a_used_text(road: str) -> None:
    used = ContentTemplateFactory.create(first_used_at=timezone.now())
    rows = ContentTemplate.objects.filter(pk=used.pk)
    roads: dict[str, Callable[[], object]] = {
        "save": used.save,
        "bulk update": lambda: rows.update(texts=NEW),
        "delete": rows.delete,
        "SQL": lambda: connections["default"].cursor().execute("UPDATE core_contenttemplate SET version = 9"),
    }
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        roads[road]()
    assert rows.get().texts == used.texts


def test_one_row_per_version_also_for_our_own() -> None:
    first = ContentTemplateFactory.create()
    with pytest.raises(IntegrityError, match="content_template_one_row_per_version"), transaction.atomic():
        ContentTemplateFactory.create(key=first.key)


def test_text_must_exist_in_bokmal() -> None:
    with pytest.raises(IntegrityError, match="content_template_has_bokmal"), transaction.atomic():
        ContentTemplateFactory.create(texts={"en": {"title": "Only English", "body": ""}})


def test_municipalitys_own_text_goes_before_ours() -> None:
    ours = ContentTemplateFactory.create(key="brev")
    mine = MunicipalityFactory.create()
    own = ContentTemplateFactory.create(key="brev", municipality=mine, based_on=ours)
    assert content_template_current("brev", municipality=mine) == own
    assert content_template_current("brev", municipality=MunicipalityFactory.create()) == ours
    assert content_template_current("brev") == ours
    with pytest.raises(ContentTemplate.DoesNotExist, match=r"manage\.py reference"):
        content_template_current("finnes-ikke")


@pytest.mark.parametrize(("asked", "given"), [("nn", "nn"), ("en", "nb"), ("nb", "nb")])
def test_missing_language_falls_back_to_bokmal_and_says_so(asked: str, given: str) -> None:
    template = ContentTemplateFactory.create(
        texts={"nb": {"title": "Hei", "body": ""}, "nn": {"title": "Hei du", "body": ""}}
    )
    assert template.text(asked)["language"] == given


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[klikk](javascript:alert(1))",
        "[klikk](data:text/html,<script>)",
        "![](javascript:alert(1))",
        '<a href="https://x" onclick="x">',
        "{{ settings.SECRET_KEY }}{% load x %}",
    ],
)
def test_markdown_lets_no_markup_through(payload: str) -> None:
    html = to_html(payload)
    for mark in ("<script", "<img src=x", 'href="javascript', 'href="data', 'src="javascript', "<a href"):
        assert mark not in html
