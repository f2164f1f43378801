"""The country as it is (../shared/reference.md § 4), loaded as often as one likes."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Sum

from samskaping.core.models import ContentTemplate, County, Municipality
from samskaping.core.models.content_template import ContentKind
from samskaping.core.services import reference as service

pytestmark = pytest.mark.django_db

IN_EACH_COUNTY = {
    "03": 1, "11": 23, "15": 27, "18": 41, "31": 12, "32": 21, "33": 18, "34": 46,
    "39": 6, "40": 17, "42": 25, "46": 43, "50": 38, "55": 21, "56": 18,
}  # fmt: skip


def test_every_municipality_and_county(reference: None) -> None:
    assert Municipality.objects.count() == 357
    counted = Counter(Municipality.objects.order_by().values_list("county__number", flat=True))
    assert counted == IN_EACH_COUNTY
    assert County.objects.count() == 15


def test_language_forms_population_and_centrality(reference: None) -> None:
    rows = Municipality.objects.order_by()
    assert Counter(rows.values_list("language_form", flat=True)) == {"nb": 119, "nn": 88, "neutral": 150}
    assert Counter(rows.values_list("centrality", flat=True)) == {1: 5, 2: 21, 3: 54, 4: 65, 5: 104, 6: 108}
    assert rows.aggregate(people=Sum("population")) == {"people": 5_627_400}
    assert not rows.filter(is_demo=True).exists()


def test_language_of_letters(reference: None) -> None:
    assert Municipality.objects.get(number="4640").language == "nn"  # Sogndal
    assert Municipality.objects.get(number="0301").language == "nb"  # Oslo is neutral
    assert Municipality.objects.get(number="0301").language_form == "neutral"


def test_parallel_names_are_names_too(reference: None) -> None:
    assert Municipality.objects.get(number="5540").names == ["Gáivuotna", "Kåfjord", "Kaivuono"]
    assert sum(len(m.names) > 1 for m in Municipality.objects.all()) == 29


def test_order_is_norwegian(reference: None) -> None:
    names = [m.name for m in Municipality.objects.all()]
    assert names[0] == "Aarborte - Hattfjelldal"
    assert names[-1] == "Åsnes"


def test_loading_again_changes_nothing(reference: None) -> None:
    def rows() -> list[object]:
        return [
            list(model.objects.order_by("pk").values()) for model in (County, Municipality, ContentTemplate)
        ]

    before = rows()
    report = service.reference_load()
    assert report.new_texts == []
    assert rows() == before


def test_loading_again_repairs_a_municipality(reference: None) -> None:
    Municipality.objects.filter(number="0301").update(name="Kristiania")
    service.reference_load()
    assert Municipality.objects.get(number="0301").name == "Oslo - Oslove"


def test_command_says_what_it_did() -> None:
    said = StringIO()
    call_command("reference", stdout=said)
    assert said.getvalue().startswith("357 municipalities, ")


def test_our_texts_are_in_all_three_languages(reference: None) -> None:
    for template in ContentTemplate.objects.all():
        assert set(template.texts) - {"en"} == {"nb", "nn"}, template.key
        # What only organisations and municipalities sign (tests/agreements/test_agreement_texts.py).
        assert "en" in template.texts or template.kind == ContentKind.AGREEMENT, template.key
        for text in template.texts.values():
            assert text["title"]
            assert text["body"] or template.key == "samarbeid-tomt"  # which suggests nothing
